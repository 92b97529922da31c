import test from "node:test";
import assert from "node:assert/strict";
import {inverse, Matrix} from "ml-matrix";
import {fit} from "../../src/estimate/fit.js";
import type {Specification} from "../../src/model/specification.js";
import {trapezoid} from "../../src/integrate/trapezoid.js";
import {panelKernel} from "../../src/kernels/panel.js";
import {digits, digitsOfLargest} from "../support/lre.js";
import {ball} from "../support/ball.js";
import {isMaximum} from "../support/maximum.js";
import {compose, estimatesOf} from "../support/objective.js";
import {ourName, reference, world} from "../support/worlds.js";

const specifications: Readonly<Record<string, Specification>> = {
  "mixed-tier4-1rc": {tier: "mixed", random: ["price"]},
  "mixed-tier4-2rc-indep": {tier: "mixed"},
  "mixed-tier4-2rc-full": {tier: "mixed", covariance: "full"},
  "mixed-unbalanced-1rc": {tier: "mixed", intercepts: false, random: ["price"]},
  "mixed-tier5-3rc-interior": {tier: "mixedIntercepts", random: ["intercepts", "price"]},
  "mixed-tier6-price-by-alternative-interior": {tier: "mixedSlopes", attributes: ["price", {attribute: "quality", byAlternative: false}], random: ["price"]}
};

for (const {id, dataset, description, parameters, evaluationPoint, exactAtEvaluationPoint: exact, fixedRulesAtEvaluationPoint: rules, mle} of reference("mixed-normal").cases) {
  const data = world(dataset);
  const names = parameters.map(ourName);
  const specification = specifications[id];
  const lone = specification.random !== undefined;

  test(`${id} (${description}): with as many Gauss-Hermite points, the value and gradient of 80-bit arithmetic`, async () => {
    for (const [rule, wanted] of Object.entries<{logLik: string; gradient: string[]}>(rules)) {
      const {value, gradient} = await compose(data, {...specification, rule: "gaussHermite", draws: Number(/\d+$/.exec(rule)![0])}).at(names, evaluationPoint, 1);
      digits([value], [wanted.logLik], 13, `${rule}, log-likelihood`);
      digitsOfLargest(gradient, wanted.gradient, 13, `${rule}, gradient`);
    }
  });

  test(`${id}: a trapezoid rule is exact, in value, gradient, Hessian, and person by person`, async () => {
    const composed = compose(data, {...specification, rule: "trapezoid", draws: lone ? 191 : 61});
    const {value, gradient, hessian} = await composed.at(names, evaluationPoint);
    digits([value], [exact.logLik], 14, "log-likelihood");
    digitsOfLargest(gradient, exact.gradient, 12, "gradient");
    digitsOfLargest(hessian, exact.hessian.flat(), 11, "Hessian");
    const kernel = panelKernel(composed.units, composed.mixing);
    const theta = Float64Array.from(composed.names, (name) => evaluationPoint[names.indexOf(name)]);
    const none = new Float64Array(0);
    kernel.lay(composed.nodes.lattice);
    kernel.begin(theta, 0);
    digits(data.people.map((_, u) => kernel.unit(u, none, none)), exact.logLikPerIndividual, 12, "log-likelihood by person");
  });

  // In two dimensions a coarse rule finds the neighbourhood and a fine one the digits.
  test(`${id}: maximised by trapezoid rule, the estimates and errors of three kinds`, async () => {
    const near = lone ? undefined : await fit(data, {...specification, rule: trapezoid(21, {range: 6})});
    const found = await fit(data, {...specification, rule: lone ? trapezoid(191) : trapezoid(61, {range: 7}), start: near});
    isMaximum(found, names, mle, lone ? {value: 12, estimates: 10, errors: 10} : {value: 10, estimates: 8, errors: 8});
  });
}

// A symmetric rule makes zero a stationary point of the spread; on these data it is the maximum along it.
test("where the data show no variation the spread ends at zero, and the fit is the one without it, and says so", async () => {
  const rule = trapezoid(21, {range: 6});
  const found = await fit(world("D1"), {tier: "mixedIntercepts", random: ["intercept[2]", "price"], rule});
  const without = await fit(world("D1"), {tier: "mixed", random: ["price"], rule});
  assert.ok(found.ending.converged, found.ending.words);
  assert.ok(estimatesOf(found, ["sd[intercept[2]]"])[0] < 1e-4, `${estimatesOf(found, ["sd[intercept[2]]"])[0]}`);
  assert.ok(Math.abs(found.logLikelihood - without.logLikelihood) < 1e-8, `${found.logLikelihood - without.logLikelihood}`);
  const names = without.parameters.map(({name}) => name);
  digits(estimatesOf(found, names), estimatesOf(without, names), 6, "estimates");
  assert.ok(found.notes.some(({code}) => code === "fit/zero-spread"));
});

for (const {id, dataset, description, parameters, evaluationPoint, fixedRulesAtEvaluationPoint: rules, mle} of reference("mixed-normal-3d").cases) {
  const data = world(dataset);
  const names = parameters.map(ourName);
  const specification = specifications[id];

  test(`${id} (${description}): with as many Gauss-Hermite points, the value and gradient`, async () => {
    for (const [rule, wanted] of Object.entries<{logLik: string; gradient: string[]}>(rules)) {
      const {value, gradient} = await compose(data, {...specification, rule: "gaussHermite", draws: Number(/\d+$/.exec(rule)![0])}).at(names, evaluationPoint, 1);
      digits([value], [wanted.logLik], 13, `${rule}, log-likelihood`);
      digitsOfLargest(gradient, wanted.gradient, 12, `${rule}, gradient`);
    }
  });

  // Product rules are too large in three dimensions to be exact in seconds; a lattice in a ball of this step is good to six
  // digits, so the published maximum is looked at rather than climbed to.
  test(`${id}: the published maximum is one: its value, no way up, and its errors of three kinds`, async () => {
    const composed = compose(data, {...specification, rule: ball(0.4, 6.2)});
    const {value, gradient, hessian, opg} = await composed.at(names, mle.theta);
    const P = names.length;
    const matrix = (flat: number[]) => new Matrix(Array.from({length: P}, (_, p) => flat.slice(p * P, (p + 1) * P)));
    const V = inverse(matrix(hessian).mul(-1));
    const B = matrix(opg);
    digits([value], [mle.logLik], 6, "log-likelihood");
    V.mmul(Matrix.columnVector(gradient)).to1DArray().forEach((step, k) => assert.ok(Math.abs(step) < 1e-4 * mle.seHessian[k], `${names[k]} would move by ${step}`));
    for (const [what, A, wanted] of [["Hessian", V, mle.seHessian], ["outer product", inverse(B), mle.seBHHH], ["robust", V.mmul(B).mmul(V), mle.seSandwichByIndividual]] as const) {
      digits(A.diagonal().map(Math.sqrt), wanted, 3.5, `${what} errors`);
    }
  });
}
