import {power} from "./exp";
import {log1p} from "./log";
import {finish, flat, found, growth, lines, look, slack, spread, sum, target} from "./tilt";
import {ownStep, residual, stepped, tie} from "./tie";
import {across, interleave, means, plus, products, utilities} from "./vectors";

/**
 * The dual of a maximum-entropy programme over a run of situations with equally many alternatives (eq:dual, eq:curvature). A
 * vector holds a number of two situations; pairs are taken in blocks that stay in the nearest cache. What the last pass found
 * of a situation is not kept: a step works it out again from where the multipliers stood, with the z that is at hand anyway,
 * and takes N K numbers less of memory.
 */

/** Vectors of data and scratch that are read again and again: 24 KB. */
const near: usize = 1536;

/** Pairs in a block. */
@inline
function together(J: usize, K: usize): usize {
  return max<usize>(1, min<usize>(32, near / (J * (K + 8))));
}

// Sizes and addresses, set once by `dualPlaces`.
let K: usize = 0;
let table: usize = 0;
let lambda: usize = 0; // (K), then where it stood, then the direction
let signal: usize = 0; // a support; 0 for shannon
let noise: usize = 0; // a support; 0 without
let tied: bool = false; // errors sum to zero
let data: usize = 0; // z of a run, one situation after the other
let prior: usize = 0; // log priors, the same; 0 without
let weight: usize = 0; // (pairs)
let stood: usize = 0; // mu, then nu, where they stood, (most) each
let tried: usize = 0; // and where they are
let most: usize = 0; // pairs of a run, 16 bytes each
let sums: usize = 0; // as in `layout` of ../dual.ts
let scratch: usize = 0;

/** Of the places above, i32 each in that order. */
export function dualPlaces(at: usize): void {
  K = load<i32>(at); table = load<i32>(at, 4); lambda = load<i32>(at, 8); signal = load<i32>(at, 12); noise = load<i32>(at, 16); tied = load<i32>(at, 20) != 0;
  data = load<i32>(at, 24); prior = load<i32>(at, 28); weight = load<i32>(at, 32); stood = load<i32>(at, 36); tried = load<i32>(at, 40); most = load<i32>(at, 44) << 4;
  sums = load<i32>(at, 48); scratch = load<i32>(at, 52);
}

/** Bytes of scratch for situations of J alternatives and supports of M points at most. */
export function dualScratch(J: usize, K: usize, M: usize): usize {
  const pairs = together(J, K);
  return 16 * (7 + 2 * K + K * K + J * pairs * (8 + 2 * K) + pairs * (K + 1) + M) + found * pairs;
}

// Scratch: sums as vectors; then rows of a block, what was found of its pairs, and weights of points.
let held: usize = 0; // value, magnitude, entropies of signal and noise, promise
let moments: usize = 0; // (K)
let pull: usize = 0; // (K)
let curvature: usize = 0; // (K, K)
let worst: usize = 0; // of residuals: of p, of e
let eta: usize = 0;
let before: usize = 0; // eta where the multipliers stood
let turn: usize = 0; // its change for a whole step
let mean: usize = 0;
let variance: usize = 0; // of a cell, then times the weight of its situation
let part: usize = 0; // of its situation's variance; before, 1 + part is a cell's Z over its largest term
let away: usize = 0; // of a cell's mean from the end of its points
let gain: usize = 0; // p + e, times the weight
let z: usize = 0; // (rows, K)
let centred: usize = 0; // z less its centre, (rows, K)
let centre: usize = 0; // (pairs, K)
let pair: usize = 0; // what `look` finds, (pairs)
let point: usize = 0;
let zeros: usize = 0; // (pairs)

function layOut(J: usize): void {
  const pairs = together(J, K), rows = (J * pairs) << 4, line = K << 4;
  held = scratch; moments = held + 80; pull = moments + line; curvature = pull + line; worst = curvature + K * line;
  eta = worst + 32; before = eta + rows; turn = before + rows; mean = turn + rows; variance = mean + rows; part = variance + rows; away = part + rows; gain = away + rows;
  z = gain + rows; centred = z + K * rows; centre = centred + K * rows; pair = centre + pairs * line; zeros = pair + pairs * found; point = zeros + (pairs << 4);
}

/**
 * Sums of a run into `sums`.
 *
 * @param move    see `tie`
 * @param length  of a step
 * @param mu      multipliers of such situations at eta = 0, as is `nu`
 */
export function dual(move: i32, length: f64, J: usize, pairs: usize, mu: f64, nu: f64): void {
  layOut(J);
  for (let at = held; at < eta; at += 16) v128.store(at, f64x2.splat(0));
  const block = together(J, K);
  let from = data, w = weight, q = prior;
  for (let done: usize = 0; done < pairs;) {
    const now = min<usize>(block, pairs - done), rows = J * now, o = done << 4;
    interleave(z, from, J * K, now);
    utilities(eta, z, lambda, K, rows);
    if (move == stepped && (signal || tied)) {
      utilities(before, z, lambda + (K << 3), K, rows);
      utilities(turn, z, lambda + (K << 4), K, rows);
    }
    if (signal) {
      tie(signal, move, length, mu, eta, before, turn, J << 4, now, stood + o, tried + o, mean, variance, part, away, point, pair, table);
      digest(signal, w, tried + o, held + 32, worst, J, now, true);
    } else {
      if (q) interleave(away, q, J, now);
      shannon(w, q ? away : 0, J, now);
    }
    if (tied) {
      tie(noise, move, length, nu, eta, before, turn, J << 4, now, stood + most + o, tried + most + o, mean, variance, part, away, point, pair, table);
      digest(noise, w, tried + most + o, held + 48, worst + 16, J, now, false);
    } else if (noise) loose(w, J, now);
    means(centre, gain, z, rows, K, 1);
    for (let k: usize = 0; k < K << 4; k += 16) add(moments + k, v128.load(centre + k));
    from += (rows * K) << 4;
    w += now << 4;
    if (q) q += rows << 4;
    done += now;
  }
  let to = sums;
  for (let at = held; at < worst; at += 16, to += 8) store<f64>(to, across(v128.load(at)));
  for (let at = worst; at < eta; at += 16, to += 8) store<f64>(to, max(f64x2.extract_lane(v128.load(at), 0), f64x2.extract_lane(v128.load(at), 1)));
}

@inline
function add(at: usize, x: v128): void {
  v128.store(at, f64x2.add(v128.load(at), x));
}

/** Sums of tied cells: what `look` found of every pair, at its multiplier. */
function digest(S: usize, w: usize, tried: usize, entropy: usize, farthest: usize, J: usize, now: usize, fresh: bool): void {
  const zero = f64x2.splat(0), size = J << 4;
  let value = zero, magnitude = zero, spent = zero, promise = zero, largest = v128.load(farthest);
  for (let at: usize = 0, row: usize = 0, one = pair; at < now << 4; at += 16, one += found) {
    const own = v128.load(w + at), mu = f64x2.mul(v128.load(S, target), v128.load(tried + at));
    const log = log1p(v128.load(one, growth)), whole = f64x2.add(v128.load(one, lines), log);
    value = plus(value, own, f64x2.add(mu, whole));
    magnitude = plus(magnitude, own, f64x2.add(f64x2.abs(mu), f64x2.abs(whole)));
    spent = plus(spent, own, f64x2.add(v128.load(one, slack), log));
    const V = v128.load(one, spread), r = residual(S, one), step = ownStep(S, one);
    promise = plus(promise, own, f64x2.mul(f64x2.mul(step, step), V));
    largest = f64x2.pmax(largest, f64x2.abs(r));
    v128.store(one, f64x2.mul(own, v128.and(r, f64x2.gt(V, v128.load(S, flat)))), sum);
    const some = f64x2.gt(V, zero), inverse = v128.and(f64x2.div(f64x2.splat(1), V), some), even = v128.andnot(f64x2.splat(1 / <f64>J), some);
    for (const end = row + size; row < end; row += 16) {
      const v = v128.load(variance + row), m = f64x2.mul(own, v128.load(mean + row));
      v128.store(part + row, plus(even, v, inverse));
      v128.store(variance + row, f64x2.mul(own, v));
      v128.store(gain + row, fresh ? m : f64x2.add(v128.load(gain + row), m));
    }
  }
  add(held, value);
  add(held + 16, magnitude);
  add(entropy, spent);
  add(held + 64, promise);
  v128.store(farthest, largest);
  means(centre, part, z, J, K, now);
  for (let at: usize = 0, c = centre; at < now; ++at) {
    const r = v128.load(pair + at * found, sum);
    for (let k: usize = 0; k < K << 4; k += 16, c += 16) add(pull + k, f64x2.mul(r, v128.load(c)));
  }
  curve(J, now);
}

/** Sums of cells without a multiplier: errors that need not sum to zero. */
function loose(w: usize, J: usize, now: usize): void {
  const zero = f64x2.splat(0), size = J << 4;
  for (let at: usize = 0; at < now << 4; at += 16) v128.store(zeros + at, zero);
  look(noise, eta, size, now, zeros, mean, variance, part, away, point, pair, table);
  finish(noise, eta, size, now, zeros, part, away, pair);
  let value = zero, magnitude = zero, spent = zero;
  for (let at: usize = 0, row: usize = 0, one = pair; at < now << 4; at += 16, one += found) {
    const own = v128.load(w + at), log = log1p(v128.load(one, growth)), whole = f64x2.add(v128.load(one, lines), log);
    value = plus(value, own, whole);
    magnitude = plus(magnitude, own, f64x2.abs(whole));
    spent = plus(spent, own, f64x2.add(v128.load(one, slack), log));
    for (const end = row + size; row < end; row += 16) {
      v128.store(variance + row, f64x2.mul(own, v128.load(variance + row)));
      v128.store(gain + row, plus(v128.load(gain + row), own, v128.load(mean + row)));
    }
  }
  add(held, value);
  add(held + 16, magnitude);
  add(held + 48, spent);
  products(curvature, variance, z, K, J * now);
}

/** Sums of probabilities that are themselves the distribution whose entropy counts. */
function shannon(w: usize, q: usize, J: usize, now: usize): void {
  const zero = f64x2.splat(0), one = f64x2.splat(1), size = J << 4;
  let value = zero, magnitude = zero, spent = zero;
  for (let at: usize = 0, from: usize = 0; at < now << 4; at += 16, from += size) {
    const end = from + size;
    let best = f64x2.splat(-Infinity);
    for (let row = from; row < end; row += 16) {
      const v = q ? f64x2.sub(v128.load(q + row), v128.load(eta + row)) : f64x2.neg(v128.load(eta + row));
      v128.store(part + row, v);
      best = f64x2.pmax(best, v);
    }
    // Tops are exactly one and counted apart: what is left beside a near-certain choice keeps its digits.
    let others = zero, tops = zero;
    for (let row = from; row < end; row += 16) {
      const v = v128.load(part + row), top = f64x2.eq(v, best), p = power(f64x2.sub(v, best), table);
      v128.store(part + row, p);
      others = f64x2.add(others, v128.andnot(p, top));
      tops = f64x2.add(tops, v128.and(one, top));
    }
    others = f64x2.add(others, f64x2.sub(tops, one));
    const own = v128.load(w + at), log = log1p(others), whole = f64x2.add(best, log), inverse = f64x2.div(one, f64x2.add(one, others));
    let slack = log;
    for (let row = from; row < end; row += 16) {
      const p = f64x2.mul(v128.load(part + row), inverse), wp = f64x2.mul(own, p);
      slack = plus(slack, p, f64x2.add(v128.load(eta + row), best));
      v128.store(part + row, p);
      v128.store(variance + row, wp);
      v128.store(gain + row, wp);
    }
    value = plus(value, own, whole);
    magnitude = plus(magnitude, own, f64x2.abs(whole));
    spent = plus(spent, own, slack);
  }
  add(held, value);
  add(held + 16, magnitude);
  add(held + 32, spent);
  means(centre, part, z, J, K, now);
  curve(J, now);
}

/** Adds variances times squares of z around the centres of their situations. */
function curve(J: usize, now: usize): void {
  if (K == 3) return curve3(J, now);
  const line = K << 4;
  let to = centred, from = z;
  for (let c = centre, end = centre + now * line; c < end; c += line) {
    for (let j: usize = 0; j < J; ++j) for (let k: usize = 0; k < line; k += 16, from += 16, to += 16) v128.store(to, f64x2.sub(v128.load(from), v128.load(c + k)));
  }
  products(curvature, variance, centred, K, J * now);
}

/** The same for three moments, in registers throughout. */
function curve3(J: usize, now: usize): void {
  let s00 = v128.load(curvature), s10 = v128.load(curvature, 48), s11 = v128.load(curvature, 64);
  let s20 = v128.load(curvature, 96), s21 = v128.load(curvature, 112), s22 = v128.load(curvature, 128);
  let v = variance, from = z;
  for (let c = centre, end = centre + now * 48; c < end; c += 48) {
    const c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32);
    for (const to = v + (J << 4); v < to; v += 16, from += 48) {
      const w = v128.load(v);
      const d0 = f64x2.sub(v128.load(from), c0), d1 = f64x2.sub(v128.load(from, 16), c1), d2 = f64x2.sub(v128.load(from, 32), c2);
      const w0 = f64x2.mul(w, d0), w1 = f64x2.mul(w, d1), w2 = f64x2.mul(w, d2);
      s00 = plus(s00, w0, d0); s10 = plus(s10, w1, d0); s11 = plus(s11, w1, d1);
      s20 = plus(s20, w2, d0); s21 = plus(s21, w2, d1); s22 = plus(s22, w2, d2);
    }
  }
  v128.store(curvature, s00); v128.store(curvature, s10, 48); v128.store(curvature, s11, 64);
  v128.store(curvature, s20, 96); v128.store(curvature, s21, 112); v128.store(curvature, s22, 128);
}
