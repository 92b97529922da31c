import test from "node:test";
import assert from "node:assert/strict";
import {fit} from "../../src/estimate/fit.js";
import type {FitOptions} from "../../src/estimate/options.js";
import {digits, digitsOfLargest} from "../support/lre.js";
import {isMaximum} from "../support/maximum.js";
import {compose, errorsOf, estimatesOf} from "../support/objective.js";
import {reference, world} from "../support/worlds.js";

// A triangular density has a kink, where a trapezoid rule with a node on it still converges with the fourth power of the step.
const plans: Readonly<Record<string, {distribution: NonNullable<FitOptions["random"]>; spread: string; points: number}>> = {
  "mixed-1rc-normal": {distribution: {price: "normal"}, spread: "sd[price]", points: 191},
  "mixed-1rc-triangularSymmetric": {distribution: {price: "triangular"}, spread: "halfwidth[price]", points: 2001},
  "mixed-1rc-normalTruncatedAbove0": {distribution: {price: "-truncated"}, spread: "sd[price]", points: 191}
};

for (const {id, dataset, distribution, evaluationPoint, exactAtEvaluationPoint: exact, mle} of reference("mixed-nonnormal").cases) {
  const data = world(dataset);
  const {distribution: random, spread, points} = plans[id];
  const names = ["intercept[1]", "intercept[2]", "quality", "price", spread];

  test(`${id} (${distribution}): value and gradient by trapezoid rule`, async () => {
    const {value, gradient} = await compose(data, {tier: "mixed", random, rule: "trapezoid", draws: points}).at(names, evaluationPoint, 1);
    digits([value], [exact.logLik], 12, "log-likelihood");
    digitsOfLargest(gradient, exact.gradient, 10, "gradient");
  });

  // The truncated normal has no maximum on these data: see below.
  if (mle) test(`${id}: the maximum, estimates, and errors of three kinds`, async () => {
    const found = await fit(data, {tier: "mixed", random, rule: "trapezoid", draws: points});
    isMaximum(found, names, mle, {value: 11, estimates: 8, errors: 8});
  });
}

// The truncated normal has no maximum on these data. Along a ridge m and s grow without end, s² = 1.66 m, and the
// log-likelihood rises to that of an exponential coefficient: -261.5194918086144 in 80-bit arithmetic.
const exact = {tier: "mixed", rule: "trapezoid", draws: 191} as const;
const drifting = fit(world("D1"), {...exact, random: {price: "-truncated"}});

test("an exponential coefficient is the limit of the truncated normal", async () => {
  const {logLikelihood, ending} = await fit(world("D1"), {...exact, random: {price: "-exponential"}});
  assert.ok(ending.converged);
  digits([logLikelihood], ["-261.5194918086144"], 14, "log-likelihood");
  let last = -Infinity;
  for (const m of [20, 80, 320]) {
    const found = await fit(world("D1"), {...exact, random: {price: "-truncated"}, hold: {price: m, "sd[price]": Math.sqrt(1.6575 * m)}});
    assert.ok(found.logLikelihood > last && found.logLikelihood < logLikelihood, `m = ${m}: ${found.logLikelihood}`);
    last = found.logLikelihood;
  }
  assert.ok(logLikelihood - last < 0.01);
});

test("a truncated normal without a maximum never beats its limit, and its errors exceed its estimates many times", async () => {
  const found = await drifting;
  assert.ok(found.logLikelihood < -261.5194918086144, `${found.logLikelihood}`);
  for (const name of ["price", "sd[price]"]) {
    const [estimate, error] = [estimatesOf(found, [name])[0], errorsOf(found, [name])[0]];
    assert.ok(!(error < 5 * Math.abs(estimate)), `${name}: ${estimate} with error ${error}`);
  }
});

test("such a fit does not say that it converged, or a note names the two", async () => {
  const {ending, notes} = await drifting;
  assert.ok(!ending.converged || notes.some(({level, text}) => level === "warning" && text.includes("price") && text.includes("sd[price]")), ending.words);
});
