import {megabytes, seconds} from "../race.js";
import {least, median} from "../rounds.js";

export const title = "Maximum entropy";

const limit = 300;
/** The case that the target is about. */
const whole = {alternatives: 10, moments: 3, points: 5, errors: 3};
const counted = (N) => N.toLocaleString("en");

export async function run(shop) {
  const N = shop.size(10_000, 1_000_000);
  const rounds = shop.size(1, 3);
  const cases = [
    {name: "supports of 5 points, errors of 3", recipe: {...whole, situations: N}},
    {name: "shannon, errors of 3", recipe: {...whole, situations: N, points: 0}},
    {name: "supports of 2 points, no errors", recipe: {...whole, situations: N, points: 2, errors: 0}}
  ];
  const records = cases.flatMap((one) => [1, 2].map((threads) => ({...one, threads, answers: []})));
  // As programmes come otherwise: threads then have copies of what they sum.
  records.push({name: `${cases[0].name}; z in memory of this thread alone`, recipe: {...cases[0].recipe, shared: false}, threads: 2, answers: []});
  for (let round = 0; round < rounds; ++round) for (const record of records) {
    record.answers.push(await fresh(shop, record.recipe, {threads: record.threads}));
    shop.note(`  ${record.name}, ${record.threads} threads, round ${round + 1}: ${record.answers.at(-1).seconds.toFixed(3)} s`);
  }
  const [, target] = records;
  const time = median(target.answers.map((answer) => answer.seconds));
  const memory = Math.max(...target.answers.map(({peak}) => peak));

  const base = {...whole, situations: shop.size(2000, 100_000)};
  const steps = {
    situations: shop.size([1000, 2000, 4000], [10_000, 100_000, 1_000_000]),
    alternatives: [2, 5, 10, 20],
    moments: [1, 3, 10, 30],
    points: [2, 3, 5, 11],
    errors: [0, 2, 3, 5]
  };
  const curves = {};
  for (const [what, sizes] of Object.entries(steps)) {
    curves[what] = [];
    for (const size of sizes) curves[what].push({size, ...await settled(shop, {...base, [what]: size}, {threads: 1})});
    shop.note(`  ${what}`);
  }

  const written = [];
  for (const situations of shop.size([4, 16], [4, 16, 64, 250])) {
    const recipe = {...whole, situations};
    const [dual, nested, primal] = [await settled(shop, recipe, {threads: 1}), await settled(shop, recipe, {solver: "nested"}), await settled(shop, recipe, {solver: "primal"})];
    written.push({situations, unknowns: situations * whole.alternatives * (whole.points + whole.errors), dual, nested, primal, apart: Math.max(...dual.lambda.map((l, k) => Math.abs(l - primal.lambda[k])))});
    shop.note(`  as written, ${situations} situations: ${primal.seconds.toFixed(3)} s`);
  }
  const definition = await settled(shop, {...base, situations: shop.size(1000, 10_000)}, {threads: 1, kernel: "typescript"});
  const compiled = await settled(shop, {...base, situations: shop.size(1000, 10_000)}, {threads: 1});

  return {
    words: [
      `Programmes of ${counted(N)} situations of ten alternatives and three moments, from z in memory to multipliers with their certificate, in a fresh process each; ${rounds} interleaved rounds, medians and leasts. Totals are those of choices that follow a logit; errors reach 1/√N and sum to zero. A programme of supports of 5 points and errors of 3 has ${counted(N * 80)} unknowns as it is written.`,
      "**Memory** before is with the programme made, z itself being most of it; **peak** is after, interpreter included.",
      `Where there are ${counted(shop.size(1000, 10_000))} situations the readable definition takes ${(definition.seconds / compiled.seconds).toFixed(1)} times as long as the compiled kernel.`
    ],
    tables: [
      {
        head: ["", "threads", "s (least)", "CPU, s", "passes", "ending", "gap", "moments off", "dual", "MB before", "peak MB"],
        rows: records.map(({name, threads, answers}) => {
          const [last] = answers.slice(-1);
          const times = answers.map((answer) => answer.seconds);
          return [name, last.threads === threads ? threads : `${last.threads} (of ${threads})`, `${seconds(median(times))} (${seconds(least(times))})`, seconds(median(answers.map(({cpu}) => cpu))), last.iterations + 1, last.ending,
            last.gap.toExponential(0), last.moments.toExponential(0), last.value.toFixed(3), megabytes(Math.max(...answers.map(({before}) => before))), megabytes(Math.max(...answers.map(({peak}) => peak)))];
        })
      },
      ...Object.entries(curves).map(([what, points]) => ({
        head: [what, ...points.map(({size}) => counted(size)), "exponent"],
        rows: [["whole solution, one thread, s", ...points.map((point) => seconds(point.seconds)), ["points", "errors"].includes(what) ? "" : slope(points, (point) => point.seconds)], ["ns for a cell and a pass", ...points.map((point) => ((point.seconds * 1e9) / (point.cells * (point.iterations + 1))).toFixed(0)), ""]]
      })),
      {
        head: ["situations", "unknowns as written", "as written, s", "dual, multipliers nested, s", "dual, joint, s", "as written / joint", "lambda apart"],
        rows: [...written.map(({situations, unknowns, dual, nested, primal, apart}) => [counted(situations), counted(unknowns), seconds(primal.seconds), seconds(nested.seconds), seconds(dual.seconds), (primal.seconds / dual.seconds).toFixed(0), apart.toExponential(0)]), ["exponent", "", slope(written, ({primal}) => primal.seconds, ({situations}) => situations), "", "", "", ""]]
      }
    ],
    targets: [
      {what: `maximum entropy, ${counted(N)} × 10, K = 3, M = 5, H = 3, two threads`, want: "at most 4 s", got: `${seconds(time)} s, ${target.answers[0].ending}`, met: N === 1_000_000 ? time <= 4 && target.answers.every(({ending, threads}) => ending === "converged" && threads === 2) : undefined},
      {what: "its memory", want: "under 0.5 GB", got: `${megabytes(memory)} MB`, met: N === 1_000_000 ? memory < 0.5e9 : undefined}
    ],
    data: {records, curves, written, definition, compiled}
  };
}

/** A solution in a process of its own. */
async function fresh(shop, recipe, options) {
  const child = await shop.ours();
  try {
    await child.ask({do: "programme", recipe}, limit);
    return await child.ask({do: "solve", options}, limit);
  } finally {
    await child.close();
  }
}

/** The fastest of a few in one process, compilers having settled. */
async function settled(shop, recipe, options) {
  const child = await shop.ours();
  try {
    await child.ask({do: "programme", recipe}, limit);
    const answers = [];
    for (let spent = 0; answers.length < 2 || (spent < 3 && answers.length < 8);) {
      answers.push(await child.ask({do: "solve", options}, limit));
      spent += answers.at(-1).seconds;
    }
    return {...answers.reduce((best, answer) => (answer.seconds < best.seconds ? answer : best)), cells: recipe.situations * recipe.alternatives};
  } finally {
    await child.close();
  }
}

/** Least squares of log time on log size. */
function slope(points, time, size = (point) => point.size) {
  const [x, y] = [points.map((point) => Math.log(size(point))), points.map((point) => Math.log(time(point)))];
  const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  return (x.reduce((sum, each, k) => sum + (each - mx) * (y[k] - my), 0) / x.reduce((sum, each) => sum + (each - mx) ** 2, 0)).toFixed(2);
}
