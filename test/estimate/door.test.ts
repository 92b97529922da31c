import assert from "node:assert/strict";
import test from "node:test";
import * as library from "../../src/index.js";
import {ChoiceError} from "../../src/index.js";

// What a notebook gets wrong first: a table where choices belong, a forgotten await, an option of the wrong kind. TypeScript
// catches most of these; a cell in JavaScript, or an `any`, does not.
const {compare, convergence, estimates, fit, fitMixed, fitMnl, shares, simulate, summary} = library as unknown as Record<string, (...values: unknown[]) => unknown>;
const {data} = library.simulate({tier: "mixed"}, {people: 60, situations: 4, seed: 1});
const alone = library.simulate({tier: "mnl"}, {people: 1, situations: 100, seed: 1}).data;

const slips: readonly (readonly [string, string, () => unknown, RegExp?])[] = [
  ["a DataFrame for choices", "data/not-choices", () => fitMnl({columns: [], values: []}), /fromLong/],
  ["a promise for choices", "data/not-choices", () => fitMnl(Promise.resolve(data)), /write await/],
  ["nothing for choices", "data/not-choices", () => fitMnl()],
  ["null for options", "options/not-an-object", () => fit(data, null)],
  ["a word for options", "options/not-an-object", () => fitMnl(data, "robust")],
  ["a tier beside a function that has one", "options/unknown", () => fitMnl(data, {tier: "mixed"})],
  ["a controller for its signal", "options/kind", () => fitMixed(data, {signal: new AbortController()}), /controller\.signal/],
  ["a promise to start from", "options/kind", () => fitMixed(data, {start: Promise.resolve({})}), /write await/],
  ["a number to start from", "options/kind", () => fitMixed(data, {start: 5})],
  ["a word for progress", "options/kind", () => fitMixed(data, {progress: "yes"})],
  ["a word for intercepts", "options/kind", () => fitMixed(data, {intercepts: "no"})],
  ["the name of a column for clusters", "options/kind", () => fitMixed(data, {errors: "clustered", clusters: "village"}), /fromLong/],
  ["more draws than memory", "integrate/too-many-draws", () => fitMixed(data, {draws: 1e9}), /GB/],
  ["robust errors from one person", "infer/few-people", () => fitMnl(alone, {errors: "robust"}), /hessian/],
  ["nothing to compare", "compare/not-fits", () => compare()],
  ["one fit to compare", "compare/not-fits", () => compare(Object.assign(Object.create(null), {estimates: {}}))],
  ["a promise to compare", "compare/not-fits", () => compare({a: Promise.resolve()}), /write await/],
  ["a promise to draw", "figure/not-a-fit", () => convergence(Promise.resolve()), /write await/],
  ["a promise to read", "infer/not-a-fit", () => estimates(Promise.resolve()), /write await/],
  ["a number to count", "data/not-choices", () => shares(5)],
  ["null to sum up", "data/not-choices", () => summary(null)],
  ["a world without a size", "simulate/size", () => simulate({tier: "mnl"})],
  ["a truth that is no number", "simulate/truth", () => simulate({tier: "mnl"}, {people: 5, situations: 2, truth: {price: "a"}})]
];

for (const [what, code, slip, hint] of slips) {
  test(`${what} is refused, with the way out`, async () => {
    await assert.rejects(async () => slip(), (error: unknown) => {
      assert.ok(error instanceof ChoiceError, String(error));
      assert.equal(error.code, code, error.message);
      if (hint) assert.match(error.message, hint);
      return true;
    });
  });
}

test("two parameters of one name are refused, and so is a word with two meanings", async () => {
  const rows = Array.from({length: 40}, (_, n) => [0, 1].map((j) => ({n, p: n % 8, j, took: (n % 3 === 0) === (j === 0) ? 1 : 0, a: Math.sin(n * 7 + j), "sd[a]": Math.cos(n * 5 + j), intercepts: Math.sin(n * 3 - j)}))).flat();
  const odd = library.fromLong(rows, {chosen: "took", alternative: "j", situation: "n", person: "p", attributes: ["a", "sd[a]", "intercepts"]});
  await assert.rejects(library.fitMixed(odd, {attributes: ["a", "sd[a]"], random: ["a"]}), {code: "model/ambiguous-name"});
  await assert.rejects(library.fitMixed(odd, {attributes: ["a", "intercepts"], random: ["intercepts"]}), {code: "model/ambiguous-name"});
});

test("a distribution on the other side of zero than the data is pointed out", async () => {
  const {notes} = await library.fitMixed(data, {random: {price: "lognormal"}, draws: 32});
  assert.ok(notes.some(({code, level, text}) => code === "fit/other-side" && level === "warning" && text.includes('"-lognormal"')));
  const right = await library.fitMixed(data, {random: {price: "-lognormal"}, draws: 32});
  assert.ok(right.notes.every(({code}) => code !== "fit/other-side"));
});

test("a positive truncated normal is not its mirror image", async () => {
  const options = {draws: 64, random: {price: "truncated"}} as const;
  const [above, below] = [await library.fitMixed(data, options), await library.fitMixed(data, {...options, random: {price: "-truncated"}})];
  assert.ok(below.logLikelihood > above.logLikelihood + 1, `${below.logLikelihood} and ${above.logLikelihood}`);
});

test("wide attributes that leave an alternative out say that it counts as zero", () => {
  const wide = library.fromWide([{took: "a", cost: 1}, {took: "b", cost: 2}], {choice: "took", alternatives: ["a", "b"], attributes: {cost: {a: "cost"}}});
  assert.ok(wide.notes.some(({code, text}) => code === "data/counts-as-zero" && text.includes("b")));
});
