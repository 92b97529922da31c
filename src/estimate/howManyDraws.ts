import {counted} from "../data/counted.js";
import {checkOptions, ChoiceError, expectFields, listed, quote} from "../errors.js";
import {mixing} from "../integrate/mixing.js";
import {maybeRule, ruleNames} from "../integrate/shorthand.js";
import {branch, source} from "../math/random.js";
import {units} from "../model/choices.js";
import {shown, type Shown} from "../rich.js";
import {replicated} from "./passes/certify.js";
import {ground, nodesFor, placed, type Scheme, type Within} from "./passes/ground.js";
import {hireCrew} from "./threads/hire.js";
import {likelihood} from "./likelihood.js";
import {withinOptions} from "./options.js";
import {locate, refined} from "./passes/places.js";
import type {Fit} from "./types.js";

export interface DrawsOptions {
  /** Distance to the estimates of exact integrals that is small enough, root mean square in standard errors. Default 0.05. */
  readonly target?: number;
}

/** What a number of draws was measured to give. */
export interface DrawsRow {
  readonly draws: number;
  /** Distance to exact integrals in standard errors, root mean square over estimates, and the largest. */
  readonly rms: number;
  readonly max: number;
  /** Standard error of the log-likelihood. */
  readonly logLikelihood: number;
}

/** A recommendation, with what it rests on. */
export interface DrawsFacts {
  /** The number of draws to ask for: a power of two. */
  readonly draws: number;
  readonly target: number;
  /** The error falls like R to minus this. */
  readonly rate: number;
  readonly rule: string;
  readonly method: string;
  readonly table: readonly DrawsRow[];
}

export type Draws = DrawsFacts & Shown;

/** Sets of nodes compared for each number of draws. */
const sets = 6;

/**
 * How many draws it would take for the estimates of a fit to be within a target of those of exact integrals.
 *
 * The error of simulation is measured at the optimum with a quarter, a half and all of the fit's draws, by laying six
 * independent sets of each (eq:certificate); a line through their logarithms, of slope between 1/2 (chance) and 3/2, says how
 * many it takes.
 *
 * Of a fit by adaptive quadrature, which needs no draws, it says how many centred ones would do as well.
 *
 * @param fit a fit with random coefficients, by draws or by adaptive quadrature
 * @throws {ChoiceError} estimate/no-draws for a fit without draws; estimate/not-at-optimum for one that has not converged;
 *   estimate/own-rule for a rule that has no name or one set for all; options/…
 * @example
 * const few = await fitMixed(data, {draws: 64});
 * const {draws} = await howManyDraws(few, {target: 0.02});
 * const fine = await fitMixed(data, {draws});
 */
export async function howManyDraws(fit: Fit, options: DrawsOptions = {}): Promise<Draws> {
  const at = "howManyDraws(fit)";
  expectFields("infer/not-a-fit", at, fit, ["integration", "design", "hessian"], "a fit", "howManyDraws(await fitMixed(data))");
  checkOptions(at, options, ["target"]);
  const {target = 0.05} = options;
  if (!(typeof target === "number" && target > 0)) throw new ChoiceError("options/number", {at, saw: `target: ${quote(target)}`, want: "a positive number"});
  const {integration, design, parameters, theta, data, free, hessian, seed} = fit;
  const {method: how = "plain", exact} = integration;
  const quadrature = how === "adaptive";
  if (how === "none" || (exact && !quadrature)) {
    throw new ChoiceError("estimate/no-draws", {
      at, saw: how === "none" ? "a fit in which nothing is random" : `a fit by ${integration.rule}`,
      want: "a fit with draws", hint: how === "none" ? "nothing: it needs none" : 'fitMixed(data, {integration: "centred"})'
    });
  }
  // A fit by adaptive quadrature has an optimum to measure at, and the places for draws.
  const [R, rule, method] = quadrature ? [128, "Sobol, Owen-scrambled", "centred"] : [integration.draws, integration.rule, how];
  if (!fit.ending.converged) {
    throw new ChoiceError("estimate/not-at-optimum", {
      at, saw: `a fit that ${fit.ending.words}`,
      want: "a fit that has converged: errors of draws are measured at its optimum", hint: "fit again from it: start: fit"
    });
  }
  if (method === "plain" && integration.shared) {
    throw new ChoiceError("estimate/own-rule", {at, saw: `${rule}, one set shared by all`, want: "a set for each person, whose errors average out", hint: "fit again with a rule by its name"});
  }
  const laid = units(counted(data), design);
  const blend = mixing(design, parameters);
  const within = insideOf(integration, blend.within);
  const place = {units: laid, blend, within, source: source(seed)};
  const crew = hireCrew(laid, blend, {nodes: R, at});
  const stage = ground(laid, blend, likelihood(laid, blend, nodesFor(place, {by: "plain", rule: "sobol", draws: 1}).lattice, {crew}), within, place.source);
  const counts = [...new Set([R / 4, R / 2, R].map((draws) => Math.max(4, Math.round(draws))))];
  const scheme = method === "plain" ? plainly(rule, at) : (draws: number): Scheme => ({by: "centred", draws});
  const table: DrawsRow[] = [];
  try {
    const places = method === "plain" ? undefined : await refined(stage, theta, await locate(stage, theta), R, 0);
    for (const draws of counts) {
      const {error, joint} = await replicated(stage, theta, free, hessian, sets - 1, (m) => placed(nodesFor(stage, scheme(draws), branch(place.source, `howManyDraws/${m}`)).lattice, places));
      const {rms, max, logLikelihood} = quadrature || integration.simulation?.pooled ? joint! : error;
      table.push({draws, rms, max, logLikelihood});
    }
  } finally {
    crew.close();
  }
  const {rate, level} = line(table);
  const wanted = Math.exp((level - Math.log(target)) / rate);
  return shown("draws", {draws: 2 ** Math.max(4, Math.ceil(Math.log2(wanted) - 1e-9)), target, rate, rule, method, table});
}

/** The nodes within people that the fit had, from their words. */
function insideOf({within: own}: Fit["integration"], dimensions: number): Within {
  const name = own && ruleNames.find((candidate) => maybeRule(candidate).name === own.rule);
  if (!own || !name) return withinOptions({}, dimensions);
  const product = name === "gaussHermite" || name === "trapezoid";
  return {ruleWithin: name, drawsWithin: product ? Math.round(own.draws ** (1 / own.dimensions)) : own.draws};
}

/** Makes a plain rule from its words. */
function plainly(rule: string, at: string): (draws: number) => Scheme {
  const name = ruleNames.find((candidate) => maybeRule(candidate).name === rule);
  if (name) return (draws) => ({by: "plain", rule: name === "halton" ? "scrambledHalton" : name, draws}); // without chance nothing can be replicated
  throw new ChoiceError("estimate/own-rule", {at, saw: `a rule called ${quote(rule)}`, want: `one of ${listed(ruleNames, 10)}`, hint: "fit again with a rule that has a name"});
}

/** log error = level - rate log R, by least squares, with a slope that theory allows; at the mean of what was measured. */
function line(table: readonly DrawsRow[]): {rate: number; level: number} {
  const x = table.map(({draws}) => Math.log(draws));
  const y = table.map(({rms}) => Math.log(Math.max(rms, 1e-12)));
  const mean = (v: readonly number[]) => v.reduce((sum, one) => sum + one, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const spread = x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  const slope = spread ? -x.reduce((sum, v, k) => sum + (v - mx) * (y[k] - my), 0) / spread : 0.5;
  const rate = Math.min(1.5, Math.max(0.5, slope));
  return {rate, level: my + rate * mx};
}
