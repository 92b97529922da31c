import {Matrix} from "ml-matrix";
import type {Breathe} from "../kernels/mnl.js";
import {cumulants, tilt} from "../kernels/support.js";
import {sizesOf, type Multipliers, type Programme} from "./programme.js";

/** What a solution says of the data, read off in one pass over the cells; weights counted everywhere. */
export interface Readings {
  /** Sums of w z p, of w z e, and of w z p with all multipliers zero, (K) each. */
  readonly predicted: Float64Array;
  readonly errors: Float64Array;
  readonly atZero: Float64Array;
  /** Entropies of pi (of p for the shannon signal), of w and of p, and the greatest each could be. */
  readonly entropy: {readonly signal: number; readonly noise: number; readonly p: number};
  readonly most: {readonly signal: number; readonly noise: number; readonly p: number};
  /** sum_n w_n ln p of the chosen rows; absent without them. */
  readonly logLikelihood?: number;
  /** sum over a person's situations of w_n sum_j z (y - p - e), (I, K) row-major; absent without choices. */
  readonly scores?: Float64Array;
  /** sum_n w_n Z_n'(diag p - p p')Z_n, the covariance of totals under the model, (K, K). */
  readonly expected: Matrix;
}

/**
 * @param chosen rows chosen and pointers from people to situations, where choices are known
 */
export async function readings(programme: Programme, {lambda, mu, nu}: Multipliers, chosen?: {readonly chosen: Int32Array; readonly person: Int32Array}, breathe?: Breathe): Promise<Readings> {
  const {z, situation, weight, signal, noise} = programme;
  const {K, N} = sizesOf(programme);
  const [predicted, errors, atZero] = [new Float64Array(K), new Float64Array(K), new Float64Array(K)];
  const expected = new Float64Array(K * K);
  const people = chosen ? chosen.person.length - 1 : 0;
  const scores = new Float64Array(people * K);
  const [entropy, most] = [{signal: 0, noise: 0, p: 0}, {signal: 0, noise: 0, p: 0}];
  const at = cumulants();
  const [M, H] = [signal.kind === "supports" ? signal.support.points.length : 0, noise ? noise.support.points.length : 0];
  const tilted = new Float64Array(Math.max(M, H));
  const [zbar, ebar, mean, centred] = [new Float64Array(K), new Float64Array(K), new Float64Array(K), new Float64Array(K)];
  let [eta, p, prior] = [new Float64Array(0), new Float64Array(0), new Float64Array(0)];
  let logLikelihood = 0;

  for (let n = 0, i = 0; n < N; ++n) {
    const wait = breathe?.();
    if (wait) await wait;
    const [from, w] = [situation[n], weight[n]];
    const J = situation[n + 1] - from;
    if (eta.length < J) [eta, p, prior] = [new Float64Array(J), new Float64Array(J), new Float64Array(J)];
    while (chosen && n >= chosen.person[i + 1]) ++i;
    for (let j = 0, c = from * K; j < J; ++j) {
      eta[j] = 0;
      for (let k = 0; k < K; ++k, ++c) eta[j] += z[c] * lambda[k];
      prior[j] = signal.kind === "shannon" && signal.logPrior ? Math.exp(signal.logPrior[from + j]) : 1 / J;
    }
    let logZ = 0; // of the shannon signal
    if (signal.kind === "shannon") logZ = softmax(eta, J, p, signal.logPrior, from);
    zbar.fill(0);
    ebar.fill(0);
    mean.fill(0);
    let uncertain = 0;
    for (let j = 0, c = from * K; j < J; ++j) {
      if (signal.kind === "supports") {
        tilt(at, signal.support, eta[j] + mu[n], tilted);
        p[j] = at.mean;
        entropy.signal += w * cellEntropy(tilted, M);
      }
      if (p[j] > 0) uncertain -= p[j] * Math.log(p[j]);
      let e = 0;
      if (noise) {
        tilt(at, noise.support, eta[j] + nu[n], tilted);
        e = at.mean;
        entropy.noise += w * cellEntropy(tilted, H);
      }
      for (let k = 0; k < K; ++k, ++c) {
        zbar[k] += p[j] * z[c];
        ebar[k] += e * z[c];
        mean[k] += prior[j] * z[c];
      }
    }
    for (let j = 0, c = from * K; j < J; ++j, c += K) {
      for (let k = 0; k < K; ++k) centred[k] = z[c + k] - zbar[k];
      for (let k = 0, to = 0; k < K; ++k, to = k * K) {
        const part = w * p[j] * centred[k];
        for (let l = 0; l <= k; ++l) expected[to + l] += part * centred[l];
      }
    }
    for (let k = 0; k < K; ++k) {
      predicted[k] += w * zbar[k];
      errors[k] += w * ebar[k];
      atZero[k] += w * mean[k];
      if (chosen) scores[i * K + k] += w * (z[chosen.chosen[n] * K + k] - zbar[k] - ebar[k]);
    }
    entropy.p += w * uncertain;
    most.p += w * Math.log(J);
    if (M) most.signal += w * J * Math.log(M);
    if (H) most.noise += w * J * Math.log(H);
    if (chosen) {
      const row = chosen.chosen[n];
      logLikelihood += w * (signal.kind === "shannon" ? (signal.logPrior ? signal.logPrior[row] : 0) - eta[row - from] - logZ : Math.log(p[row - from]));
    }
  }
  if (signal.kind === "shannon") [entropy.signal, most.signal] = [entropy.p, most.p];
  for (let k = 1; k < K; ++k) for (let l = 0; l < k; ++l) expected[l * K + k] = expected[k * K + l];
  return {predicted, errors, atZero, entropy, most, ...(chosen && {logLikelihood, scores}), expected: Matrix.from1DArray(K, K, expected)};
}

/** p = softmax(ln p0 - eta), and its ln sum. */
function softmax(eta: Float64Array, J: number, p: Float64Array, logPrior: Float64Array | undefined, from: number): number {
  let most = -Infinity;
  for (let j = 0; j < J; ++j) {
    p[j] = (logPrior ? logPrior[from + j] : 0) - eta[j];
    if (p[j] > most) most = p[j];
  }
  let sum = 0;
  for (let j = 0; j < J; ++j) sum += p[j] = Math.exp(p[j] - most);
  for (let j = 0; j < J; ++j) p[j] /= sum;
  return most + Math.log(sum);
}

function cellEntropy(weights: Float64Array, M: number): number {
  let sum = 0;
  for (let m = 0; m < M; ++m) if (weights[m] > 0) sum -= weights[m] * Math.log(weights[m]);
  return sum;
}
