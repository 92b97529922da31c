import type {Matrix} from "ml-matrix";
import type {ChoiceFacts} from "../data/choiceData.js";
import {ChoiceError, listed} from "../errors.js";
import {rootMeanSquares} from "../math/dependencies.js";
import {negated, project, spectrum} from "../math/symmetric.js";
import type {Units} from "../model/choices.js";
import type {Column} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Evaluation} from "../optimize/objective.js";

/**
 * Refuses intercepts of alternatives that nobody ever chose, before a climb that would send them to minus infinity.
 *
 * @throws {ChoiceError} identify/separation, naming the alternatives
 */
export function checkChosen(data: ChoiceFacts, columns: readonly Column[], parameters: readonly Parameter[], call: string): void {
  const chosen = new Uint8Array(data.alternatives.length);
  for (let n = 0; n < data.chosen.length; ++n) chosen[data.alternative[data.chosen[n]]] = 1;
  const never = parameters.filter(({column, on, held}) => {
    const {attribute, alternatives} = columns[column];
    return on === undefined && held === undefined && attribute < 0 && alternatives.length === 1 && !chosen[alternatives[0]];
  });
  if (!never.length) return;
  const names = never.map(({column}) => data.alternatives[columns[column].alternatives[0]]);
  throw new ChoiceError("identify/separation", {
    at: call, saw: `${listed(names)} ${names.length > 1 ? "are" : "is"} never chosen, so that a smaller ${listed(never.map(({name}) => name))} always fits better`,
    want: "alternatives that somebody chose, for each intercept",
    hint: `merge rare alternatives, drop their rows, or hold the intercept: {hold: {${JSON.stringify(never[0].name)}: -10}}`
  }, never.map(({name}) => ({column: name})));
}

/** Curvature on scaled columns below which there is next to none. */
const vanished = 1e-6;

/** The summit of a multinomial logit, and the way to ask for its log-likelihood elsewhere. */
export interface Summit {
  readonly at: Evaluation;
  /** Coefficients there, (C). */
  readonly b: Float64Array;
  /** Columns whose coefficients are free. */
  readonly free: readonly number[];
  /** The Hessian in all coefficients where they are zero, (C, C). */
  readonly atZero: Matrix;
  value(b: Float64Array): Promise<number>;
}

/**
 * Refuses data in which some combination of columns predicts choices perfectly (Albert and Anderson 1984): then raising it
 * without limit always fits better, and there is no estimate. Called at the summit of a multinomial logit, where such a
 * direction shows itself: curvature along it has all but vanished, no chosen alternative ever scores less than another, and
 * far along it the log-likelihood, being concave, has not fallen.
 *
 * @throws {ChoiceError} identify/separation, naming the columns
 */
export async function checkSeparation(columns: readonly Column[], laid: Units, {at, b, free, atZero, value}: Summit, call: string): Promise<void> {
  if (curved(laid, at.hessian!, atZero, free)) return;
  const C = columns.length;
  const {d} = laid;
  const rows = d.length / C;
  const scale = rootMeanSquares(d, C);
  const metric = Float64Array.from(free, (c) => scale[c] * Math.sqrt(rows));
  const s = spectrum(negated(at.hessian!), metric);
  if (!(s.values[0] < vanished)) return;
  // The Newton direction: where the climb would go on, were it let.
  const along = project(s, at.gradient).map((c, k) => c / Math.max(s.values[k], Number.MIN_VALUE));
  const direction = new Float64Array(C);
  free.forEach((c, f) => { for (let k = 0; k < along.length; ++k) direction[c] += s.vectors.get(f, k) * along[k]; });
  const largest = Math.max(...direction.map(Math.abs));
  if (!(largest > 0)) return;
  const clean = direction.map((v) => (Math.abs(v) < 1e-4 * largest ? 0 : v / largest)); // on scaled columns
  let [least, most] = [0, 0];
  const felt: number[] = [];
  for (let row = 0; row < rows; ++row) {
    let gain = 0; // of the chosen alternative over this one
    for (let c = 0; c < C; ++c) if (clean[c]) gain -= (d[row * C + c] / scale[c]) * clean[c];
    least = Math.min(least, gain);
    most = Math.max(most, gain);
    if (gain !== 0) felt.push(Math.abs(gain));
  }
  if (!(most > 0) || least < -1e-3 * most) return;
  // Ten units of utility for a typical comparison: one outlying row does not decide.
  const stride = 10 / felt.sort((x, y) => x - y)[felt.length >> 1];
  if (!((await value(b.map((v, c) => v + (stride * clean[c]) / scale[c]))) >= at.value - 0.1)) return;
  const involved = columns.filter((_, c) => clean[c]);
  const names = listed(involved.map(({name}) => name));
  const trend = involved.length === 1 ? `a ${clean[columns.indexOf(involved[0])] > 0 ? "larger" : "smaller"} coefficient always fits better` : "moving them together without limit always fits better";
  throw new ChoiceError("identify/separation", {
    at: call, saw: `${names} ${involved.length > 1 ? "together predict" : "predicts"} some choices perfectly: ${trend}`,
    want: "choices that leave the coefficients finite", hint: `leave ${involved.length > 1 ? "one of them" : "it"} out, merge rare alternatives or levels, or hold it: {hold: {${JSON.stringify(involved[0].name)}: 0}}`
  }, involved.map(({name}) => ({column: name})));
}

/**
 * Whether there is curvature in every direction, without a look at the data. At zero, where the J alternatives of a set are
 * equally likely, a column curves by w sum d² / J² at least; curvature relative to that at zero is therefore at most J² / w
 * times what it is relative to the sums of squares.
 */
function curved({situations: {situation, weight}}: Units, hessian: Matrix, atZero: Matrix, free: readonly number[]): boolean {
  let [J, w] = [0, Infinity];
  for (let n = 0; n < weight.length; ++n) {
    J = Math.max(J, situation[n + 1] - situation[n]);
    w = Math.min(w, weight[n]);
  }
  return spectrum(negated(hessian), Float64Array.from(free, (c) => Math.sqrt(-atZero.get(c, c)))).values[0] >= (vanished * J * J) / w;
}
