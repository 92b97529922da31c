import test from "node:test";
import {fit} from "../../src/estimate/fit.js";
import {trapezoid} from "../../src/integrate/trapezoid.js";
import {digits, digitsOfLargest} from "../support/lre.js";
import {isMaximum} from "../support/maximum.js";
import {compose} from "../support/objective.js";
import {ourName, reference, world} from "../support/worlds.js";

const [{dataset, parameters, evaluationPoint, exactAtEvaluationPoint: exact, fixedRulesAtEvaluationPoint: rules, mle}] = reference("mixed-within").cases;
const data = world(dataset);
const names: string[] = parameters.map(ourName);
const specification = {tier: "mixed", intercepts: false, random: ["price"], within: ["price"]} as const;

test("price varies between people and within them: with as many nested Gauss-Hermite points, the value and gradient", async () => {
  for (const [rule, wanted] of Object.entries<{logLik: string; gradient: string[]}>(rules)) {
    const [draws, drawsWithin] = rule.match(/\d+/g)!.map(Number);
    const {value, gradient} = await compose(data, {...specification, rule: "gaussHermite", draws, drawsWithin}).at(names, evaluationPoint, 1);
    digits([value], [wanted.logLik], 13, `${rule}, log-likelihood`);
    digitsOfLargest(gradient, wanted.gradient, 13, `${rule}, gradient`);
  }
});

test("it is exact by nested trapezoid rules, in value, gradient and Hessian", async () => {
  const {value, gradient, hessian} = await compose(data, {...specification, rule: trapezoid(57, {range: 8}), ruleWithin: trapezoid(45, {range: 8})}).at(names, evaluationPoint);
  digits([value], [exact.logLik], 12, "log-likelihood");
  digitsOfLargest(gradient, exact.gradient, 10, "gradient");
  digitsOfLargest(hessian, exact.hessian.flat(), 9, "Hessian");
});

test("its maximum, estimates, and errors of three kinds", async () => {
  const near = await fit(data, {...specification, rule: trapezoid(17, {range: 5.5}), ruleWithin: trapezoid(17, {range: 5.5})});
  const found = await fit(data, {...specification, rule: trapezoid(45, {range: 7}), ruleWithin: trapezoid(45, {range: 7}), start: near});
  isMaximum(found, names, mle, {value: 10, estimates: 8, errors: 7});
});
