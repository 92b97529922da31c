import test from "node:test";
import assert from "node:assert/strict";
import {Matrix} from "ml-matrix";
import {fit} from "../../src/estimate/fit.js";
import {fitMixed, fitMnlIntercepts} from "../../src/estimate/tiers.js";
import type {FitOptions} from "../../src/estimate/options.js";
import {bfgs} from "../../src/optimize/bfgs.js";
import {climb, Stopped} from "../../src/optimize/climb.js";
import type {Step} from "../../src/optimize/ending.js";
import type {Objective} from "../../src/optimize/objective.js";
import {bhhh, bhhhNewton, newton} from "../../src/optimize/trustRegion.js";
import {regionStep} from "../../src/optimize/region.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, read, rowsOf} from "../support/world.js";

const {data} = simulate({tier: "mixed"}, {people: 100, situations: 5, seed: 41});
const quadrature = {rule: "gaussHermite", draws: 7} as const;
const optimizers = ["bhhh, then newton", "newton", "bhhh", "bfgs"] as const;

/** -(x - c)'A(x - c)/2 with scores that are taken to have the outer product A. */
function bowl(A: number[][], c: number[]): Objective & {calls: number} {
  const M = new Matrix(A);
  return {
    calls: 0,
    size: c.length,
    async evaluate(x) {
      ++this.calls;
      const off = Matrix.columnVector(Array.from(x, (v, p) => v - c[p]));
      const pull = M.mmul(off);
      return {value: -0.5 * off.dot(pull), gradient: Float64Array.from(pull.to1DArray(), (v) => -v), opg: M, hessian: Matrix.mul(M, -1)};
    }
  };
}

const fall = (steps: readonly Step[]) => steps.map(({decrement}) => decrement).filter((d) => Number.isFinite(d));

function monotone(path: readonly Step[], what: string): void {
  for (let k = 1; k < path.length; ++k) {
    const slack = 1e-12 * Math.abs(path[k].logLikelihood);
    assert.ok(path[k].logLikelihood >= path[k - 1].logLikelihood - slack, `${what}: step ${k} goes down, from ${path[k - 1].logLikelihood} to ${path[k].logLikelihood}`);
  }
}

for (const [what, options] of [["multinomial logit", {tier: "mnlSlopes"}], ["mixed logit", {tier: "mixed", ...quadrature}], ["mixed logit with full covariance and draws", {tier: "mixed", covariance: "full", rule: "sobol", draws: 32}]] as [string, FitOptions][]) {
  test(`all optimizers reach the same summit of ${what}, and never step down`, async () => {
    const all = [];
    for (const optimizer of optimizers) {
      const done = await fit(data, {...options, optimizer});
      assert.ok(done.ending.converged, `${optimizer}: ${done.ending.words}`);
      monotone(done.path, optimizer);
      all.push(done);
    }
    const first = all[0];
    all.forEach((other, k) => {
      close(other.logLikelihood, first.logLikelihood, 1e-10, optimizers[k]);
      // Within a thousandth of a standard error; spreads are compared as reported, whatever sign they ended with.
      other.estimates.rows.forEach(({name, estimate}, r) => {
        const {estimate: wanted, error} = first.estimates.rows[r];
        assert.ok(Math.abs(estimate - wanted) < 1e-3 * error!, `${optimizers[k]}, ${name}: ${estimate} and ${wanted} (${error})`);
      });
    });
  });
}

test("the method of each step is on the path: bhhh first, newton last", async () => {
  const {path} = await fitMixed(data, {...quadrature, start: {price: 3, quality: -3}});
  assert.equal(path[0].method, "start");
  assert.equal(path[path.length - 1].method, "newton");
  assert.ok(path.every(({iteration}, k) => iteration === k));
  assert.ok(path.every(({seconds}, k) => k === 0 || seconds >= path[k - 1].seconds));
});

test("under Newton the decrement falls quadratically", async () => {
  const {path} = await fitMnlIntercepts(data);
  const decrements = fall(path);
  assert.ok(decrements.length >= 4, `${decrements.length} steps`);
  // The decrement is a squared distance: it squares, up to a constant, once it is below a tenth of a person's worth.
  for (let k = 1; k < decrements.length; ++k) if (decrements[k - 1] < 0.1 && decrements[k] > 1e-13) assert.ok(decrements[k] < 10 * decrements[k - 1] ** 2, `${decrements[k - 1]} then ${decrements[k]}`);
  assert.ok(decrements[decrements.length - 1] < 1e-10, `${decrements[decrements.length - 1]}`);
});

test("a fit that converged stands at the summit: the last gradient is nothing in units of its scores", async () => {
  for (const optimizer of optimizers) {
    const {path} = await fitMixed(data, {...quadrature, optimizer});
    assert.ok(path[path.length - 1].gradientNorm < 1e-4, `${optimizer}: ${path[path.length - 1].gradientNorm}`);
  }
});

test("starting at the summit, a fit stays there", async () => {
  const first = await fitMixed(data, quadrature);
  const again = await fitMixed(data, {...quadrature, start: first});
  assert.ok(again.path.length <= 2, `${again.path.length - 1} steps`);
  close(again.logLikelihood, first.logLikelihood, 1e-13);
  allClose(again.theta, first.theta, 1e-7);
});

test("two steps are allowed: the ending says so, and the fit can be continued", async () => {
  const short = await fitMixed(data, {...quadrature, iterations: 2});
  assert.equal(short.ending.code, "iterations");
  assert.equal(short.ending.converged, false);
  assert.equal(short.path.length, 3);
  assert.equal(short.logLikelihood, short.path[2].logLikelihood);
  const rest = await fitMixed(data, {...quadrature, start: short});
  assert.ok(rest.ending.converged, rest.ending.words);
  close(rest.logLikelihood, (await fitMixed(data, quadrature)).logLikelihood, 1e-12);
});

test("no time is allowed: the ending says so", async () => {
  const {ending, logLikelihood, path} = await fitMixed(data, {...quadrature, seconds: 1e-9});
  assert.equal(ending.code, "time");
  assert.equal(ending.converged, false);
  assert.equal(logLikelihood, path[path.length - 1].logLikelihood);
});

test("a fit that is stopped before it began answers at once, marked, without an error for any estimate", async () => {
  const stop = new AbortController();
  stop.abort();
  const {ending, path, estimates: {rows}} = await fitMixed(data, {...quadrature, signal: stop.signal});
  assert.equal(ending.code, "stopped");
  assert.equal(path.length, 0);
  for (const {name, error, why, estimate} of rows) {
    assert.equal(error, null, name);
    assert.ok(why, name);
    assert.ok(Number.isFinite(estimate), name);
  }
});

test("a fit that is stopped on its way returns its best so far soon, and does nothing afterwards", async () => {
  const big = simulate({tier: "mixed"}, {people: 600, situations: 6, seed: 3}).data;
  const stop = new AbortController();
  let calls = 0;
  let stopped = 0;
  const done = await fitMixed(big, {rule: "halton", draws: 200, signal: stop.signal, progress: () => {
    if (++calls === 2) setTimeout(() => { stopped = performance.now(); stop.abort(); }, 0);
  }});
  const late = performance.now() - stopped;
  assert.ok(stopped > 0, "it was stopped");
  assert.equal(done.ending.code, "stopped");
  assert.ok(late < 1000, `it went on for ${late} ms`);
  assert.equal(done.logLikelihood, done.path[done.path.length - 1].logLikelihood);
  assert.ok(Number.isFinite(done.logLikelihood));
  assert.ok(done.theta.every(Number.isFinite));
  assert.ok(done.estimates.rows.every(({error, z, p}) => ![error, z, p].some((value) => Number.isNaN(value))));
  const [calledThen, cpu] = [calls, process.cpuUsage()];
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  const {user} = process.cpuUsage(cpu);
  assert.equal(calls, calledThen);
  assert.ok(user < 150_000, `${user / 1000} ms of work in 200 ms after the end`);
});

test("a fit leaves the event loop to others", async () => {
  const big = simulate({tier: "mixed"}, {people: 1000, situations: 6, seed: 3}).data;
  let [last, longest, beats] = [performance.now(), 0, 0];
  const pulse = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    ++beats;
  }, 5);
  try {
    await fitMixed(big, {rule: "halton", draws: 400, iterations: 4});
  } finally {
    clearInterval(pulse);
  }
  // 40 ms between breaths is the intent, 150 the promise; the rest is for a machine that is busy with other tests.
  assert.ok(beats > 5, `${beats} beats`);
  assert.ok(longest < 400, `the longest silence was ${longest} ms`);
});

test("progress is told every step that ends up on the path", async () => {
  const steps: Step[] = [];
  const {path} = await fitMixed(data, {...quadrature, progress: (step) => { steps.push(step); }});
  assert.deepEqual(steps, path);
});

test("each optimizer climbs a bowl whose axes differ in scale by a trillion", async () => {
  for (const make of [newton, bhhh, bhhhNewton, bfgs]) {
    const {theta, ending} = await climb(bowl([[1e12, 3e5, 0], [3e5, 1, 1e-7], [0, 1e-7, 1e-12]], [2e-6, -3, 4e6]), new Float64Array(3), make());
    assert.ok(ending.converged, make().name);
    allClose([theta[0] * 1e6, theta[1], theta[2] / 1e6], [2, -3, 4], 1e-6, make().name);
  }
});

test("nothing to climb: an objective without parameters has converged", async () => {
  const {ending, at} = await climb({size: 0, evaluate: async () => ({value: -7, gradient: new Float64Array(0)})}, new Float64Array(0), newton());
  assert.equal(ending.code, "converged");
  assert.equal(at.value, -7);
});

test("a log-likelihood that is not a number ends the climb, and says so", async () => {
  for (const value of [NaN, -Infinity]) {
    const {ending} = await climb({size: 1, evaluate: async () => ({value, gradient: Float64Array.of(1), opg: new Matrix([[1]]), hessian: new Matrix([[-1]])})}, Float64Array.of(0), newton());
    assert.equal(ending.code, "not finite");
    assert.match(ending.words, /not a finite number/);
  }
});

test("a gradient that lies leaves the climb stuck, not converged", async () => {
  // The value falls on both sides of zero, but the gradient promises a rise.
  const liar: Objective = {size: 1, evaluate: async ([x]) => ({value: -1 - Math.abs(x), gradient: Float64Array.of(1), opg: new Matrix([[1]]), hessian: new Matrix([[-1]])})};
  for (const make of [newton, bhhh, bfgs]) {
    const {ending, theta} = await climb(liar, Float64Array.of(0), make());
    assert.notEqual(ending.code, "iterations", make().name);
    assert.equal(theta[0], 0, make().name);
    assert.equal(ending.converged, false, `${make().name}: ${ending.words}`);
  }
});

test("an objective that is told to stop in the middle of an evaluation ends the climb with the best so far", async () => {
  const inner = bowl([[2]], [1]);
  const {ending, theta} = await climb({size: 1, evaluate: async (x, order) => {
    if (inner.calls === 1) throw new Stopped();
    return inner.evaluate(x, order);
  }}, Float64Array.of(0), newton());
  assert.equal(ending.code, "stopped");
  assert.equal(theta[0], 0);
});

test("other errors of an objective are not swallowed", async () => {
  await assert.rejects(climb({size: 1, evaluate: async () => { throw new TypeError("no"); }}, Float64Array.of(0), newton()), TypeError);
});

test("a step of the region: inside it Newton's, outside on its edge, and upward curvature is followed to the edge", () => {
  const one = Float64Array.of(1, 1);
  const inside = regionStep(Float64Array.of(1, 2), new Matrix([[2, 0], [0, 4]]), one, 10);
  allClose(inside.step, [0.5, 0.5], 1e-14);
  close(inside.decrement, 1.5, 1e-14);
  close(inside.gain, 0.75, 1e-14);
  const edge = regionStep(Float64Array.of(1, 2), new Matrix([[2, 0], [0, 4]]), one, 0.1);
  close(Math.hypot(...edge.step), 0.1, 1e-8);
  const saddle = regionStep(Float64Array.of(0, 1), new Matrix([[-1, 0], [0, 2]]), one, 3);
  close(Math.hypot(...saddle.step), 3, 1e-8);
  assert.ok(Number.isNaN(saddle.decrement));
  assert.ok(saddle.gain > 0);
  close(saddle.step[1], 1 / 3, 1e-8); // (2 + 1) y = 1 at the shift of the hard case
});

// The spread of the second column is at zero where the likelihood is symmetric in it: its score is zero there, up to rounding,
// and must not set the scale of the climb.
for (const optimizer of optimizers) {
  test(`${optimizer} leaves a spread of zero behind, or says that it is stuck; it never claims the summit from there`, async () => {
    const there = await fitMixed(data, {...quadrature, optimizer});
    const {ending, logLikelihood} = await fitMixed(data, {...quadrature, optimizer, start: {"sd[price]": 0}});
    if (ending.converged) close(logLikelihood, there.logLikelihood, 1e-8);
    if (optimizer === "newton" || optimizer === "bhhh, then newton") assert.ok(ending.converged, ending.words);
  });
}

test("a spread whose summit is zero is reached and named, not circled", async () => {
  // Everybody has the same taste for price.
  const {data: alike} = simulate({tier: "mnlIntercepts"}, {people: 150, situations: 5, seed: 12});
  const done = await fit(alike, {tier: "mixed", random: ["price"], ...quadrature});
  assert.ok(done.ending.converged, done.ending.words);
  const spread = done.estimates.rows.find(({name}) => name === "sd[price]")!;
  assert.ok(spread.estimate >= 0, `${spread.estimate}`);
  assert.ok(done.logLikelihood >= (await fitMnlIntercepts(alike)).logLikelihood - 1e-9);
});

test("columns never met in one situation leave their covariance unknown: the climb ends at the summit of the rest", async () => {
  const once = rowsOf(simulate({tier: "mnlIntercepts"}, {people: 300, situations: 1, seed: 9, alternatives: ["a", "b"]}).data);
  const apart = read(once.map((row) => (Number(row.person) % 2 ? {...row, first: row.price, second: 0} : {...row, first: 0, second: row.price})), {attributes: ["first", "second"]});
  const how = {intercepts: false, rule: "gaussHermite", draws: 15} as const;
  const diagonal = await fitMixed(apart, how);
  const full = await fitMixed(apart, {...how, covariance: "full"});
  assert.ok(diagonal.ending.converged, diagonal.ending.words);
  assert.ok(full.ending.converged, full.ending.words);
  close(full.logLikelihood, diagonal.logLikelihood, 1e-6);
});
