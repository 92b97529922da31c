import test from "node:test";
import {mixing} from "../../src/integrate/mixing.js";
import {pointLattice} from "../../src/kernels/lattice.js";
import {likelihood} from "../../src/estimate/likelihood.js";
import {units} from "../../src/model/choices.js";
import {design} from "../../src/model/design.js";
import {parameters} from "../../src/model/parameters.js";
import type {Rule} from "../../src/integrate/rule.js";
import {close, allClose, problem, read} from "../support/world.js";

// Two people: the first in two situations, the second in one; price is the only column.
const rows = [
  ["p", 1, "a", 1, 1.5], ["p", 1, "b", 0, 0.5], ["p", 1, "c", 0, -1],
  ["p", 2, "a", 0, 0.2], ["p", 2, "c", 1, 1.1],
  ["q", 3, "b", 1, -0.7], ["q", 3, "c", 0, 0.4]
].map(([person, situation, alternative, chosen, price]) => ({person, situation, alternative, chosen, price}));
const data = read(rows);
// (chosen price, prices) of each situation of each person.
const menus = [[[1.5, [1.5, 0.5, -1]], [1.1, [0.2, 1.1]]], [[-0.7, [-0.7, 0.4]]]] as [number, number[]][][];
const P = (b: number, [chosen, prices]: [number, number[]]) => Math.exp(b * chosen) / prices.reduce((sum, x) => sum + Math.exp(b * x), 0);

/** A rule of given nodes in one dimension. */
const points = (nu: number[], w: number[]): Rule => ({name: "by hand", draws: nu.length, build: () => ({dimensions: 1, count: nu.length, weights: Float64Array.from(w), shared: true, at: () => Float64Array.from(nu)})});
const nu = [-1.3, 0.2, 0.9];
const w = [0.25, 0.35, 0.4];
const eta = [-0.8, 1.1];
const v = [0.6, 0.4];
const [mu, s, inside] = [0.4, 0.7, 0.5];

test("a fixed coefficient: the log-likelihood is the sum of the log-probabilities written out", async () => {
  const {objective} = problem(data, {intercepts: false});
  const wanted = menus.flat().reduce((sum, menu) => sum + Math.log(P(mu, menu)), 0);
  close((await objective.evaluate(Float64Array.of(mu), 0)).value, wanted, 1e-14);
});

test("a random coefficient over people: the nodes enumerated by hand give the log-likelihood and the scores", async () => {
  const {objective} = problem(data, {tier: "mixed", intercepts: false}, {rule: points(nu, w)});
  const by = (mu: number, s: number) => menus.map((menu) => Math.log(nu.reduce((sum, x, r) => sum + w[r] * menu.reduce((product, one) => product * P(mu + s * x, one), 1), 0)));
  const theta = Float64Array.of(mu, s);
  close((await objective.evaluate(theta, 0)).value, by(mu, s).reduce((a, b) => a + b), 1e-14);
  const h = 1e-5;
  const {scores} = await objective.look(theta, 1);
  for (const i of [0, 1]) allClose(scores.getRow(i), [(by(mu + h, s)[i] - by(mu - h, s)[i]) / (2 * h), (by(mu, s + h)[i] - by(mu, s - h)[i]) / (2 * h)], 1e-9, `scores of person ${i}`);
});

test("with panel: false every situation is averaged by itself", async () => {
  const {objective} = problem(data, {tier: "mixed", intercepts: false, panel: false}, {rule: points(nu, w)});
  const wanted = menus.flat().reduce((total, menu) => total + Math.log(nu.reduce((sum, x, r) => sum + w[r] * P(mu + s * x, menu), 0)), 0);
  close((await objective.evaluate(Float64Array.of(mu, s), 0)).value, wanted, 1e-14);
});

test("variation within people is averaged inside every node and situation", async () => {
  const {objective} = problem(data, {tier: "mixed", intercepts: false, within: ["price"]}, {rule: points(nu, w), ruleWithin: points(eta, v)});
  const situation = (b: number, menu: [number, number[]]) => eta.reduce((sum, e, k) => sum + v[k] * P(b + inside * e, menu), 0);
  const wanted = menus.reduce((total, menu) => total + Math.log(nu.reduce((sum, x, r) => sum + w[r] * menu.reduce((product, one) => product * situation(mu + s * x, one), 1), 0)), 0);
  close((await objective.evaluate(Float64Array.of(mu, s, inside), 0)).value, wanted, 1e-14);
});

test("a negative lognormal coefficient is minus the exponential of its index", async () => {
  const {objective} = problem(data, {tier: "mixed", intercepts: false, random: {price: "-lognormal"}}, {rule: points(nu, w)});
  const wanted = menus.reduce((total, menu) => total + Math.log(nu.reduce((sum, x, r) => sum + w[r] * menu.reduce((product, one) => product * P(-Math.exp(mu + s * x), one), 1), 0)), 0);
  close((await objective.evaluate(Float64Array.of(mu, s), 0)).value, wanted, 1e-14);
});

test("weights of nodes may be negative, as in a sparse grid, while the sum is a probability", async () => {
  const signed = [1.4, -0.9, 0.5];
  const {objective} = problem(data, {tier: "mixed", intercepts: false}, {rule: points(nu, signed)});
  const wanted = menus.reduce((total, menu) => total + Math.log(nu.reduce((sum, x, r) => sum + signed[r] * menu.reduce((product, one) => product * P(mu + s * x, one), 1), 0)), 0);
  close((await objective.evaluate(Float64Array.of(mu, s), 0)).value, wanted, 1e-13);
});

test("two thousand situations of one person do not underflow", async () => {
  const long = read(Array.from({length: 2000}, (_, n) => rows.slice(0, 3).map((row) => ({...row, situation: n}))).flat());
  const {objective} = problem(long, {tier: "mixed", intercepts: false}, {rule: points(nu, w)});
  // log-sum-exp by hand
  const logs = nu.map((x, r) => Math.log(w[r]) + 2000 * Math.log(P(mu + s * x, menus[0][0])));
  const top = Math.max(...logs);
  const wanted = top + Math.log(logs.reduce((sum, L) => sum + Math.exp(L - top), 0));
  const {value, gradient} = await objective.evaluate(Float64Array.of(mu, s), 2);
  close(value, wanted, 1e-12);
  for (const g of gradient) close(Number.isFinite(g) ? 1 : 0, 1, 0);
});

test("utilities of a thousand neither overflow nor lose the log-probability", async () => {
  const plan = design(data, {intercepts: false});
  const found = parameters(plan);
  const objective = likelihood(units(data, plan), mixing(plan, found), pointLattice(2));
  // At b = -1000 the chosen alternatives are last by 2500, 900 and first by 1100: -2500 - 900 - 0.
  close((await objective.evaluate(Float64Array.of(-1000), 2)).value, -3400, 1e-14);
});
