import {least, median, ratio, rounds} from "../rounds.js";
import {megabytes} from "../race.js";

export const title = "Log-likelihood and gradient";

/** Near the estimates of xlogit with 500 draws. */
const theta = {
  pf: -0.99, cl: -0.23, loc: 2.29, wk: 1.62, tod: -9.57, seas: -9.59,
  "sd[pf]": 0.22, "sd[cl]": 0.39, "sd[loc]": 1.82, "sd[wk]": 1.23, "sd[tod]": 2.41, "sd[seas]": 1.4
};

export async function run(shop) {
  const R = shop.size(50, 500);
  const count = shop.size(5, 21);
  const path = await shop.problem({maker: "electricity", draws: R});
  const opened = {ours: await shop.ours()};
  const lacking = [];
  const add = async (name, make) => {
    try { opened[name] = await make(); } catch (error) { lacking.push(`${name}: ${error.message}`); }
  };
  const place = async (child, {threads} = {}) => {
    await child.ask({do: "load", path});
    await child.ask({do: "place", draws: R, rule: "halton", threads});
    if (threads && (await evaluate(child)).threads !== threads) throw new Error("other threads did not start");
    return child;
  };
  const evaluate = (child, order = 1) => child.ask({do: "evaluate", theta, order});
  await place(opened.ours);
  await add("ours on two threads", async () => place(await shop.ours(), {threads: 2}));
  const why = shop.absent("xlogit");
  if (why) lacking.push(`xlogit: ${why}`);
  else {
    await add("xlogit", async () => place(await shop.peer("xlogit", {threads: 1})));
    await add("libm", () => shop.libm());
  }

  const sides = {
    "ours": () => evaluate(opened.ours),
    "ours, value alone": () => evaluate(opened.ours, 0),
    "ours, with the Hessian": () => evaluate(opened.ours, 2),
    ...(opened["ours on two threads"] && {"ours on two threads": () => evaluate(opened["ours on two threads"])}),
    ...(opened.xlogit && {"xlogit": () => evaluate(opened.xlogit), "xlogit, value alone": () => evaluate(opened.xlogit, 0)}),
    "Math.exp": () => opened.ours.ask({do: "exp"}),
    ...(opened.libm && {"exp of the C library": () => opened.libm.ask({do: "exp"})})
  };
  await rounds(2, sides); // warm up
  const answers = await rounds(count, sides);
  await Promise.all(Object.values(opened).map((child) => child.close()));

  const cells = 4308 * 3 * R;
  const timed = Object.keys(answers).filter((name) => answers[name][0].seconds !== undefined);
  const wall = ({seconds}) => seconds;
  const cpu = (answer) => answer.cpu;
  const rows = timed.map((name) => {
    const all = answers[name];
    return [name, ms(median(all.map(wall))), ms(least(all.map(wall))), ms(median(all.map(cpu))), ((least(all.map(wall)) * 1e9) / cells).toFixed(2),
      name === "ours" ? "1" : ratio(all, answers.ours, wall).toFixed(2), name === "ours" ? "1" : ratio(all, answers.ours, cpu).toFixed(2), megabytes(Math.max(...all.map(({peak}) => peak)))];
  });
  const exps = ["Math.exp", "exp of the C library"].filter((name) => answers[name]).map((name) => [name, median(answers[name].map(({nanoseconds}) => nanoseconds)).toFixed(1), least(answers[name].map(({nanoseconds}) => nanoseconds)).toFixed(1)]);
  const gap = answers.xlogit && difference(answers.ours[0], answers.xlogit[0]);
  const nanoseconds = (least(answers.ours.map(wall)) * 1e9) / cells;
  const libm = answers["exp of the C library"] && least(answers["exp of the C library"].map((answer) => answer.nanoseconds));
  const faster = answers.xlogit && ratio(answers.xlogit, answers.ours, wall);
  const threads = answers["ours on two threads"] && ratio(answers.ours, answers["ours on two threads"], wall);
  return {
    words: [
      `Electricity, six independent normals, R = ${R}, the same Halton draws bit for bit and the same theta on every side; one thread unless said; ${count} interleaved rounds, medians and leasts over them, ratios of times in the same round.`,
      ...(gap ? [`Ours against xlogit's \`_loglik_gradient\`: relative difference of the value ${gap.value.toExponential(1)}, of the gradient ${gap.gradient.toExponential(1)} of its largest element.`] : []),
      "One exp, on its own: in a loop of JavaScript, and in the C library, called for each of 4,096 numbers by numpy with its AVX-512 loops off.",
      ...lacking.map((each) => `Left out: ${each}.`)
    ],
    tables: [
      {head: ["", "ms (median)", "ms (least)", "CPU ms", "ns per situation, non-chosen alternative and draw", "times ours", "times ours, CPU", "peak MB"], rows},
      {head: ["ns", "median", "least"], rows: exps}
    ],
    targets: [
      {what: `log-likelihood and gradient, R = ${R}, one thread, against xlogit`, want: "at least 8 times faster", got: faster && `${faster.toFixed(1)} times`, met: faster && faster >= 8},
      {what: "the same value", want: "to 1e-12, relative", got: gap?.value.toExponential(1), met: gap && gap.value <= 1e-12},
      {what: "per situation, non-chosen alternative and draw", want: "at most 5.5 ns where a scalar libm exp takes 8 ns", got: `${nanoseconds.toFixed(2)} ns${libm ? `, exp ${libm.toFixed(1)} ns: ${((nanoseconds * 8) / libm).toFixed(2)} ns where it takes 8` : ""}`, met: libm && (nanoseconds * 8) / libm <= 5.5},
      {what: "two threads against one", want: "at least 1.6 times", got: threads && `${threads.toFixed(2)} times`, met: threads && threads >= 1.6}
    ],
    data: {theta, R, answers, gap}
  };
}

const ms = (seconds) => (seconds * 1000).toPrecision(3);

function difference(a, b) {
  const largest = Math.max(...Object.values(b.gradient).map(Math.abs));
  return {value: Math.abs(a.value / b.value - 1), gradient: Math.max(...Object.keys(b.gradient).map((name) => Math.abs(a.gradient[name] - b.gradient[name]))) / largest};
}
