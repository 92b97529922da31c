import type {ChoiceFacts, Note} from "../data/choiceData.js";
import {listed} from "../errors.js";
import type {Asymptotic} from "../infer/asymptotic.js";
import {covariance} from "../infer/covariance.js";
import {inverse, negated} from "../math/symmetric.js";
import type {Design} from "../model/design.js";
import {gaussian} from "../model/distribution.js";
import type {Ending} from "../optimize/ending.js";
import type {IntegrationFacts} from "./types.js";

export interface Finding extends Asymptotic {
  readonly plan: Design;
  readonly data: ChoiceFacts;
  readonly integration: IntegrationFacts;
  readonly ending: Ending;
  /** No errors were computed. */
  readonly silent: boolean;
  /** Coefficients of the multinomial logit of the same columns, (C). */
  readonly b: Float64Array;
  /** Estimated bias of the simulated log-likelihood, were the draws independent. */
  readonly bias?: number;
}

/** What a reader should be told about a fit, each as a value on the result rather than a line printed once and lost. */
export function findings(facts: Finding): Note[] {
  return [flat(facts), exponentialLimit(facts), otherSide(facts), kinks(facts), zeroSpreads(facts), simulation(facts), modes(facts), clustering(facts), weakIntercepts(facts), independent(facts)].flat();
}

const warning = (code: string, text: string): Note[] => [{level: "warning", code: `fit/${code}`, text}];
const info = (code: string, text: string): Note[] => [{level: "info", code: `fit/${code}`, text}];

/** Names what a flat direction involves: the likelihood does not change along it. */
function flat({hessian, free, parameters, ending}: Finding): Note[] {
  if (!ending.converged) return []; // away from a summit the curvature says nothing about the data
  const {flat: directions, condition} = inverse(negated(hessian));
  if (directions.length) {
    const names = [...new Set(directions.flatMap((v) => [...v].flatMap((share, f) => (Math.abs(share) > 0.1 ? [parameters[free[f]].name] : []))))];
    return warning("flat", `These data say nothing about some combination of ${listed(names, 10)}: the log-likelihood is flat along it. No standard errors are given there; hold one of them, or simplify.`);
  }
  return condition > 1e8 ? warning("ill-conditioned", `The estimates are weakly identified: the Hessian's condition number is ${condition.toExponential(0)} after scaling. Small changes of the data may move them a lot.`) : [];
}

/** A one-sided coefficient that the data want on the other side of zero runs off to zero: say so. */
function otherSide({plan, b}: Finding): Note[] {
  return plan.columns.flatMap(({name, distribution}, c) => {
    const sign = distribution?.sign;
    if (sign === undefined || !(sign * b[c] < 0)) return [];
    const family = `${sign === 1 ? "-" : ""}${distribution!.family}`;
    return warning("other-side", `Multinomial logit gives ${name} as ${Number(b[c].toPrecision(3))}, on the other side of zero from where this ${distribution!.family} may go. Did you mean random: {${JSON.stringify(name)}: "${family}"}?`);
  });
}

/** Where a censored coefficient meets zero the simulated log-likelihood bends, and a climb may stand still there. */
function kinks({plan, ending}: Finding): Note[] {
  const names = plan.columns.filter(({distribution}) => distribution?.family === "censored").map(({name}) => name);
  return ending.code === "stuck" && names.length ? warning("kinks", `${listed(names)}: a censored coefficient puts a kink into the simulated log-likelihood at each draw, and the climb stands at one. More draws make them smaller; a truncated or lognormal coefficient has none.`) : [];
}

/** A spread that ended at zero: no heterogeneity was found, and its Wald test means nothing there. */
function zeroSpreads({parameters, theta, free, ending, reach, ...rest}: Finding): Note[] {
  if (!ending.converged) return [];
  const {matrix} = covariance({parameters, theta, free, ...rest}, "hessian");
  const names = free.flatMap((p, f) => {
    const {role, column, on, name} = parameters[p];
    const diagonal = on === column && (role === "spread" || role === "covariance" || role === "within");
    return diagonal && Math.abs(theta[p]) * (reach?.[p] ?? 1) < 0.1 && Math.abs(theta[p]) < 0.02 * Math.sqrt(Math.max(0, matrix.get(f, f))) ? [name] : [];
  });
  return names.length ? info("zero-spread", `${listed(names)} ended at zero: no variation found there. Its standard error and z do not apply at this edge; compare log-likelihoods instead.`) : [];
}

/** A truncated normal far out in its tail is an exponential: mean and spread then run to infinity together. */
function exponentialLimit({plan, parameters, theta, b}: Finding): Note[] {
  return plan.columns.flatMap(({name, distribution}, c) => {
    const s = parameters.findIndex(({column, on}) => column === c && on === c);
    if (distribution?.family !== "truncated" || (distribution.sign ?? 1) * b[c] < 0 || !((-(distribution.sign ?? 1) * theta[c]) / Math.abs(theta[s]) > 10)) return [];
    const sign = distribution.sign === -1 ? "-" : "";
    return warning("exponential-limit", `${name} and ${parameters[s].name} run off together: the truncated normal has become an exponential. Ask for that: random: {${JSON.stringify(name)}: "${sign}exponential"}.`);
  });
}

function simulation({integration: {effective, draws, rule, dimensions, exact, method, simulation}, bias}: Finding): Note[] {
  if (!dimensions || !effective) return [];
  const measured = simulation && !simulation.certified ? warning("integration", `${draws} ${exact ? "nodes" : "draws"} (${rule}${method === "centred" || method === "adaptive" ? ", centred" : ""}) leave the estimates ${twoDigits(simulation.rms)} standard errors from those of exact integrals (root mean square, measured; ${twoDigits(simulation.accuracy)} was asked for, ${twoDigits(simulation.max)} is the most for one of them), and the log-likelihood uncertain by ${twoDigits(Math.hypot(simulation.logLikelihood, simulation.bias))}. ${simulation.limit ? `It went no further than ${simulation.limit}: raise draws` : method === "plain" ? 'Raise draws, or leave out the rule: integration: "auto" centres its draws' : "Raise draws"}.`) : [];
  if (exact) return measured; // quadrature is judged by a finer rule, not by counting nodes
  const few = effective.least < 5;
  const off = bias !== undefined && bias < -0.5;
  if (!off && (!few || simulation?.certified)) return measured;
  const facts = [
    few ? `for some people the draws come down to ${effective.least.toFixed(1)} effective ones of ${draws}` : "",
    off ? `the simulated log-likelihood is too low by up to ${Math.abs(bias).toFixed(bias > -10 ? 1 : 0)} (first order, for independent draws)` : ""
  ].filter(Boolean);
  return [...measured, ...warning("few-draws", `${draws} draws (${rule}) are few here: ${facts.join("; ")}. Estimates move with the draws: raise draws until they no longer do.${effective.least < 2 && measured.length ? " Where one draw is all there is, other draws can miss the same: the error may be more than was measured." : ""}`)];
}

const twoDigits = (value: number): string => String(Number(value.toPrecision(2)));

/** With draws that are not symmetric, the two signs of a spread are different modes: say which was found. */
function modes({parameters, theta}: Finding): Note[] {
  const negative = parameters.filter(({role, column, on}, p) => (role === "spread" || role === "within" || role === "covariance") && on === column && theta[p] < 0);
  return negative.length ? info("mode", `The climb ended with ${listed(negative.map(({name}) => name))} negative, reported positive: with finitely many draws the two signs differ a little in log-likelihood. The signs are kept in theta.`) : [];
}

function clustering({data, plan, scores, hessian, free, parameters, theta, design, ending}: Finding): Note[] {
  if (!ending.converged || !data.panel || free.length === 0 || scores.rows <= free.length) return [];
  const fit = {data, scores, hessian, free, parameters, theta, design};
  const [plain, robust] = [covariance(fit, "hessian").matrix, covariance(fit, "robust").matrix];
  const ratios = free.map((_, f) => Math.sqrt(robust.get(f, f) / plain.get(f, f)));
  const widest = ratios.reduce((best, ratio, f) => (ratio > ratios[best] ? f : best), 0);
  if (!(ratios[widest] > 1.25)) return [];
  const name = parameters[free[widest]].name;
  const text = `Robust errors, with scores summed by person, are up to ${ratios[widest].toFixed(2)} times these (${name}): see estimates(fit, {errors: "robust"}).`;
  return plan.columns.some((c) => c.distribution) ? info("robust", text) : warning("robust", `A person's choices are treated as independent here. ${text}`);
}

function weakIntercepts({plan, data}: Finding): Note[] {
  const random = plan.columns.filter((c) => c.attribute < 0 && c.distribution);
  const once = data.situations.length === data.people.length || !plan.panel;
  return random.length && once ? warning("weak-intercepts", "Random intercepts with one situation per person are weakly identified: their spreads are told from the noise of utility by functional form alone, and depend on which alternative is the base.") : [];
}

function independent({plan}: Finding): Note[] {
  const alone = plan.columns.filter((c) => c.distribution && !gaussian(c.distribution));
  return plan.covariance === "full" && alone.length ? info("independent", `${listed(alone.map(({name}) => name))} ${alone.length > 1 ? "stay" : "stays"} independent of the other coefficients: only normal, lognormal and censored ones share a covariance.`) : [];
}
