import {checkOptions, ChoiceError, listed, quote, suggest} from "../errors.js";
import {nonNegative} from "../math/nonNegative.js";
import {shown, type Shown} from "../rich.js";
import {instrumentColumns, layCurves, logitColumn, outsideShares, rampColumns, withoutMeans, type Curve, type Curves} from "./curveDesign.js";
import {checkShares} from "./demand.js";
import type {Market, Remark} from "./market.js";
import {panel, type Panel, type PanelInput} from "./panel.js";
import {rampPerturbation, type Ramps, type RampScale} from "./ramps.js";

/** How to fit perturbations. Everything has a default. */
export interface PerturbationOptions {
  /** Knots of each curve, at even quantiles of the shares it sees. Default 6: five ramps. */
  readonly knots?: number;
  /** Ramps in the logarithm of the share, of which logit is a case, or in the share. Default "log". */
  readonly scale?: RampScale;
  /** "each": a curve for each good and one for the outside option. "inside": one for all goods. "all": one for all of them. Default "each". */
  readonly curves?: Curves;
  /** What moves prices but not tastes, each by period and good. Default: none, least squares. */
  readonly instruments?: readonly PanelInput[];
  /** Parts into which periods are dealt for errors held out; 0 for none. Default 5. */
  readonly folds?: number;
}

/** One curve phi' as it was fitted. */
export interface FittedCurve extends Ramps {
  readonly goods: readonly string[];
  readonly outside: boolean;
}

/** Perturbations learned from prices and shares. */
export interface PerturbationFacts {
  readonly names: readonly string[];
  readonly periods: number;
  readonly scale: RampScale;
  readonly curves: readonly FittedCurve[];
  /** v_j, with every curve zero at its first knot, (J). */
  readonly values: Float64Array;
  /** Root mean square error of prices. */
  readonly rmse: number;
  /** 1 - residual / total sum of squares around the mean price of each good. */
  readonly r2: number;
  /** Ramps, and how many of them rise. */
  readonly ramps: number;
  readonly rising: number;
  /** Logit on the same data: p_j = v_j + scale (ln x_0 - ln x_j). Its price coefficient is 1 / scale. */
  readonly logit: {readonly scale: number; readonly error: number; readonly values: Float64Array; readonly rmse: number};
  /** Root mean square errors of periods left out; absent where there were no folds, or instruments. */
  readonly heldOut?: {readonly ramps: number; readonly logit: number; readonly folds: number};
  /** Independent instruments in use; 0 for least squares. */
  readonly instruments: number;
  /** Largest breach of the conditions of an optimum under signs, over the largest product of a ramp and prices. */
  readonly residual: number;
  /** Observed and fitted, (T, J) row-major. */
  readonly prices: Float64Array;
  readonly fitted: Float64Array;
  readonly shares: Float64Array;
  readonly outsideShares: Float64Array; // (T)
  /** The consumer that was found, for `demand`, `optimalPrices` and `priceLadder`. */
  readonly market: Market;
  readonly notes: readonly Remark[];
}

/** Fitted perturbations, which draw themselves. */
export type PerturbationFit = PerturbationFacts & Shown;

const at = "fitPerturbations(prices, shares, …)";

/**
 * Learns what shares cost a representative consumer from prices and shares of T periods (eq:ramps):
 *
 *   p_tj = v_j - f_j(x_tj) + f_0(x_t0) + e_tj,    f = phi' rising,
 *
 * an additive isotonic regression: every f is a sum of ramps with coefficients that are not negative, found by non-negative
 * least squares; v_j absorbs the levels. Logit is f = ln(x) / b, one of the curves with
 * `scale: "log"`: Berry's (1994) regression is reported beside it. Beyond the shares that were seen, a curve goes on as that logit's. Values are in money.
 *
 * Least squares takes errors for errors of prices. Where they are shocks of taste, shares move with them even if prices do
 * not, and curves come out wrong; then give `instruments`: cost shifters, or the prices themselves if tastes do not move
 * them. They are made into ramps too, and the regression becomes two-stage least squares under signs.
 *
 * @param prices T rows of J prices in money, or an object with a column for each good
 * @param shares of all customers, in the same form; what is missing to one buys nothing
 * @returns curves, values, errors beside those of logit, and the `market` for pricing
 * @throws {ChoiceError} pricing/panel, pricing/length, pricing/number, pricing/shares, pricing/knots, options/unknown
 * @example
 * const prices = [[1, 2], [2, 1], [2, 2], [1, 1], [3, 1], [1, 3]];
 * const shares = prices.map((p) => [...demand({values: [1, 1]}, p).shares]);
 * Math.round(fitPerturbations(prices, shares, {knots: 3, folds: 0}).logit.scale * 1e9) / 1e9 // 1
 */
export function fitPerturbations(prices: PanelInput, shares: PanelInput, options: PerturbationOptions = {}): PerturbationFit {
  checkOptions(at, options, ["knots", "scale", "curves", "instruments", "folds"]);
  const {knots = 6, scale = "log", curves: sharing = "each", folds = 5} = options;
  checkChoices(knots, scale, sharing, folds);
  const p = panel(at, "prices", prices);
  const x = panel(at, "shares", shares, p);
  for (let t = 0; t < x.T; ++t) checkShares(at, x.cells.subarray(t * x.J, (t + 1) * x.J), ` in period ${t}`);
  if (x.T < 2) throw new ChoiceError("pricing/length", {at, saw: "one period", want: "at least two: curves are learned from how prices and shares move"});
  const {instruments: given = []} = options;
  if (!Array.isArray(given)) throw new ChoiceError("pricing/panel", {at, value: given, saw: `instruments: ${quote(given)}`, want: "an array of instruments, each by period and good as prices are", hint: "instruments: [costs]"});
  const instruments = (given as readonly PanelInput[]).map((z, k) => panel(at, `instruments[${k}]`, z, p));
  const curves = layCurves(x, sharing, knots);
  const notes: Remark[] = [];
  const X = rampColumns(x, curves, scale);
  const log = [logitColumn(x, outsideShares(x))];
  const Z = instruments.length ? instrumentColumns(instruments, sharing, knots) : undefined;
  const all = Array.from({length: p.T}, (_, t) => t);
  const ramps = regress(p, X, Z, all);
  const logit = regress(p, log, Z, all, true);
  const errors = (fit: Regression, columns: readonly Float64Array[], periods: readonly number[]) => periods.flatMap((t) => Array.from({length: p.J}, (_, j) => p.cells[t * p.J + j] - predict(fit, columns, t * p.J + j, j)));
  const rms = (e: readonly number[]) => Math.sqrt(e.reduce((sum, v) => sum + v * v, 0) / e.length);
  const miss = errors(ramps, X, all);
  const missLogit = errors(logit, log, all);
  const tail = tailOf(logit.beta[0], curves, ramps.beta, notes);
  remark(notes, p, x, curves, knots, ramps, Z);
  const fittedCurves = cut(curves, ramps.beta).map(({goods, outside, knots: k, heights}): FittedCurve => ({scale, knots: k, heights, tail, goods: goods.map((j) => p.names?.[j] ?? `good ${j + 1}`), outside}));
  const names = p.names ?? Array.from({length: p.J}, (_, j) => `good ${j + 1}`);
  const phi = fittedCurves.map(rampPerturbation);
  const last = phi[phi.length - 1];
  const total = withoutMeans([p.cells], p.J, all).X[0].reduce((sum, v) => sum + v * v, 0);
  const degrees = p.T * p.J - p.J - 1;
  return shown("perturbations", {
    names, periods: p.T, scale, curves: fittedCurves, values: ramps.values, rmse: rms(miss), r2: 1 - miss.reduce((sum, v) => sum + v * v, 0) / total,
    ramps: X.length, rising: ramps.beta.filter((v) => v > 0).length,
    logit: {scale: logit.beta[0], error: degrees > 0 ? (rms(missLogit) * Math.sqrt((p.T * p.J) / degrees)) / Math.sqrt(logit.curvature) : NaN, values: logit.values, rmse: rms(missLogit)},
    ...(folds > 0 && !Z && p.T >= 2 * folds && {heldOut: {folds, ...heldOut(p, X, log, folds, errors, rms)}}),
    instruments: ramps.instruments, residual: ramps.residual, prices: p.cells, fitted: p.cells.map((v, i) => v - miss[i]), shares: x.cells, outsideShares: outsideShares(x),
    market: {values: ramps.values, perturbation: sharing === "each" ? phi.slice(0, -1) : phi[0], outside: 0, outsidePerturbation: last, names}, notes
  });
}

function checkChoices(knots: number, scale: RampScale, sharing: Curves, folds: number): void {
  if (!Number.isInteger(knots) || knots < 2) throw new ChoiceError("pricing/knots", {at, saw: `knots: ${quote(knots)}`, want: "a whole number, at least 2", hint: "knots: 6"});
  if (scale !== "share" && scale !== "log") throw new ChoiceError("pricing/option", {at, saw: `scale: ${quote(scale)}`, want: 'scale: "share" or "log"', hint: suggest(String(scale), ["share", "log"])});
  if (!["each", "inside", "all"].includes(sharing)) throw new ChoiceError("pricing/option", {at, saw: `curves: ${quote(sharing)}`, want: 'curves: "each", "inside" or "all"', hint: suggest(String(sharing), ["each", "inside", "all"])});
  if (!Number.isInteger(folds) || folds < 0 || folds === 1) throw new ChoiceError("pricing/option", {at, saw: `folds: ${quote(folds)}`, want: "0, or a whole number above 1"});
}

interface Regression {
  readonly beta: Float64Array; // (P)
  readonly values: Float64Array; // (J)
  /** Independent instruments, 0 for none. */
  readonly instruments: number;
  readonly residual: number;
  /** Of the first column: its sum of squares, projected on the instruments where there are any. */
  readonly curvature: number;
}

const predict = ({values, beta}: Regression, columns: readonly Float64Array[], i: number, j: number) => columns.reduce((sum, column, k) => sum + beta[k] * column[i], values[j]);

/** Prices on columns and an intercept for each good, over some periods: signed, or free for the one column of logit. */
function regress({J, cells}: Panel, columns: readonly Float64Array[], Z: readonly Float64Array[] | undefined, periods: readonly number[], anySign = false): Regression {
  const {X, means} = withoutMeans(columns, J, periods);
  const {X: [y], means: [level]} = withoutMeans([cells], J, periods);
  const Q = Z && orthonormal(withoutMeans(Z, J, periods).X);
  const project = (v: Float64Array) => (Q ? Float64Array.from(Q, (q) => dot(q, v)) : v);
  const A = X.map(project);
  const target = project(y);
  const P = A.length;
  const G = new Float64Array(P * P);
  for (let k = 0; k < P; ++k) for (let l = 0; l <= k; ++l) G[k * P + l] = G[l * P + k] = dot(A[k], A[l]);
  const c = A.map((a) => dot(a, target));
  const solved = anySign ? {x: Float64Array.of(c[0] / G[0]), pull: new Float64Array(1)} : nonNegative(G, c);
  const beta = solved.x;
  const largest = Math.max(...c.map(Math.abs), Number.MIN_VALUE);
  const residual = Math.max(...Array.from(beta, (v, k) => (v > 0 ? Math.abs(solved.pull[k]) : Math.max(0, solved.pull[k])))) / largest;
  return {beta, values: level.map((v, j) => v - beta.reduce((sum, bk, k) => sum + bk * means[k][j], 0)), instruments: Q?.length ?? 0, residual, curvature: G[0]};
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** An orthonormal base of the columns, by Gram and Schmidt done twice; what is left of a column after the others must be more than rounding. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const Q: Float64Array[] = [];
  for (const column of columns) {
    const v = column.slice();
    const size = Math.sqrt(dot(v, v));
    for (let twice = 0; twice < 2; ++twice) for (const q of Q) {
      const along = dot(q, v);
      for (let i = 0; i < v.length; ++i) v[i] -= along * q[i];
    }
    const left = Math.sqrt(dot(v, v));
    if (left > 1e-9 * size) Q.push(v.map((w) => w / left));
  }
  return Q;
}

function heldOut(p: Panel, X: readonly Float64Array[], log: readonly Float64Array[], folds: number, errors: (fit: Regression, columns: readonly Float64Array[], periods: readonly number[]) => number[], rms: (e: readonly number[]) => number) {
  const [ramps, logit]: number[][] = [[], []];
  for (let fold = 0; fold < folds; ++fold) {
    const kept = Array.from({length: p.T}, (_, t) => t).filter((t) => t % folds !== fold);
    const out = Array.from({length: p.T}, (_, t) => t).filter((t) => t % folds === fold);
    ramps.push(...errors(regress(p, X, undefined, kept), X, out));
    logit.push(...errors(regress(p, log, undefined, kept, true), log, out));
  }
  return {ramps: rms(ramps), logit: rms(logit)};
}

/** Heights of each curve from the coefficients of its ramps, zero at the first knot. */
function cut(curves: readonly Curve[], beta: Float64Array) {
  let from = 0;
  return curves.map((curve) => {
    const heights = new Float64Array(curve.knots.length);
    for (let b = 1; b < heights.length; ++b) heights[b] = heights[b - 1] + beta[from++];
    return {...curve, heights};
  });
}

/** sigma of the tails: logit's, or, where that has the wrong sign, the average steepness of the curves in ln x. */
function tailOf(sigma: number, curves: readonly Curve[], beta: Float64Array, notes: Remark[]): number {
  if (sigma > 0) return sigma;
  notes.push({level: "warning", code: "pricing/logit-sign", text: "Logit has prices rise with shares on these data; curves go on beyond the shares seen with their own average steepness."});
  const slopes = cut(curves, beta).map(({heights, knots}) => (knots.length > 1 ? heights[heights.length - 1] / Math.log(knots[knots.length - 1] / knots[0]) : 0));
  return Math.max(slopes.reduce((sum, s) => sum + s, 0) / slopes.length, 1e-3);
}

function remark(notes: Remark[], {T, J}: Panel, {names}: Panel, curves: readonly Curve[], knots: number, {beta, instruments}: Regression, Z: readonly Float64Array[] | undefined): void {
  const name = ({goods, outside}: Curve) => (outside && !goods.length ? "the outside option" : goods.map((j) => names?.[j] ?? `good ${j + 1}`).join(", "));
  const short = curves.filter((curve) => curve.knots.length < knots);
  if (short.length) notes.push({level: "info", code: "pricing/few-knots", text: `Shares of ${listed(short.map(name))} take so few values that knots coincide; ${listed(short.map((c) => c.knots.length))} of ${knots} are left.`});
  const flat = cut(curves, beta).filter(({heights}) => heights[heights.length - 1] === 0);
  if (flat.length) notes.push({level: "warning", code: "pricing/flat-curve", text: `The curve of ${listed(flat.map(name))} is flat: prices do not fall as its share rises.`});
  if (beta.length + J > T * J) notes.push({level: "warning", code: "pricing/many-ramps", text: `${beta.length} ramps and ${J} values from ${T * J} prices: take fewer knots, or curves: "inside".`});
  if (Z && instruments < beta.length) notes.push({level: "warning", code: "pricing/few-instruments", text: `${instruments} independent instruments for ${beta.length} ramps: some curves are chosen among many that fit as well. Give more instruments, fewer knots, or curves: "inside".`});
}
