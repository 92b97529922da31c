import type {Matrix} from "ml-matrix";
import type {OfferFacts} from "../data/offers.js";
import {hasChoices} from "../data/offers.js";
import type {Cells} from "../entropy/solution.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";
import type {Fit} from "../estimate/types.js";
import {ChoiceError, expectFields, listed, quote} from "../errors.js";
import {checkKind, covariance, type Kind} from "../infer/covariance.js";
import type {Asymptotic} from "../infer/asymptotic.js";
import {cumulants, tilt} from "../kernels/support.js";
import {tie} from "../kernels/tie.js";
import {inverse, negated} from "../math/symmetric.js";
import type {Column} from "../model/design.js";

/** A fit whose probabilities answer to utilities by one formula: multinomial logit or maximum entropy, nothing random. */
export type Explained = Fit | MaxEntFit;

/** What stands in the J alternatives of a situation: p, its spread v and skew k3; for a logit all three are p. */
export type Reaction = Pick<Cells, "p" | "spread" | "skew">;

/** Means and variances of the errors of a situation, and whether they are tied to sum to zero. */
export interface ErrorReaction {
  readonly mean: Float64Array; // (J)
  readonly spread: Float64Array; // (J)
  readonly tied: boolean;
}

/**
 * What happens in the situations of a fit, whatever kind of fit it is: all that effects, elasticities and diversion read.
 * Letters: N situations, C columns of the design, F free parameters.
 */
export interface Substitution {
  /** Title of the fit. */
  readonly model: string;
  readonly data: OfferFacts;
  readonly columns: readonly Column[];
  /** (rows, C), row-major. */
  readonly z: Float64Array;
  /** Coefficients of utility, (C): -lambda for maximum entropy. */
  readonly beta: Float64Array;
  /** (N) */
  readonly weight: Float64Array;
  /** Columns whose coefficients are free. */
  readonly free: readonly number[];
  /** Covariance of the free coefficients, (F, F), and how it was made. */
  readonly covariance: Matrix;
  readonly words: string;
  /** Directions of the free coefficients about which the data say nothing, (F) each: what depends on them has no error. */
  readonly flat: readonly Float64Array[];
  /** Curvature of the dual, or of the negative log-likelihood, over the free coefficients, (F, F). */
  readonly curvature: Matrix;
  /** The chosen row of each situation, (N), where choices are known. */
  readonly chosen?: Int32Array;
  /** Whether the total of each column was given from outside, (C), and does not follow the choices. */
  readonly given: readonly boolean[];
  /** How situation n reacts if its rows have the columns `z`, (J, C): what ties its probabilities together is solved for anew. */
  react(n: number, z: Float64Array): Reaction;
  /** The errors of situation n at the fit; absent without noise. */
  readonly errors?: (n: number) => ErrorReaction;
}

/** The columns of the rows of situation n, (J, C): a view. */
export const rowsOf = ({data: {situation}, z, columns}: Substitution, n: number): Float64Array => z.subarray(situation[n] * columns.length, situation[n + 1] * columns.length);

/**
 * Reads a fit as substitution between alternatives.
 *
 * @param errors which standard errors; default those the fit itself shows
 * @throws {ChoiceError} infer/not-a-fit; explain/mixed for a fit with random coefficients, whose effects are averages over
 *   tastes and not of this form; infer/… for errors that the fit cannot give
 */
export function substitution(fit: Explained, at: string, errors?: Kind): Substitution {
  expectFields("infer/not-a-fit", at, fit, ["design", "estimates", "data"], "a fit", "fit first: await fitMnl(data), or await fitMaxEnt(data)");
  const {design: {columns, z}, theta, free, hessian, data} = fit;
  const random = columns.filter(({distribution}) => distribution).map(({name}) => name);
  if (random.length) {
    const mixture = "tastes" in fit && "weights" in fit;
    const attribute = columns.find(({distribution, attribute: k}) => distribution && k >= 0)?.attribute;
    throw new ChoiceError("explain/mixed", {
      at, saw: `random coefficients (${listed(random)})`,
      want: `a fit whose coefficients are the same for all: effects of a mixed logit are averages over tastes${mixture ? "" : ", which are not yet computed"}`,
      hint: mixture ? `ask the mixture: tasteElasticities(fit, ${attribute === undefined ? "attribute" : quote(data.attributes[attribute])}) has elasticities, derivatives and diversion` : "use fitMnl, fitMnlIntercepts, fitMnlSlopes or fitMaxEnt"
    });
  }
  if (errors !== undefined && errors !== fit.estimates.errors) checkKind(errors, at, fit as Asymptotic);
  const own = errors === undefined || errors === fit.estimates.errors;
  const {flat} = inverse(negated(hessian));
  const shared = {
    model: fit.title, data, columns, z, beta: theta, free,
    words: own ? fit.estimates.words : covarianceOf(fit, errors).words,
    flat: flat.map((direction) => direction.map((part, f) => part / (Math.sqrt(Math.abs(hessian.get(f, f))) || 1)))
  };
  if (!isMaxEnt(fit)) {
    return {...shared, weight: data.weight, covariance: covarianceOf(fit, errors ?? fit.estimates.errors).matrix, curvature: negated(hessian), chosen: fit.data.chosen, given: columns.map(() => false), react: softmax(shared)};
  }
  const {programme, solution, moments, covariance: V} = fit;
  const {signal, noise} = programme;
  return {
    ...shared, weight: programme.weight, covariance: own ? V : covarianceOf(fit, errors).matrix, curvature: solution.curvature.selection([...free], [...free]),
    ...(hasChoices(data) && {chosen: data.chosen}), given: moments.map(({given}) => given === true),
    react: signal.kind === "shannon" ? softmax(shared, signal.logPrior) : tilted(shared, signal.support),
    ...(noise && {errors: errorsOf(shared, noise)})
  };
}

const isMaxEnt = (fit: Explained): fit is MaxEntFit => "programme" in fit;

/** Scores hold weights, which the outer product wants to know. */
function covarianceOf(fit: Explained, kind: Kind): {matrix: Matrix; words: string} {
  const {weight, person} = fit.data;
  const people = Float64Array.from({length: person.length - 1}, (_, i) => weight.subarray(person[i], person[i + 1]).reduce((sum, w) => sum + w, 0) / (person[i + 1] - person[i]));
  const asked: Asymptotic = {...fit, weight: people};
  return covariance(asked, kind);
}

type Shared = Pick<Substitution, "beta" | "data" | "columns" | "z">;

/** z beta of rows, (J). */
function utilities(z: Float64Array, beta: Float64Array): Float64Array {
  const C = beta.length;
  const u = new Float64Array(C ? z.length / C : 0);
  for (let j = 0, at = 0; j < u.length; ++j) for (let c = 0; c < C; ++c, ++at) u[j] += z[at] * beta[c];
  return u;
}

/** p = softmax(log prior + z beta) (eq:logit): spread and skew are p itself. */
const softmax = ({beta, data: {situation}}: Shared, logPrior?: Float64Array): Substitution["react"] => (n, z) => {
  const p = utilities(z, beta);
  if (logPrior) for (let j = 0; j < p.length; ++j) p[j] += logPrior[situation[n] + j];
  let [most, sum] = [-Infinity, 0];
  for (let j = 0; j < p.length; ++j) most = Math.max(most, p[j]);
  for (let j = 0; j < p.length; ++j) sum += p[j] = Math.exp(p[j] - most);
  for (let j = 0; j < p.length; ++j) p[j] /= sum;
  return {p, spread: p, skew: p};
};

/** p = means of a support tilted by -z beta + mu, with mu such that they add up to one (eq:tilt). */
function tilted({beta, data: {situation}}: Shared, support: Parameters<typeof tie>[0]): Substitution["react"] {
  const {settle} = tie(support, 1, widestOf(situation));
  const minus = beta.map((b) => -b);
  const weight = new Float64Array(support.points.length);
  const at = cumulants();
  return (_, z) => {
    const eta = utilities(z, minus);
    const J = eta.length;
    const mu = settle(eta, J);
    const [p, spread, skew] = [new Float64Array(J), new Float64Array(J), new Float64Array(J)];
    for (let j = 0; j < J; ++j) {
      tilt(at, support, eta[j] + mu, weight);
      p[j] = at.mean;
      spread[j] = at.variance;
      skew[j] = at.third;
    }
    return {p, spread, skew};
  };
}

function errorsOf({beta, data: {situation}, z, columns: {length: C}}: Shared, {support, sumToZero}: NonNullable<MaxEntFit["programme"]["noise"]>): NonNullable<Substitution["errors"]> {
  const {settle, look, bundle} = tie(support, 0, widestOf(situation));
  return (n) => {
    const eta = utilities(z.subarray(situation[n] * C, situation[n + 1] * C), beta).map((u) => -u);
    if (sumToZero) settle(eta, eta.length);
    else look(eta, eta.length, 0);
    return {mean: bundle.mean.slice(0, eta.length), spread: bundle.variance.slice(0, eta.length), tied: sumToZero};
  };
}

/** The most alternatives that a situation has. */
export function widestOf(situation: Int32Array): number {
  let most = 0;
  for (let n = 0; n + 1 < situation.length; ++n) most = Math.max(most, situation[n + 1] - situation[n]);
  return most;
}
