import test from "node:test";
import assert from "node:assert/strict";
import {fit} from "../../src/estimate/fit.js";
import {trapezoid} from "../../src/integrate/trapezoid.js";
import {asPrinted, nearInErrors} from "../support/lre.js";
import {compose, errorsOf, estimatesOf} from "../support/objective.js";
import {swissmetro} from "../support/swissmetro.js";

// One normal coefficient, of time; every choice on its own. Numbers: a trapezoid rule of 901 nodes on [-8.5, 8.5] with
// another program, confirmed by 601 nodes to 2e-7; Biogeme's simulated -5214.9045 with 10,000 Halton draws agrees. Its example
// b05 on quadrature reports -5213.725388729767, from 30 nodes of Gauss-Hermite at estimates of its own.
const data = await swissmetro();
const specification = {tier: "mixed", base: "sm", attributes: ["time", "cost"], random: ["time"], panel: false} as const;
const names = ["intercept[train]", "intercept[car]", "cost", "time", "sd[time]"];
const estimates = [-0.4018662, 0.1370682, -1.2855825, -2.2598465, 1.6576301];
const coarse = fit(data, {...specification, rule: "gaussHermite", draws: 30});
const exact = coarse.then((start) => fit(data, {...specification, rule: trapezoid(241, {range: 8.5}), start}));

test("a mixture over time on the cross-section: the exact log-likelihood, estimates and Hessian errors", async () => {
  const found = await exact;
  assert.ok(found.ending.converged);
  assert.ok(Math.abs(found.logLikelihood + 5214.893053) < 1e-4, `${found.logLikelihood}`);
  nearInErrors(estimatesOf(found, names), estimates, errorsOf(found, names), 1e-4, "estimates");
  errorsOf(found, names).forEach((error, k) => assert.ok(Math.abs(error - [0.06345, 0.05163, 0.06308, 0.11903, 0.13839][k]) < 2e-5, `Hessian error of ${names[k]}: ${error}`));
});

test("its robust errors, scores of situations on their own", async () => {
  const errors = errorsOf(await exact, names, "robust");
  errors.forEach((error, k) => assert.ok(Math.abs(error - [0.06584, 0.05172, 0.08635, 0.11708, 0.13172][k]) < 2e-5, `robust error of ${names[k]}: ${error}`));
});

test("a finer rule moves nothing", async () => {
  const found = await exact;
  const {value} = await compose(data, {...specification, rule: trapezoid(481, {range: 8.5})}).at(names, estimatesOf(found, names), 0);
  assert.ok(Math.abs(value - found.logLikelihood) < 1e-5, `${value}`);
});

test("30 nodes of Gauss-Hermite are too few: the log-likelihood comes out a unit too high, as Biogeme's does", async () => {
  const found = await coarse;
  assert.ok(Math.abs(found.logLikelihood + 5213.725388729767) < 1e-5, `${found.logLikelihood}`);
  assert.ok(found.logLikelihood > -5213.725388729767, "and not below it");
  const {value} = await compose(data, {...specification, rule: trapezoid(301, {range: 8.5})}).at(names, estimatesOf(found, names), 0);
  assert.ok(Math.abs(value + 5214.905) < 1e-3, `${value}`); // the exact value there
  asPrinted(errorsOf(found, ["sd[time]"]), ["0.1176"], "its error of the spread, exact 0.1384");
});
