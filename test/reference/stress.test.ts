import test from "node:test";
import assert from "node:assert/strict";
import {fromLong} from "../../src/data/fromLong.js";
import {fit} from "../../src/estimate/fit.js";
import {digits, digitsOfLargest} from "../support/lre.js";
import {compose, estimatesOf} from "../support/objective.js";
import {reference, roles, worldRows} from "../support/worlds.js";

const {longPanel, tiny} = reference("stress");

/** Four people of a thousand situations, from a linear congruential generator: next = 1664525 x + 1013904223 mod 2^32, from 99. */
function longRows() {
  let state = 99;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
  const {N, T, J} = longPanel;
  return Array.from({length: N * T}, (_, at) => {
    const x = Array.from({length: J}, () => (next() >>> 24) / 64);
    const y = (next() >>> 16) % 3;
    return x.map((value, j) => ({person: Math.floor(at / T), situation: at, alternative: String(j), chosen: Number(y === j), x: value}));
  }).flat();
}

const rows = longRows();
const data = fromLong(rows, roles);

test("the long panel is the one the numbers are about", () => {
  assert.deepEqual(rows.slice(0, 6).map(({x}) => x), longPanel.firstX);
  assert.equal(rows.reduce((sum, {x}) => sum + x, 0), longPanel.sumX);
});

test("a person's likelihood of e^-1100 neither underflows nor loses digits", async () => {
  const {value, gradient} = await compose(data, {tier: "mixed", intercepts: false, rule: "trapezoid", draws: 1201}).at(["x", "sd[x]"], longPanel.evaluationPoint, 1);
  digits([value], [longPanel.logLik], 13, "log-likelihood");
  digitsOfLargest(gradient, longPanel.gradient, 11, "gradient");
});

test("fixed Gauss-Hermite is as wrong there as it must be: posteriors of sd 0.02 fall between its nodes", async () => {
  for (const [draws, error] of [[50, longPanel.fixedGH50_logLik_error], [100, longPanel.fixedGH100_logLik_error], [200, longPanel.fixedGH200_logLik_error]]) {
    const {value} = await compose(data, {tier: "mixed", intercepts: false, rule: "gaussHermite", draws}).at(["x", "sd[x]"], longPanel.evaluationPoint, 0);
    assert.ok(Math.abs(value - Number(longPanel.logLik) - error) < 1e-9, `${draws} points: ${value - Number(longPanel.logLik)}, wanted ${error}`);
  }
});

test("its multinomial logit has the digits of 80-bit arithmetic", async () => {
  const {value, gradient} = await compose(data, {tier: "mnl"}).at(["x"], [-0.5], 1);
  digits([value], [longPanel.mnlLogLikAtBetaMinusHalf], 14, "log-likelihood");
  digits(gradient, longPanel.mnlGradient, 13, "gradient");
});

test("a probability of e^-800, or of e^-1000000, has an exact logarithm, and huge utilities cancel", async () => {
  for (const {V, chosen, logP} of tiny) {
    const one = fromLong(V.map((v: number, j: number) => ({person: 0, situation: 0, alternative: String(j), chosen: Number(j === chosen), v})), roles);
    const {value, gradient} = await compose(one, {tier: "mnl"}).at(["v"], [1], 1);
    digits([value], [logP], 15, `V = ${V}`);
    assert.ok(Number.isFinite(gradient[0]));
  }
});

const scaled = (price: number, quality: number) => fromLong(worldRows("D1").map((row) => ({...row, price: row.price * price, quality: row.quality * quality})), {...roles, alternatives: ["0", "1", "2"]});

test("columns scaled by powers of two: the same log-likelihood, steps and t-ratios to the last bit, coefficients scaled back", async () => {
  for (const options of [{tier: "mnlIntercepts"}, {tier: "mixed", rule: "gaussHermite", draws: 9}] as const) {
    const [plain, big] = await Promise.all([fit(scaled(1, 1), options), fit(scaled(2 ** 20, 2 ** -20), options)]);
    assert.equal(big.logLikelihood, plain.logLikelihood);
    assert.deepEqual(big.path.map(({logLikelihood, method}) => [logLikelihood, method]), plain.path.map(({logLikelihood, method}) => [logLikelihood, method]));
    assert.deepEqual(big.estimates.rows.map(({z}) => z), plain.estimates.rows.map(({z}) => z));
    const factor = (name: string) => (name.includes("price") ? 2 ** 20 : name.includes("quality") ? 2 ** -20 : 1);
    assert.deepEqual(big.estimates.rows.map(({name, estimate}) => estimate * factor(name)), plain.estimates.rows.map(({estimate}) => estimate));
  }
});

test("a column scaled by 1e8: the same log-likelihood to 13 digits, coefficients to 10", async () => {
  for (const options of [{tier: "mnlIntercepts"}, {tier: "mixed", rule: "gaussHermite", draws: 9}] as const) {
    const [plain, big] = await Promise.all([fit(scaled(1, 1), options), fit(scaled(1e8, 1), options)]);
    digits([big.logLikelihood], [plain.logLikelihood], 13, "log-likelihood");
    const names = plain.parameters.map(({name}) => name);
    digits(estimatesOf(big, names).map((value, k) => value * (names[k].includes("price") ? 1e8 : 1)), estimatesOf(plain, names), 10, "estimates");
  }
});
