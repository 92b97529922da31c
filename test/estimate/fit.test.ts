import assert from "node:assert/strict";
import test from "node:test";
import {fit, fitMixed, fitMnl, fromLong, simulate, source, type ChoiceError} from "../../src/index.js";

const {data} = simulate({tier: "mixed"}, {people: 120, situations: 5, seed: 4});

/** Pairs of alternatives with one attribute each, and a chance of choosing the first that the logit of b gives. */
function pairs(x: readonly (readonly number[])[], names: readonly string[], b: readonly number[], weight?: (n: number) => number) {
  const stream = source(8).stream("pairs");
  const rows = x.flatMap((value, n) => {
    const v = value.reduce((sum, xk, k) => sum + xk * b[k], 0);
    const first = stream.uniform() < 1 / (1 + Math.exp(-v));
    return [0, 1].map((j) => ({n, j, chosen: (j === 0) === first ? 1 : 0, w: weight?.(n) ?? 1, ...Object.fromEntries(names.map((name, k) => [name, j === 0 ? value[k] : 0]))}));
  });
  return fromLong(rows, {chosen: "chosen", alternative: "j", situation: "n", attributes: [...names], ...(weight && {weights: "w"})});
}

test("bfgs says converged only where the Hessian agrees, also with fewer people than parameters", async () => {
  const small = simulate({tier: "mixed"}, {people: 4, situations: 100, seed: 2}).data;
  const {ending, path, notes} = await fitMixed(small, {draws: 64, optimizer: "bfgs"});
  const {gradientNorm} = path[path.length - 1];
  assert.ok(!ending.converged || gradientNorm < 1e-4, `${ending.words}, gradient norm ${gradientNorm}`);
  assert.ok(!ending.converged || notes.every(({code}) => code !== "fit/flat"), "a summit");
});

test("a fit stopped before it began returns its starting point with its log-likelihood, marked, and no errors", async () => {
  const stopped = await fitMixed(data, {draws: 32, signal: AbortSignal.abort()});
  assert.equal(stopped.ending.code, "stopped");
  assert.ok(Number.isFinite(stopped.logLikelihood) && stopped.theta.every(Number.isFinite));
  assert.ok(stopped.estimates.rows.every(({error, why}) => error === null && /stopped/.test(why ?? "")));
  assert.match(stopped.toText(), /did not finish/);
});

test("a column that is a combination of others, or constant, may be held", async () => {
  const [x, y] = [source(1).stream("x"), source(1).stream("y")];
  const rows = Array.from({length: 300}, () => [x.normal(), y.normal()]);
  const three = pairs(rows.map(([a, b]) => [a, b, 2 * a - b]), ["a", "b", "c"], [1, -0.5, 0]);
  await assert.rejects(fitMnl(three), (error: ChoiceError) => error.code === "identify/collinear" && /c = 2 a - b/.test(error.message));
  const held = await fitMnl(three, {hold: {c: 0}});
  const without = await fitMnl(three, {attributes: ["a", "b"]});
  assert.ok(Math.abs(held.logLikelihood - without.logLikelihood) < 1e-9);
  const idle = pairs(rows.map(([a]) => [a, 0]), ["a", "still"], [1, 0]);
  assert.ok((await fitMnl(idle, {hold: {still: 0}})).ending.converged);
});

test("one outlying row does not make a finite estimate a separation", async () => {
  const x = source(3).stream("x");
  const rows = Array.from({length: 300}, () => [x.normal()]);
  rows[0] = [1e6];
  const {ending, theta} = await fitMnl(pairs(rows, ["x"], [1]));
  assert.ok(ending.converged && theta[0] > 0.5 && theta[0] < 1.5, String(theta[0]));
});

test("situations of no weight neither identify nor separate anything", async () => {
  const x = source(5).stream("x");
  const rows = Array.from({length: 200}, (_, n) => [x.normal(), n < 20 ? x.normal() : 0]);
  await assert.rejects(fitMnl(pairs(rows, ["a", "rare"], [1, 0], (n) => (n < 20 ? 0 : 1))), (error: ChoiceError) => error.code === "identify/constant" && error.places[0].column === "rare");
});

test("a start from a fit carries spreads over between diagonal and full covariances, which name them differently", async () => {
  const world = simulate({tier: "mixed", covariance: "full"}, {people: 120, situations: 5, seed: 3}).data;
  const options = {rule: "halton", draws: 20, errors: "hessian", seconds: 1e-9} as const; // stopped where it starts
  const diagonal = await fitMixed(world, {rule: "halton", draws: 20});
  const full = await fitMixed(world, {...options, covariance: "full", start: diagonal});
  const value = ({parameters, theta}: Pick<typeof full, "parameters" | "theta">, name: string) => theta[parameters.findIndex((one) => one.name === name)];
  const columns = diagonal.parameters.filter(({role}) => role === "spread").map(({name}) => /\[(.*)\]/.exec(name)![1]);
  assert.ok(columns.length > 1);
  for (const [c, one] of columns.entries()) for (const [e, other] of columns.slice(0, c + 1).entries()) assert.equal(value(full, `chol[${one},${other}]`), c === e ? value(diagonal, `sd[${one}]`) : 0);
  assert.ok(Math.abs(full.logLikelihood - diagonal.logLikelihood) < 1e-9, "the larger model starts where the smaller one ended");

  const wide = await fitMixed(world, {rule: "halton", draws: 20, covariance: "full"});
  const back = await fitMixed(world, {...options, start: wide});
  for (const [c, one] of columns.entries()) {
    const row = columns.slice(0, c + 1).map((other) => value(wide, `chol[${one},${other}]`));
    assert.ok(Math.abs(value(back, `sd[${one}]`) - Math.hypot(...row)) < 1e-15);
  }
});

test("a limit of time is told as such, wherever in a fit it falls", async () => {
  const larger = simulate({tier: "mixed"}, {people: 200, situations: 5, seed: 2}).data;
  for (const seconds of [0.005, 0.02, 0.05, 0.1, 0.2]) for (const way of [{}, {rule: "halton", draws: 50}] as const) {
    const {ending} = await fitMixed(larger, {...way, seconds});
    assert.ok(["time", "converged"].includes(ending.code), `${seconds} s: ${ending.words}`);
  }
});

test("held values stay where they are held, whatever the start says", async () => {
  const {theta} = await fit(data, {tier: "mnl", hold: {price: -1}, start: [5, 0.5]});
  assert.equal(theta[0], -1);
});

test("what is only needed at the end is refused at the beginning", async () => {
  const refused = async (options: object, code: string) => {
    let steps = 0;
    await assert.rejects(fitMixed(data, {...options, progress: () => ++steps}), (error: ChoiceError) => error.code === code);
    assert.equal(steps, 0);
  };
  await refused({errors: "clustered"}, "infer/no-clusters");
  await refused({errors: "clustered", clusters: ["a"]}, "infer/no-clusters");
  await refused({draws: 2.5}, "integrate/draws");
  await refused({rule: "gaussHermite", draws: 1}, "integrate/one-point");
  await refused({level: 95}, "infer/level");
});

test("a truncated normal whose spread is held at zero is its mean", async () => {
  const held = await fitMixed(data, {intercepts: false, random: {price: "-truncated"}, hold: {"sd[price]": 0}, draws: 16});
  const plain = await fitMnl(data);
  assert.ok(Math.abs(held.logLikelihood - plain.logLikelihood) < 1e-8, `${held.logLikelihood} and ${plain.logLikelihood}`);
});
