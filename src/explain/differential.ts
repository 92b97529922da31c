import type {Reaction} from "./substitution.js";

/**
 * How the probabilities of one situation answer to its utilities, and how that answer depends on the coefficients:
 *
 *   dp_j = v_j (du_j - sum_l v_l du_l / V),   V = sum_l v_l                                  (eq:substitution)
 *   dv_j / dbeta = k_j (z_j - zbar),          zbar = sum_l v_l z_l / V                       (eq:bend)
 *
 * with v the spread and k the skew of the reaction; v = k = p and V = 1 for a logit. The first holds for any common
 * multiplier that keeps the probabilities adding up to one, the second is its derivative (v' = -k in the tilt of a support).
 */
export interface Differential {
  readonly J: number;
  readonly C: number;
  readonly p: Float64Array; // (J)
  readonly v: Float64Array; // (J)
  /** V */
  readonly total: number;
  /** dp / dbeta, (J, C). */
  readonly slope: Float64Array;
  /** dv / dbeta, (J, C), and dV / dbeta, (C). */
  readonly bend: Float64Array;
  readonly bendTotal: Float64Array;
}

/** @param z columns of the rows of the situation, (J, C) */
export function differential(reaction: Reaction, z: Float64Array): Differential {
  const {p, spread: v, skew: k} = reaction;
  const {slope, total, zbar} = slopes(reaction, z);
  const [J, C] = [p.length, zbar.length];
  const [bend, bendTotal] = [new Float64Array(J * C), new Float64Array(C)];
  for (let j = 0, at = 0; j < J; ++j) {
    const kj = k[j];
    for (let c = 0; c < C; ++c, ++at) bendTotal[c] += bend[at] = kj * (z[at] - zbar[c]);
  }
  return {J, C, p, v, total, slope, bend, bendTotal};
}

/** The first derivatives alone: dp / dbeta = v_j (z_j - zbar), (J, C), with V and zbar (C). */
export function slopes({p, spread: v}: Reaction, z: Float64Array): {slope: Float64Array; total: number; zbar: Float64Array} {
  const J = p.length;
  const C = J ? z.length / J : 0;
  const zbar = new Float64Array(C);
  let total = 0;
  for (let j = 0, at = 0; j < J; ++j) {
    const vj = v[j];
    total += vj;
    for (let c = 0; c < C; ++c, ++at) zbar[c] += vj * z[at];
  }
  if (total > 0) for (let c = 0; c < C; ++c) zbar[c] /= total;
  const slope = new Float64Array(J * C);
  for (let j = 0, at = 0; j < J; ++j) {
    const vj = v[j];
    for (let c = 0; c < C; ++c, ++at) slope[at] = vj * (z[at] - zbar[c]);
  }
  return {slope, total, zbar};
}

/** How the probabilities of a situation answer to one change. */
export interface Answer {
  /** dp, (J) and longer. */
  readonly effect: Float64Array;
  /** d dp / dbeta, (J, C) and longer. */
  readonly gradient: Float64Array;
  /** Scratch, (C). */
  readonly mean: Float64Array;
}

/** Room for the answers of situations of up to J alternatives. */
export const answer = (J: number, C: number): Answer => ({effect: new Float64Array(J), gradient: new Float64Array(J * C), mean: new Float64Array(C)});

/**
 * Changes the columns of a situation by dz, so that its utilities rise by du = dz beta (eq:substitution); the gradient holds
 * the spreads', the multiplier's and the utilities' own dependence on beta.
 *
 * @param rise du, (J)   @param byBeta d du / dbeta, (J, C): dz itself; absent where du depends on no coefficient
 */
export function push({J, C, v, total, bend, bendTotal}: Differential, rise: Float64Array, byBeta?: Float64Array, into = answer(J, C)): Answer {
  const {effect, gradient, mean: meanByBeta} = into;
  if (!(total > 0)) {
    effect.fill(0);
    gradient.fill(0);
    return into;
  }
  let mean = 0;
  for (let j = 0; j < J; ++j) mean += v[j] * rise[j];
  mean /= total;
  for (let c = 0; c < C; ++c) meanByBeta[c] = -mean * bendTotal[c];
  for (let j = 0, at = 0; j < J; ++j, at += C) {
    const up = rise[j];
    if (up !== 0) for (let c = 0; c < C; ++c) meanByBeta[c] += bend[at + c] * up;
    if (byBeta) for (let c = 0; c < C; ++c) meanByBeta[c] += v[j] * byBeta[at + c];
  }
  for (let c = 0; c < C; ++c) meanByBeta[c] /= total;
  for (let j = 0, at = 0; j < J; ++j, at += C) {
    const vj = v[j];
    const above = rise[j] - mean;
    effect[j] = vj * above;
    for (let c = 0; c < C; ++c) gradient[at + c] = bend[at + c] * above - vj * meanByBeta[c];
    if (byBeta) for (let c = 0; c < C; ++c) gradient[at + c] += vj * byBeta[at + c];
  }
  return into;
}
