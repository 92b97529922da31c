// The library in a process of its own: answers the questions that the scripts of the peers answer, see child.js.
import {createInterface} from "node:readline";
import {choices, evaluator, fitted, load, solved, version} from "./ours.js";
import {peak} from "./peak.js";
import {programme} from "./programmes.js";

let problem;
let laid;
let asked;

const answers = {
  /** Reads a problem into memory; not part of any time. */
  load({path}) {
    problem = load(path);
    return {rows: problem.columns.chosen.length};
  },

  /** From columns in memory to the final table. */
  async fit({options}) {
    const stop = clock();
    const data = choices(problem);
    const prepare = stop().seconds;
    const model = await fitted(data, problem.meta, options);
    const {seconds, cpu} = stop();
    const {estimates: {rows}, ending, integration, notes} = model;
    return {
      prepare, fit: seconds - prepare, cpu, logLikelihood: model.logLikelihood, converged: ending.converged, steps: model.path.length,
      estimates: Object.fromEntries(rows.map(({name, estimate}) => [name, estimate])), errors: Object.fromEntries(rows.map(({name, error}) => [name, error])),
      integration: {method: integration.method, rule: integration.rule, draws: integration.draws, effective: integration.effective, simulation: integration.simulation?.rms}, notes: notes.map(({code}) => code)
    };
  },

  async place({draws, rule, shared, threads}) {
    laid = await evaluator(problem, {draws, rule, shared, threads});
    return {names: laid.names};
  },

  /** Evaluates a few times over: mean seconds of one. theta by name. */
  async evaluate({theta, order, times = 1}) {
    const at = Float64Array.from(laid.names, (name) => theta[name]);
    const stop = clock();
    let last;
    for (let k = 0; k < times; ++k) last = await laid.evaluate(at, order);
    const {seconds, cpu} = stop();
    return {seconds: seconds / times, cpu: cpu / times, threads: laid.threads(), value: last.value, ...(order > 0 && {gradient: Object.fromEntries(laid.names.map((name, p) => [name, last.gradient[p]]))})};
  },

  /** Makes a programme in memory; not part of any time. */
  programme({recipe}) {
    asked = programme(recipe);
    return {bytes: asked.z.byteLength};
  },

  async solve({options}) {
    const stop = clock();
    const {ending, iterations, lambda, value, certificate, threads, engine} = await solved(asked, options);
    return {...stop(), ending, iterations, lambda: [...lambda], value, gap: certificate.gap, moments: certificate.moments, threads, engine};
  },

  /** Nanoseconds of one Math.exp, in a loop over 4,096 doubles: the best of thirty. */
  exp() {
    const x = Float64Array.from({length: 4096}, (_, i) => -3 + (6 * i) / 4095);
    const y = new Float64Array(x.length);
    const loop = (times) => { for (let k = 0; k < times; ++k) for (let i = 0; i < x.length; ++i) y[i] = Math.exp(x[i]); };
    loop(100);
    let best = Infinity;
    for (let round = 0; round < 30; ++round) {
      const began = performance.now();
      loop(20);
      best = Math.min(best, ((performance.now() - began) * 1e6) / (20 * x.length));
    }
    return {nanoseconds: best};
  }
};

/** Wall and CPU seconds since it was made; CPU counts every thread of the process. */
function clock() {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const {user, system} = process.cpuUsage(cpu);
    return {seconds: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6};
  };
}

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
say({ok: true, versions: {"maxent-logit": version, node: process.versions.node}});
for await (const line of createInterface({input: process.stdin})) {
  const question = JSON.parse(line);
  try {
    const before = peak();
    const answer = await answers[question.do](question);
    say({ok: true, ...answer, before, peak: peak()});
  } catch (error) {
    say({ok: false, error: error instanceof Error ? error.message : String(error)});
  }
}
process.exit(0);
