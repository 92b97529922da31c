import test from "node:test";
import assert from "node:assert/strict";
import {fit} from "../../src/estimate/fit.js";
import type {FitOptions} from "../../src/estimate/options.js";
import {digits, digitsOfLargest, lre} from "../support/lre.js";
import {compose, errorsOf, estimatesOf} from "../support/objective.js";
import {reference, world} from "../support/worlds.js";

// A triangular density has a kink, where a trapezoid rule with a node on it still converges with the fourth power of the step.
const plans: Readonly<Record<string, {distribution: NonNullable<FitOptions["random"]>; spread: string; points: number}>> = {
  "mixed-1rc-normal": {distribution: {price: "normal"}, spread: "sd[price]", points: 191},
  "mixed-1rc-triangularSymmetric": {distribution: {price: "triangular"}, spread: "halfwidth[price]", points: 1001},
  "mixed-1rc-normalTruncatedAbove0": {distribution: {price: "-truncated"}, spread: "sd[price]", points: 191}
};

for (const {id, dataset, distribution, evaluationPoint, exactAtEvaluationPoint: exact, mle} of reference("mixed-nonnormal").cases) {
  const data = world(dataset);
  const {distribution: random, spread, points} = plans[id];
  const names = ["intercept[1]", "intercept[2]", "quality", "price", spread];

  test(`${id} (${distribution}): value and gradient by trapezoid rule`, async () => {
    const {value, gradient} = await compose(data, {tier: "mixed", random, rule: "trapezoid", draws: points}).at(names, evaluationPoint, 1);
    console.log(id, lre(value, +exact.logLik), gradient.map((g, k) => lre(g, +exact.gradient[k]).toFixed(1)).join(" "));
    digits([value], [exact.logLik], 12, "log-likelihood");
    digitsOfLargest(gradient, exact.gradient, 10, "gradient");
  });

  if (mle) test(`${id}: the maximum, estimates, and errors of three kinds`, async () => {
    const found = await fit(data, {tier: "mixed", random, rule: "trapezoid", draws: points});
    assert.ok(found.ending.converged, found.ending.words);
    console.log(id, found.seconds, lre(found.logLikelihood, +mle.logLik), Math.min(...estimatesOf(found, names).map((e, k) => lre(e, +mle.theta[k]))), ...(["hessian","opg","robust"] as const).map((kind, i) => Math.min(...errorsOf(found, names, kind).map((e, k) => lre(e, +[mle.seHessian, mle.seBHHH, mle.seSandwichByIndividual][i][k])))));
    digits([found.logLikelihood], [mle.logLik], 11, "log-likelihood");
    digits(estimatesOf(found, names), mle.theta, 8, "estimates");
    digits(errorsOf(found, names), mle.seHessian, 8, "Hessian errors");
    digits(errorsOf(found, names, "opg"), mle.seBHHH, 8, "outer product errors");
    digits(errorsOf(found, names, "robust"), mle.seSandwichByIndividual, 8, "robust errors");
  });

  // On these data the truncated normal drifts to an exponential: m and s grow without end, along s² = 1.66 m.
  else test(`${id}: there is no maximum, and the fit does not pretend to one`, async () => {
    const found = await fit(data, {tier: "mixed", random, rule: "trapezoid", draws: points, iterations: 60});
    console.log(id, found.ending.words, found.logLikelihood, found.estimates.rows.map(r => [r.name, r.estimate, r.error, r.why].join(" ")), found.notes.map(n=>n.code+" "+n.text));
    assert.ok(found.logLikelihood < -261.51949, "below the exponential's");
    const exponential = await fit(data, {tier: "mixed", random: {price: "-exponential"}, rule: "trapezoid", draws: points});
    console.log(exponential.logLikelihood);
    assert.ok(Math.abs(exponential.logLikelihood + 261.5194918086144) < 1e-9, `${exponential.logLikelihood}`);
  });
}
