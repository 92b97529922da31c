import {ChoiceError, expectFields, quote} from "../errors.js";
import {cumulants, tilt} from "../kernels/support.js";
import {sizesOf, type Multipliers, type Programme, type Support} from "./programme.js";
import type {Cells} from "./solution.js";

/**
 * What stands in the cells of situation n at multipliers: probabilities, errors, and the distributions behind them (eq:tilt).
 * Nothing of it is kept: a data set has too many.
 *
 * @param n a situation, counted from 0
 * @throws {ChoiceError} entropy/programme, entropy/situation
 * @example
 * const entropic = await fitMaxEnt(data, {intercepts: false});
 * cells(entropic.programme, entropic.solution, 0).p // one probability for each alternative on offer
 */
export function cells(programme: Programme, multipliers: Multipliers, n: number): Cells {
  checkSolved("cells(programme, multipliers, n)", programme, multipliers);
  const {signal, noise, situation} = programme;
  if (!(Number.isInteger(n) && n >= 0 && n + 1 < situation.length)) {
    throw new ChoiceError("entropy/situation", {at: "cells(programme, multipliers, n)", saw: `situation ${quote(n)}`, want: `a whole number from 0 to ${situation.length - 2}`});
  }
  const J = situation[n + 1] - situation[n];
  const eta = etas(programme, multipliers.lambda, n);
  const behind = signal.kind === "supports" ? spelled(signal.support, eta, multipliers.mu[n]) : undefined;
  const p = behind?.mean ?? shares(eta, signal.kind === "shannon" ? signal.logPrior?.subarray(situation[n], situation[n + 1]) : undefined);
  const off = noise && spelled(noise.support, eta, noise.sumToZero ? multipliers.nu[n] : 0);
  return {
    p, errors: off?.mean ?? new Float64Array(J), spread: behind?.spread ?? p.slice(), skew: behind?.skew ?? p.slice(),
    ...(behind && {pi: behind.weights}), ...(off && {w: off.weights})
  };
}

/** @throws {ChoiceError} entropy/programme */
function checkSolved(at: string, programme: Programme, multipliers: Multipliers): void {
  const hint = `${at.replace("programme, multipliers", "fit.programme, fit.solution")}, of a maximum-entropy fit`;
  expectFields("entropy/programme", at, programme, ["z", "moments", "situation", "signal"], "a programme", hint);
  expectFields("entropy/programme", at, multipliers, ["lambda", "mu", "nu"], "multipliers", hint);
}

/**
 * p of every cell, (rows).
 *
 * @throws {ChoiceError} entropy/programme
 */
export const probabilities = (programme: Programme, multipliers: Multipliers): Float64Array => means(programme, multipliers, "signal");

/**
 * e of every cell, (rows); zeros without noise.
 *
 * @throws {ChoiceError} entropy/programme
 */
export const errors = (programme: Programme, multipliers: Multipliers): Float64Array => means(programme, multipliers, "noise");

function means(programme: Programme, multipliers: Multipliers, of: "signal" | "noise"): Float64Array {
  checkSolved(`${of === "noise" ? "errors" : "probabilities"}(programme, multipliers)`, programme, multipliers);
  const {lambda, mu, nu} = multipliers;
  const {signal, noise, situation} = programme;
  const {N, rows} = sizesOf(programme);
  const out = new Float64Array(rows);
  if (of === "noise" && !noise) return out;
  for (let n = 0; n < N; ++n) {
    const eta = etas(programme, lambda, n);
    const values = of === "noise" ? spelled(noise!.support, eta, noise!.sumToZero ? nu[n] : 0).mean
      : signal.kind === "supports" ? spelled(signal.support, eta, mu[n]).mean : shares(eta, signal.logPrior?.subarray(situation[n], situation[n + 1]));
    out.set(values, situation[n]);
  }
  return out;
}

/** z lambda of a situation, (J). */
function etas({z, moments: K, situation}: Programme, lambda: Float64Array, n: number): Float64Array {
  const eta = new Float64Array(situation[n + 1] - situation[n]);
  for (let j = 0, c = situation[n] * K; j < eta.length; ++j) for (let k = 0; k < K; ++k, ++c) eta[j] += z[c] * lambda[k];
  return eta;
}

/** q exp(-eta) over its sum, (J). */
function shares(eta: Float64Array, logPrior?: Float64Array): Float64Array {
  const v = eta.map((e, j) => (logPrior ? logPrior[j] : 0) - e);
  const most = v.reduce((a, b) => Math.max(a, b), -Infinity);
  const p = v.map((x) => Math.exp(x - most));
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((x) => x / sum);
}

/** A support tilted in every cell of a situation. */
function spelled(support: Support, eta: Float64Array, shift: number) {
  const [J, M] = [eta.length, support.points.length];
  const [mean, spread, skew, weights] = [J, J, J, J * M].map((size) => new Float64Array(size));
  const at = cumulants();
  for (let j = 0; j < J; ++j) {
    tilt(at, support, eta[j] + shift, weights, j * M);
    mean[j] = at.mean;
    spread[j] = at.variance;
    skew[j] = at.third;
  }
  return {mean, spread, skew, weights};
}
