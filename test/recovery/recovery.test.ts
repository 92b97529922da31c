import test from "node:test";
import assert from "node:assert/strict";
import {fit} from "../../src/estimate/fit.js";
import type {FitOptions} from "../../src/estimate/options.js";
import type {Specification} from "../../src/model/specification.js";
import {simulate, type WorldOptions} from "../../src/simulate/simulate.js";

/**
 * Every parameter within three standard errors of the truth that made the world. A band of three is missed by one of the
 * 105 or so estimates below in every four suites of fresh seeds; the seeds are fixed, so each either holds or not.
 * Nodes are enough for the simulation error to be small beside a standard error, which is why the many-dimensional worlds
 * have few situations per person: there the likelihood of a person is wide, and few nodes reach it.
 */
async function recovers(specification: Specification, world: WorldOptions, how: FitOptions = {}): Promise<void> {
  const {data, truth} = simulate(specification, world);
  const {ending, estimates: {rows}} = await fit(data, {...specification, ...how});
  assert.ok(ending.converged, ending.words);
  const seen = new Map(rows.map(({name, estimate, error}) => [name, {estimate, error}]));
  const words = Object.entries(truth).map(([name, value]) => {
    const {estimate, error} = seen.get(name)!;
    assert.ok(error !== null && error > 0 && error < 0.4, `${name} has the standard error ${error}: this world is too small to say anything`);
    return {name, value, estimate, error, z: (estimate - value) / error};
  });
  for (const {name, value, estimate, error, z} of words) assert.ok(Math.abs(z) < 3, `${name}: ${estimate} (${error}), ${z} standard errors from ${value}`);
}

const world: WorldOptions = {people: 400, situations: 6, seed: 31};
const quadrature = {rule: "gaussHermite", draws: 9} as const;

test("tier 1, multinomial logit: the truth is recovered", () => recovers({tier: "mnl"}, world));
test("tier 1 with one intercept against an outside option: the truth is recovered", () => recovers({tier: "mnl"}, {...world, outside: "none", available: 0.8}));
test("tier 2, intercepts by alternative: the truth is recovered", () => recovers({tier: "mnlIntercepts"}, world));
test("tier 3, slopes by alternative: the truth is recovered", () => recovers({tier: "mnlSlopes"}, world));
test("tier 4, coefficients that vary over people: the truth is recovered", () => recovers({tier: "mixed"}, {...world, people: 300}, quadrature));
test("tier 4, full covariance: the truth is recovered", () => recovers({tier: "mixed", covariance: "full"}, {...world, people: 300}, quadrature));
test("tier 4, a negative lognormal: the truth is recovered", () => recovers({tier: "mixed", random: {price: "-lognormal", quality: "normal"}}, {...world, people: 300}, quadrature));
test("tier 4, a uniform and a triangular: the truth is recovered", () => recovers({tier: "mixed", random: {price: "uniform", quality: "triangular"}}, {...world, people: 300}, {rule: "sobol", draws: 128}));
test("tier 4, draws fresh in every situation: the truth is recovered", () => recovers({tier: "mixed", random: ["price"], panel: false}, {...world, people: 500, truth: {"sd[price]": 1.2}}, {rule: "gaussHermite", draws: 9}));
test("tier 4 by simulation, with sets of different sizes and an outside option: the truth is recovered", () => recovers({tier: "mixed"}, {...world, people: 300, outside: "none", available: 0.8}, {rule: "sobol", draws: 128}));
test("tier 5, intercepts that vary over people: the truth is recovered", () => recovers({tier: "mixedIntercepts"}, {...world, people: 500, alternatives: ["a", "b"], attributes: ["price"]}, {rule: "gaussHermite", draws: 9}));
test("tier 6, intercepts and slopes by alternative vary over people: the truth is recovered", () => recovers({tier: "mixedSlopes"}, {...world, people: 500, situations: 5, alternatives: ["a", "b"], attributes: ["price"]}, {rule: "sobol", draws: 128}));
// One alternative against an outside option keeps the integral at two dimensions between people and one within, where
// quadrature is exact for all purposes; within-person spreads are told from the noise of utility by its shape alone, and need
// to be large to be seen.
test("tier 7, slopes vary from situation to situation, too: the truth is recovered", () => recovers({tier: "mixedDynamic"}, {people: 500, situations: 8, seed: 31, alternatives: ["a"], outside: "none", attributes: ["price"], truth: {"sd.within[price[a]]": 1.5}}, {rule: "gaussHermite", draws: 7, ruleWithin: "gaussHermite", drawsWithin: 7}));

test("tier 5, full covariance of intercept and slope: the truth is recovered", () => recovers({tier: "mixedIntercepts", covariance: "full"}, {...world, people: 500, alternatives: ["a", "b"], attributes: ["price"]}, quadrature));
test("tier 6, full covariance of intercept and slopes by alternative: the truth is recovered", () => recovers({tier: "mixedSlopes", covariance: "full"}, {...world, people: 500, situations: 5, alternatives: ["a", "b"], attributes: ["price"]}, {rule: "gaussHermite", draws: 6}));
test("tier 7, full covariance of intercept and slope between people: the truth is recovered", () => recovers({tier: "mixedDynamic", covariance: "full"}, {people: 500, situations: 8, seed: 31, alternatives: ["a"], outside: "none", attributes: ["price"], truth: {"chol.within[price[a],price[a]]": 1.5}}, {rule: "gaussHermite", draws: 6, ruleWithin: "gaussHermite", drawsWithin: 5}));
// Three alternatives say more about the shape of the noise than two, and slopes shared by them keep each integral at two dimensions.
test("tier 7, full covariance of two slopes between people and within them: the truth is recovered", () => recovers(
  {tier: "mixedDynamic", covariance: "full", intercepts: false, attributes: [{attribute: "price", byAlternative: false}, {attribute: "quality", byAlternative: false}], random: ["price", "quality"]},
  {people: 250, situations: 8, seed: 31, truth: {"chol.within[price,price]": 1.2, "chol.within[quality,price]": 0.8, "chol.within[quality,quality]": 1.2}},
  {rule: "gaussHermite", draws: 5, ruleWithin: "gaussHermite", drawsWithin: 4}
));
