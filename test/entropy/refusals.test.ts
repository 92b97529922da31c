import assert from "node:assert/strict";
import test from "node:test";
import {offers, offersOf} from "../../src/data/offers.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import {fitMaxEntSupports} from "../../src/entropy/fitMaxEntSupports.js";
import {simulate} from "../../src/simulate/simulate.js";
import {close, refuses} from "../support/world.js";
import {choicesOf, four, prices, six} from "./cases.js";

// What a notebook gets wrong is typed as anything: TypeScript would catch most of it.
const gme = fitMaxEnt as (...values: unknown[]) => Promise<unknown>;
const supported = fitMaxEntSupports as typeof gme;
const mnl = {tier: "mnl"};
const shelf = offersOf(four);
const sixth = offersOf(six);
const {data} = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
const with_ = (more: Record<string, readonly (readonly number[])[]>) => choicesOf({price: prices, ...more}, [0, 1, 2, 2]);

const slips: readonly (readonly [string, string, () => unknown, ...(string | RegExp)[]])[] = [
  // Totals out of reach.
  ["a total below what can be", "identify/infeasible-total", () => gme(shelf, {...mnl, totals: {price: 4.2}}), '"price"', "4.2", "between 4.3 and 10.7", "sd"],
  ["a total at its lower bound", "identify/infeasible-total", () => gme(shelf, {...mnl, totals: {price: 4.3}}), "between 4.3 and 10.7"],
  ["a total above what can be", "identify/infeasible-total", () => gme(shelf, {...mnl, totals: {price: 10.8}}), "between 4.3 and 10.7"],
  ["a total beyond narrow supports", "identify/infeasible-total", () => supported(shelf, {...mnl, supports: [0.3, 0.5, 0.8], totals: {price: 7}}), "between 7.09 and 7.73"],
  ["a total beyond noise, too", "identify/infeasible-total", () => gme(shelf, {...mnl, noise: {v: 0.1}, totals: {price: 3.6}}), "between 3.66 and 11.34"],
  ["totals that exclude each other", "identify/infeasible-total", () => gme(sixth, {...mnl, totals: {price: 6.6, quality: 6.9}}), '"price" and "quality"', "cannot be met together", /- 0\.7\d* price \+ quality totals -2\.\d+ at most/, /ask for 2\.\d+/],
  ["the same over supports", "identify/infeasible-total", () => supported(sixth, {...mnl, totals: {price: 6.6, quality: 6.9}}), "cannot be met together"],
  ["the same with noise", "identify/infeasible-total", () => gme(sixth, {...mnl, noise: {v: 0.01}, totals: {price: 6.6, quality: 6.9}}), "cannot be met together"],
  ["shares without a share", "identify/infeasible-total", () => gme(shelf, {attributes: [], shares: {a: 0, b: 0.5, c: 0.5}}), "intercept[b] + intercept[c] totals 4 at most"],
  // Separation.
  ["everybody takes the cheapest", "identify/separation", () => gme(choicesOf({price: prices}, [0, 1, 1, 2]), {...mnl, noise: false}), "price predicts", "smaller", "noise: {}"],
  ["the same over supports", "identify/separation", () => supported(choicesOf({price: prices}, [0, 1, 1, 2]), {...mnl, noise: false}), "price predicts", "noise: {}"],
  ["an alternative that nobody takes", "identify/separation", () => gme(choicesOf({price: prices}, [0, 1, 0, 1]), {noise: false}), "intercept[c]", "never chosen", "noise: {}"],
  ["two columns that predict together", "identify/separation", () => gme(together, {...mnl, noise: false}), "price and quality together predict", "noise: {}"],
  ["choices beyond narrow supports", "identify/separation", () => supported(four, {...mnl, supports: [0.2, 0.5, 0.8], noise: false}), "stop short of 0 or 1", "noise: {}"],
  // Columns that say nothing of their own.
  ["a price in two units", "identify/collinear", () => gme(with_({cents: prices.map((row) => row.map((x) => 100 * x))}), mnl), "cents = 100 price", /leave out "cents"\.$/],
  ["a constant", "identify/constant", () => gme(with_({one: prices.map((row) => row.map(() => 1))}), mnl), '"one"'],
  ["an income", "identify/no-variation", () => supported(with_({income: prices.map((row, n) => row.map(() => n))}), mnl), '"income"', "byAlternative"],
  // Totals not understood.
  ["a total for no column", "options/unknown-total", () => gme(shelf, {...mnl, totals: {pric: 5.3}}), 'Did you mean "price"?'],
  ["a total for no alternative", "options/unknown-total", () => gme(shelf, {...mnl, attributes: [{attribute: "price", byAlternative: true}], totals: {price: {a: 1, b: 1.5, d: 2}}}), '"price[d]"'],
  ["a total that is no number", "options/total", () => gme(shelf, {...mnl, totals: {price: null}}), "price: null"],
  ["a negative deviation", "options/total", () => gme(shelf, {...mnl, totals: {price: {total: 5.3, sd: -1}}}), "sd: -1"],
  ["a misspelt deviation", "options/unknown", () => gme(shelf, {...mnl, totals: {price: {total: 5.3, std: 1}}}), '"std"', "sd"],
  ["totals as a list", "options/total", () => gme(shelf, {...mnl, totals: [5.3]}), 'totals: {"price": …}'],
  ["two totals for one", "options/total", () => gme(shelf, {attributes: [], base: "c", totals: {"intercept[a]": 1}, shares: {a: 0.25, b: 0.25, c: 0.5}}), "intercept[a]"],
  ["totals too few", "options/missing-totals", () => gme(sixth, {...mnl, totals: {price: 9}}), '"quality"', "attributes"],
  ["shares too few", "options/missing-totals", () => gme(shelf, {totals: {price: 5.3}}), '"intercept[b]" and "intercept[c]"', "shares", 'tier: "mnl"'],
  ["shares beyond one", "options/shares", () => gme(shelf, {attributes: [], shares: {a: 0.5, b: 0.4, c: 0.4}}), "1.3"],
  ["shares short of one", "options/shares", () => gme(shelf, {attributes: [], shares: {a: 0.5, b: 0.2, c: 0.2}}), "0.9"],
  ["a share of counts", "options/shares", () => gme(shelf, {attributes: [], shares: {a: 2, b: 1, c: 1}}), "counts"],
  ["a share of nobody", "options/shares", () => gme(shelf, {attributes: [], shares: {a: 0.5, b: 0.3, train: 0.2}}), '"train"'],
  ["shares without intercepts", "options/shares", () => gme(shelf, {...mnl, shares: {a: 0.5, b: 0.3, c: 0.2}}), "mnlIntercepts"],
  ["held-out choices where there are none", "data/no-choices", () => gme(shelf, {...mnl, noise: {v: "cv"}, totals: {price: 5.3}}), "cross-validated"],
  ["held-out choices beside totals", "data/no-choices", () => gme(four, {...mnl, noise: {v: "cv"}, totals: {price: 5.3}}), "given from outside"],
  // Supports.
  ["supports too low to sum to one", "options/support-sum", () => supported(four, {...mnl, supports: [0, 0.3]}), "set of 3", "0.9 at most", "supports: 2"],
  ["supports that just sum to one", "options/support-sum", () => supported(four, {...mnl, supports: [0, 1 / 3]}), "at most"],
  ["supports too high to sum to one", "options/support-sum", () => supported(four, {...mnl, supports: [0.4, 0.8]}), "1.2 at least"],
  ["a support above one", "options/points", () => supported(four, {...mnl, supports: [0, 1.3]}), "1.3", "from 0 to 1"],
  ["a support below zero", "options/points", () => supported(four, {...mnl, supports: [-0.1, 1]}), "-0.1"],
  ["supports out of order", "options/points", () => supported(four, {...mnl, supports: [0, 1, 0.5]}), "1, 0.5", "[0, 0.5, 1]"],
  ["a support twice", "options/points", () => supported(four, {...mnl, supports: [0, 1, 1]}), "do not increase"],
  ["a support that is no number", "options/points", () => supported(four, {...mnl, supports: [0, "a", 1]}), '"a"'],
  ["one support", "options/points", () => supported(four, {...mnl, supports: 1}), "two or more"],
  ["half a support", "options/points", () => supported(four, {...mnl, supports: 2.5}), "whole number"],
  ["supports in words", "options/points", () => supported(four, {...mnl, supports: "two"}), "how many points"],
  // Priors.
  ["a prior of another length", "options/prior", () => supported(four, {...mnl, supports: 3, prior: [0.5, 0.5]}), "2 prior weights for 3 points"],
  ["a negative prior", "options/prior", () => supported(four, {...mnl, prior: [1.5, -0.5]}), "-0.5"],
  ["a prior of zero", "options/prior", () => supported(four, {...mnl, supports: 3, prior: [0.5, 0, 0.5]}), "leave that point out"],
  ["a prior that is no list", "options/prior", () => supported(four, {...mnl, prior: 0.5}), "a list of 2"],
  ["a negative probability", "options/prior", () => gme(four, {...mnl, prior: {a: 0.5, b: 0.6, c: -0.1}}), '-0.1 for "c"'],
  ["an impossible alternative", "options/prior", () => gme(four, {...mnl, prior: {a: 0.5, b: 0.5, c: 0}}), "drop the rows"],
  ["an alternative without a prior", "options/prior", () => gme(four, {...mnl, prior: {a: 0.5, b: 0.5}}), 'no prior for "c"'],
  ["a prior for no alternative", "options/unknown-prior", () => gme(four, {...mnl, prior: {a: 1, b: 1, cc: 1}}), 'Did you mean "c"?'],
  ["a prior for too few rows", "options/prior", () => gme(four, {...mnl, prior: [1, 2, 3]}), "3 prior weights for 12 rows"],
  ["a prior in no attribute", "options/unknown-prior", () => gme(four, {...mnl, prior: "prise"}), 'Did you mean "price"?'],
  ["a prior by row beside an added alternative", "options/prior", () => gme(offers([{b: "x", p: 1}, {b: "y", p: 2}], {alternative: "b", outside: true}), {totals: {p: 1}, shares: {x: 0.4, y: 0.2}, prior: [1, 1, 1]}), "row of their own"],
  ["a number for a prior", "options/prior", () => gme(four, {...mnl, prior: 3}), "prior: 3"],
  // Noise.
  ["noise to one side", "options/points", () => gme(four, {...mnl, noise: {points: [0, 0.5, 1]}}), "both sides of zero", "[-1, 0, 1]"],
  ["one point of noise", "options/points", () => gme(four, {...mnl, noise: {points: 1}}), "points: 1"],
  ["noise of another length than its prior", "options/prior", () => gme(four, {...mnl, noise: {prior: [0.5, 0.5]}}), "2 prior weights for 3 points"],
  ["noise of negative width", "options/noise", () => gme(four, {...mnl, noise: {v: -1}}), "v: -1"],
  ["noise of no width", "options/noise", () => gme(four, {...mnl, noise: {v: 0}}), "noise: false"],
  ["noise of a misspelt width", "options/noise", () => gme(four, {...mnl, noise: {v: "invsqr"}}), 'Did you mean "invsqrt"?'],
  ["noise tied by a word", "options/noise", () => gme(four, {...mnl, noise: {sumToZero: "yes"}}), "true or false"],
  ["a misspelt option of noise", "options/unknown", () => gme(four, {...mnl, noise: {sumtozero: true}}), 'Did you mean "sumToZero"?'],
  ["noise as a word", "options/not-an-object", () => gme(four, {...mnl, noise: "none"}), "none"],
  // The rest.
  ["a misspelt option", "options/unknown", () => gme(four, {...mnl, noises: false}), 'Did you mean "noise"?'],
  ["supports of the other fit", "options/unknown", () => gme(four, {...mnl, supports: 3}), '"supports"'],
  ["a mixed tier", "options/tier", () => gme(four, {tier: "mixed"}), "no random coefficients"],
  ["a misspelt tier", "options/tier", () => gme(four, {tier: "mnlSlope"}), 'Did you mean "mnlSlopes"?'],
  ["a promise for choices", "data/not-choices", () => gme(Promise.resolve(four)), "write await"],
  ["a table for choices", "data/not-choices", () => supported({columns: []}), "fromLong", "offers"],
  ["null for options", "options/not-an-object", () => gme(four, null)],
  ["errors nobody knows", "infer/unknown-errors", () => gme(four, {...mnl, errors: "robst"}), 'Did you mean "robust"?'],
  ["robust errors of totals", "infer/unsound", () => gme(shelf, {...mnl, totals: {price: 5.3}, errors: "robust"}), "no choices", 'errors: "model"'],
  ["robust errors of too few", "infer/few-people", () => supported(four, {tier: "mnlSlopes", errors: "robust"}), 'errors: "model"'],
  ["clusters that are not named", "infer/no-clusters", () => gme(data, {errors: "clustered"})],
  ["a level of 95", "infer/level", () => gme(data, {level: 95}), "0.95"],
  ["a controller for its signal", "options/kind", () => gme(data, {signal: new AbortController()}), "controller.signal"],
  ["a word for progress", "options/kind", () => gme(data, {progress: "yes"})],
  ["half a thread", "options/threads", () => gme(data, {threads: 0.5})],
  ["a kernel nobody knows", "options/kernel", () => gme(data, {kernel: "wsm"}), 'Did you mean "wasm"?'],
  ["a seed below zero", "options/number", () => gme(data, {seed: -1})],
  ["no iterations", "options/number", () => gme(data, {iterations: 0})],
  ["an alternative nobody knows for base", "model/unknown-alternative", () => gme(data, {base: "z"})]
];

// Quality decides while prices differ by little, price where they differ by much: together they predict, alone neither does.
const together = choicesOf({price: [[1, 3], [1, 1.5], [2, 1], [3, 1], [2, 2.5]], quality: [[0, 1], [0, 1], [1, 0], [2, 1.5], [0, 2]]}, [0, 1, 0, 1, 1]);

for (const [what, code, slip, ...said] of slips) test(`${what} ${/s$/.test(what.split(" ")[0]) ? "are" : "is"} refused, with the way out`, () => refuses(code, slip, ...said));

test("what is refused without noise or an sd is fitted with it", async () => {
  for (const fitted of [fitMaxEnt, fitMaxEntSupports]) {
    const separated = await fitted(choicesOf({price: prices}, [0, 1, 1, 2]), {tier: "mnl"});
    assert.equal(separated.solution.ending, "converged");
    assert.ok(Number.isFinite(separated.theta[0]) && separated.theta[0] < 0);
    const never = await fitted(choicesOf({price: prices}, [0, 1, 0, 1]), {errors: "model"});
    assert.equal(never.solution.ending, "converged");
    const off = await fitted(sixth, {tier: "mnl", totals: {price: {total: 6.6, sd: 0.5}, quality: {total: 6.9, sd: 0.5}}});
    assert.equal(off.solution.ending, "converged");
    for (const {target, predicted, slack} of off.moments) close(predicted + slack, target, 1e-11);
    assert.ok(off.notes.some(({code, text}) => code === "fit/total-missed" && text.includes("price")));
  }
});

test("noise that takes up most of a moment is pointed out by name, with how much", async () => {
  const {notes} = await fitMaxEnt(six, {tier: "mnl", noise: {v: 1}});
  const note = notes.find(({code}) => code === "fit/noise-absorbs")!;
  assert.equal(note.level, "warning");
  assert.match(note.text, /price \(\d\d %\) and quality \(\d\d %\)/);
  assert.ok((await fitMaxEnt(data, {noise: {}})).notes.every(({code}) => code !== "fit/noise-absorbs"));
});

test("columns that are all but collinear are pointed out", async () => {
  const nearly = with_({other: prices.map((row, n) => row.map((x, j) => x + 1e-5 * Math.sin(7 * n + 3 * j)))});
  const {notes} = await fitMaxEnt(nearly, {tier: "mnl"});
  assert.ok(notes.some(({code, level}) => code === "fit/ill-conditioned" && level === "warning"));
});

test("a fit that is nearly separated is no separation", async () => {
  // Of 400 that take the cheaper, one does not, by a little.
  const rows = Array.from({length: 400}, (_, n) => [1 + (n % 7) / 7, 2 + (n % 5) / 5]);
  const fit = await fitMaxEnt(choicesOf({price: [...rows, [1.5, 1.4]]}, [...rows.map(() => 0), 0]), {tier: "mnl", noise: false});
  assert.equal(fit.solution.ending, "converged");
  assert.ok(fit.theta[0] < -3);
});
