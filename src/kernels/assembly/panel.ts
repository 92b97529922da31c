/**
 * The panel likelihood of `../panel.ts`, eight nodes wide and more: every quantity is a vector over a block of nodes, every
 * loop runs over such vectors, two numbers to an instruction. Columns come with the random ones first.
 *
 * Probabilities of a sequence are products of 1 / S_t. They are kept as an exact mantissa and exponent, so that a thousand
 * situations neither underflow nor need a logarithm; a unit costs one logarithm, which the caller takes.
 *
 * What a node contributes is written in **effects**: derivatives by the index of a column, or by one of its loadings within
 * people. A parameter is an effect times a number of the outer node: one, a normal, or a slope given by the caller.
 */
import {exp2, perUtility} from "./exp";

// Sizes and addresses, set once by `configure` and again when other nodes are laid.
let C: usize = 0; // columns
let K: usize = 0; // of them random, the first ones
let D: usize = 0; // dimensions between
let R: usize = 0; // nodes, rounded up to a multiple of 8
let P: usize = 0;
let A: usize = 0; // effects: the columns, then loadings within
let block: usize = 0; // bytes of a block of nodes
let S: i32 = 0; // nodes within, 0 without
let E: usize = 0; // dimensions within
let rowAt: usize = 0; // (N + 1) i32
let dAt: usize = 0; // (rows, C)
let table: usize = 0;
let fixedAt: usize = 0; // scaled coefficients of the fixed columns
let thetaAt: usize = 0; // scaled parameters (P)
let shapeAt: usize = 0; // of each random column, i32: 0 the index, 1 exp, -1 minus exp, 2 and -2 censored, 3 given
let locationAt: usize = 0; // parameter of each random column, i32
let unitAt: usize = 0; // dimension that enters with weight one, i32, -1 without
let loadAt: usize = 0; // loads between: (start of each column, K + 1) then pairs (parameter, dimension)
let insideAt: usize = 0; // loads within, the same
let effectAt: usize = 0; // effect of each parameter, i32
let nodeAt: usize = 0; // its outer node, i32: -1 one, l ≥ 0 the normal of dimension l, -2 - k the k-th slope given
let firstAt: usize = 0; // parameters sorted by effect: start of each effect (A + 1), then the parameters
let carriedAt: usize = 0; // of effects beyond the columns: pairs (column, dimension within)
let givenAt: usize = 0; // given columns: (b, slopes…) as vectors over R
let curveAt: usize = 0; // given second derivatives: count, then triples (p, q, vector)
let etaAt: usize = 0; // nodes within
let innerAt: usize = 0; // weights within, (S)
let innerBy: i32 = 0; // 0 one set for all (S, E), 1 one for each situation, 2 one for each situation and node (N, S, E, R)
let scratch: usize = 0;
// Scratch, each vector B bytes behind the last.
let zAt: usize = 0; // (D)
let bAt: usize = 0; // (K) coefficients, scaled
let baseAt: usize = 0; // (K) their indices without what varies within
let slopeAt: usize = 0; // (K)
let eAt: usize = 0; // (largest set)
let sumAt: usize = 0;
let mantissaAt: usize = 0;
let exponentAt: usize = 0;
let wAt: usize = 0;
let gAt: usize = 0; // (A) effects
let kAt: usize = 0; // (A (A + 1) / 2)
let mAt: usize = 0; // (C)
let xAt: usize = 0;
let yAt: usize = 0;
let onesAt: usize = 0;
let qAt: usize = 0; // share of a node within
let totalAt: usize = 0; // mixture within: P_t
let ugAt: usize = 0; // (A) of one node within
let tgAt: usize = 0; // (A) of one situation
let tkAt: usize = 0; // (A (A + 1) / 2)
let hAt: usize = 0; // (C (C + 1) / 2) curvature of one node within
let productsAt: usize = 0; // 1, normals, and their products (\`productCount\`)
// One situation to a unit: sums over nodes of w p_j times each product, then of w p_j p_k.
let straight: bool = false; // every random column is its index, so that products of normals say all
let momentsAt: usize = 0;
// Sums over nodes, relative to 2^-reference.
let reference: i64 = 0;
let outAt: usize = 0; // total, squares, reference, hottest, then U (P), then K (P, P)
let sharesAt: usize = 0;
// Runs of units.
let unitsAt: usize = 0; // pointers to situations (U + 1), i32
let setAt: usize = 0; // set of nodes of each unit, (U), i32
let ownWeightsAt: usize = 0; // weight of each unit, (U)
let setsAt: usize = 0;
let nodeWeightsAt: usize = 0;
let weightStride: usize = 0; // bytes from the node weights of a set to the next, 0 when all have the same
let placesAt: usize = 0; // 0 without
let headsAt: usize = 0; // total, squares, reference of each unit of a run
let runScoresAt: usize = 0; // its weighted scores, (units of a run, P)
let sumsAt: usize = 0; // outer products of scores, then Hessians, weighted: lower triangles

/** Bytes from a vector of scratch to the next: a constant, so that it costs nothing in an address. No block is longer. */
const B: usize = 512;

const one64: i64 = 0x3FF0000000000000;

@inline
function word(at: usize, k: usize): i32 { return load<i32>(at + (k << 2)); }

@inline
function bytes(k: usize): usize { return k << 9; }

export function configure(at: usize): void {
  C = word(at, 0); K = word(at, 1); D = word(at, 2); R = word(at, 3); P = word(at, 4); A = word(at, 5); block = word(at, 6) << 3;
  S = word(at, 7); E = word(at, 8);
  rowAt = word(at, 9); dAt = word(at, 10); table = word(at, 11); fixedAt = word(at, 12); thetaAt = word(at, 13); shapeAt = word(at, 14);
  locationAt = word(at, 15); unitAt = word(at, 16); loadAt = word(at, 17); insideAt = word(at, 18); effectAt = word(at, 19); nodeAt = word(at, 20);
  firstAt = word(at, 21); carriedAt = word(at, 22); givenAt = word(at, 23); curveAt = word(at, 24); etaAt = word(at, 25); innerAt = word(at, 26);
  innerBy = word(at, 27); outAt = word(at, 28); sharesAt = word(at, 29); scratch = word(at, 30);
  const largest: usize = word(at, 31);
  straight = word(at, 32) != 0;
  momentsAt = word(at, 33);
  unitsAt = word(at, 34); setAt = word(at, 35); ownWeightsAt = word(at, 36); setsAt = word(at, 37); nodeWeightsAt = word(at, 38); weightStride = word(at, 39);
  headsAt = word(at, 40); runScoresAt = word(at, 41); sumsAt = word(at, 42);
  let to = scratch;
  zAt = to; to += bytes(D);
  bAt = to; to += bytes(K);
  baseAt = to; to += bytes(K);
  slopeAt = to; to += bytes(K);
  eAt = to; to += bytes(largest);
  sumAt = to; to += B;
  mantissaAt = to; to += B;
  exponentAt = to; to += B;
  wAt = to; to += B;
  gAt = to; to += bytes(A);
  kAt = to; to += bytes((A * (A + 1)) >> 1);
  mAt = to; to += bytes(C);
  xAt = to; to += B;
  yAt = to; to += B;
  onesAt = to; to += B;
  if (S) {
    qAt = to; to += B;
    totalAt = to; to += B;
    ugAt = to; to += bytes(A);
    tgAt = to; to += bytes(A);
    tkAt = to; to += bytes((A * (A + 1)) >> 1);
    hAt = to; to += bytes((C * (C + 1)) >> 1);
  }
  productsAt = to;
  fill(onesAt, B, f64x2.splat(1));
}

/** One, D normals, and their products with one another. */
@inline
function productCount(D: usize): usize { return ((D + 1) * (D + 2)) >> 1; }

/** Sets of more alternatives than this beside the chosen one go the general way, where pairs of them cost nothing. */
const mostPaired: usize = 8;

/** Numbers that units of one situation are summed in, or, without such, moments of nodes. */
export function momentCount(D: i32, largest: i32, straight: bool): i32 {
  const m = min<i32>(largest, <i32>mostPaired);
  return !straight ? <i32>productCount(D) : (largest + (m * (m + 1)) / 2) * <i32>productCount(D);
}

/** Vectors of B bytes that `configure` lays into scratch. */
export function scratchVectors(C: i32, K: i32, D: i32, A: i32, S: i32, largest: i32): i32 {
  const pairs = (A * (A + 1)) / 2;
  return D + 3 * K + largest + 4 + A + pairs + C + 3 + (S ? 2 + 2 * A + pairs + (C * (C + 1)) / 2 : 0) + <i32>productCount(D);
}

@inline
function fill(at: usize, size: usize, value: v128): void {
  for (let i: usize = 0; i < size; i += 16) v128.store(at + i, value);
}

@inline
function splat(at: usize): v128 { return v128.load_splat<f64>(at); }

@inline
function sum2(x: v128): f64 { return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1); }

/** sum_r x_r */
@inline
function total(x: usize, size: usize): f64 {
  let a = f64x2.splat(0);
  for (let i: usize = 0; i < size; i += 16) a = f64x2.add(a, v128.load(x + i));
  return sum2(a);
}

/** sum_r x_r y_r */
@inline
function dot(x: usize, y: usize, size: usize): f64 {
  let a = f64x2.splat(0);
  for (let i: usize = 0; i < size; i += 16) a = f64x2.add(a, f64x2.mul(v128.load(x + i), v128.load(y + i)));
  return sum2(a);
}

/** Nodes z = m + C x of a unit with a place, and their weights w phi(z) |C| / phi(x), for one block (eq:place). */
function placeNodes(set: usize, weights: usize, place: usize, size: usize): void {
  const stride = R << 3;
  // The exponent |x|² - |z|², halved and in 1/256 octaves, begins with log |C|, which the caller put behind the triangle.
  const half = f64x2.splat(0.5 * perUtility);
  fill(xAt, size, f64x2.splat(0));
  let row = place + (D << 3);
  for (let l: usize = 0; l < D; ++l) {
    const z = zAt + bytes(l);
    const centre = splat(place + (l << 3));
    for (let i: usize = 0; i < size; i += 16) v128.store(z + i, centre);
    for (let m: usize = 0; m <= l; ++m) {
      const c = splat(row + (m << 3));
      const x = set + m * stride;
      for (let i: usize = 0; i < size; i += 16) v128.store(z + i, f64x2.add(v128.load(z + i), f64x2.mul(c, v128.load(x + i))));
    }
    row += (l + 1) << 3;
    const x = set + l * stride;
    for (let i: usize = 0; i < size; i += 16) {
      const zi = v128.load(z + i);
      const xi = v128.load(x + i);
      v128.store(xAt + i, f64x2.add(v128.load(xAt + i), f64x2.mul(f64x2.sub(xi, zi), f64x2.add(xi, zi))));
    }
  }
  const logSize = splat(row);
  for (let i: usize = 0; i < size; i += 16) {
    const x = f64x2.add(logSize, f64x2.mul(half, v128.load(xAt + i)));
    v128.store(wAt + i, f64x2.mul(v128.load(weights + i), exp2(x, table)));
  }
}

/** Where the nodes of a block lie, moved to their place if they have one; their weights go into scratch. */
@inline
function nodesAt(set: usize, weights: usize, place: usize, size: usize): usize {
  if (place) {
    placeNodes(set, weights, place, size);
    return zAt;
  }
  for (let i: usize = 0; i < size; i += 16) v128.store(wAt + i, v128.load(weights + i));
  return set;
}

/** Whether a column's index is its coefficient already. */
@inline
function direct(shape: i32): bool { return shape == 0 && S == 0; }

/** Indices of the random columns at the nodes of a block, without what varies within people. */
function indices(z: usize, stride: usize, size: usize): void {
  for (let k: usize = 0; k < K; ++k) {
    const shape = word(shapeAt, k);
    if (shape == 3) continue;
    const to = direct(shape) ? bAt + bytes(k) : baseAt + bytes(k);
    const location = splat(thetaAt + (<usize>word(locationAt, k) << 3));
    const pairs = loadAt + ((K + 1) << 2);
    let l = word(loadAt, k);
    const end = word(loadAt, k + 1);
    if (l < end) {
      const s = splat(thetaAt + (<usize>word(pairs, 2 * <usize>l) << 3));
      const x = z + <usize>word(pairs, 2 * <usize>l + 1) * stride;
      for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.add(location, f64x2.mul(s, v128.load(x + i))));
      ++l;
    } else for (let i: usize = 0; i < size; i += 16) v128.store(to + i, location);
    const whole = word(unitAt, k);
    if (whole >= 0) {
      const x = z + <usize>whole * stride;
      for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.add(v128.load(to + i), f64x2.mul(f64x2.splat(perUtility), v128.load(x + i))));
    }
    for (; l < end; ++l) {
      const s = splat(thetaAt + (<usize>word(pairs, 2 * <usize>l) << 3));
      const x = z + <usize>word(pairs, 2 * <usize>l + 1) * stride;
      for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.add(v128.load(to + i), f64x2.mul(s, v128.load(x + i))));
    }
  }
}

/** Coefficients and slopes of random column k from its indices at `index`. */
@inline
function shaped(k: usize, index: usize, r: usize, size: usize): void {
  const shape = word(shapeAt, k);
  const to = bAt + bytes(k);
  const slope = slopeAt + bytes(k);
  if (direct(shape)) return;
  if (shape == 0) {
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, v128.load(index + i));
  } else if (shape == 1 || shape == -1) {
    const sign = f64x2.splat(<f64>shape);
    for (let i: usize = 0; i < size; i += 16) {
      const b = f64x2.mul(sign, exp2(v128.load(index + i), table));
      v128.store(slope + i, b);
      v128.store(to + i, f64x2.mul(b, f64x2.splat(perUtility)));
    }
  } else if (shape == 3) {
    const from = givenAt + (<usize>word(locationAt, k) * R << 3) + r;
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.mul(v128.load(from + i), f64x2.splat(perUtility)));
  } else {
    const zero = f64x2.splat(0);
    for (let i: usize = 0; i < size; i += 16) {
      const x = v128.load(index + i);
      const open = shape > 0 ? f64x2.gt(x, zero) : f64x2.lt(x, zero);
      v128.store(to + i, v128.and(x, open));
      v128.store(slope + i, v128.and(f64x2.splat(1), open));
    }
  }
}

/** exp of the utilities of one row at every node of a block. */
@inline
function utilities(row: usize, e: usize, size: usize): void {
  let v: f64 = 0;
  for (let c: usize = K; c < C; ++c) v += load<f64>(row + (c << 3)) * load<f64>(fixedAt + ((c - K) << 3));
  let v0 = f64x2.splat(v);
  let k: usize = 0;
  let begun = false;
  // Four columns at a time into e, until at most four are left, which are added on the way to the exponential.
  for (; K - k > 4; k += 4) {
    const d0 = splat(row + (k << 3)), d1 = splat(row + ((k + 1) << 3)), d2 = splat(row + ((k + 2) << 3)), d3 = splat(row + ((k + 3) << 3));
    const b = bAt + bytes(k);
    for (let i: usize = 0; i < size; i += 16) {
      const at = b + i;
      const x = f64x2.add(
        f64x2.add(f64x2.mul(d0, v128.load(at)), f64x2.mul(d1, v128.load(at, B))),
        f64x2.add(f64x2.mul(d2, v128.load(at, 2 * B)), f64x2.mul(d3, v128.load(at, 3 * B))));
      v128.store(e + i, f64x2.add(x, begun ? v128.load(e + i) : v0));
    }
    begun = true;
  }
  if (!begun) fill(e, size, v0);
  const rest = K - k;
  const b = bAt + bytes(k);
  if (rest == 4) {
    const d0 = splat(row + (k << 3)), d1 = splat(row + ((k + 1) << 3)), d2 = splat(row + ((k + 2) << 3)), d3 = splat(row + ((k + 3) << 3));
    for (let i: usize = 0; i < size; i += 16) {
      const at = b + i;
      const x = f64x2.add(
        f64x2.add(f64x2.mul(d0, v128.load(at)), f64x2.mul(d1, v128.load(at, B))),
        f64x2.add(f64x2.mul(d2, v128.load(at, 2 * B)), f64x2.mul(d3, v128.load(at, 3 * B))));
      v128.store(e + i, exp2(f64x2.add(x, v128.load(e + i)), table));
    }
  } else if (rest == 3) {
    const d0 = splat(row + (k << 3)), d1 = splat(row + ((k + 1) << 3)), d2 = splat(row + ((k + 2) << 3));
    for (let i: usize = 0; i < size; i += 16) {
      const at = b + i;
      const x = f64x2.add(f64x2.add(f64x2.mul(d0, v128.load(at)), f64x2.mul(d1, v128.load(at, B))), f64x2.mul(d2, v128.load(at, 2 * B)));
      v128.store(e + i, exp2(f64x2.add(x, v128.load(e + i)), table));
    }
  } else if (rest == 2) {
    const d0 = splat(row + (k << 3)), d1 = splat(row + ((k + 1) << 3));
    for (let i: usize = 0; i < size; i += 16) {
      const at = b + i;
      const x = f64x2.add(f64x2.mul(d0, v128.load(at)), f64x2.mul(d1, v128.load(at, B)));
      v128.store(e + i, exp2(f64x2.add(x, v128.load(e + i)), table));
    }
  } else if (rest == 1) {
    const d0 = splat(row + (k << 3));
    for (let i: usize = 0; i < size; i += 16) v128.store(e + i, exp2(f64x2.add(f64x2.mul(d0, v128.load(b + i)), v128.load(e + i)), table));
  } else {
    for (let i: usize = 0; i < size; i += 16) v128.store(e + i, exp2(v128.load(e + i), table));
  }
}

/** e_j of situation n at every node of a block. */
@inline
function situation(n: i32, size: usize): void {
  const from = word(rowAt, n), to = word(rowAt, n + 1);
  for (let j = from; j < to; ++j) utilities(dAt + (<usize>j * C << 3), eAt + bytes(j - from), size);
}

/** S = 1 + sum_j e_j at one pair of nodes. */
@inline
function sumAll(at: usize, end: usize): v128 {
  let s = f64x2.splat(1);
  for (; at < end; at += B) s = f64x2.add(s, v128.load(at));
  return s;
}

/** e_j to probabilities at one pair of nodes. */
@inline
function divide(at: usize, end: usize, inverse: v128): void {
  for (; at < end; at += B) v128.store(at, f64x2.mul(v128.load(at), inverse));
}

/** Probabilities from e_j, and 1 / S, which is that of the choice made; returns the largest S and \`hottest\`. */
@inline
function probabilities(rows: usize, order: i32, size: usize, hottest: v128): v128 {
  for (let i: usize = 0; i < size; i += 16) {
    const end = eAt + i + bytes(rows);
    const s = sumAll(eAt + i, end);
    hottest = f64x2.max(s, hottest);
    const inverse = f64x2.div(f64x2.splat(1), s);
    v128.store(sumAt + i, inverse);
    if (order > 0) divide(eAt + i, end, inverse);
  }
  return hottest;
}

/** The same where S goes into the running products, as mantissa and exponent. */
@inline
function multiplied(rows: usize, order: i32, size: usize, hottest: v128): v128 {
  for (let i: usize = 0; i < size; i += 16) {
    const end = eAt + i + bytes(rows);
    const s = sumAll(eAt + i, end);
    hottest = f64x2.max(s, hottest);
    into(i, s);
    if (order > 0) divide(eAt + i, end, f64x2.div(f64x2.splat(1), s));
  }
  return hottest;
}

/** Multiplies s into the running products of a pair of nodes. */
@inline
function into(i: usize, s: v128): void {
  const m = f64x2.mul(v128.load(mantissaAt + i), s);
  v128.store(exponentAt + i, i64x2.add(v128.load(exponentAt + i), i64x2.shr_u(m, 52)));
  v128.store(mantissaAt + i, v128.or(v128.and(m, i64x2.splat(0x000FFFFFFFFFFFFF)), i64x2.splat(one64)));
}

/** to_c += (or =) sum_j p_j d_jc, for every column: alternatives in threes and columns in twos, so that vectors are loaded and stored seldom. */
@inline
function means(to: usize, n: i32, size: usize, onto: bool): void {
  const from = word(rowAt, n), end = word(rowAt, n + 1);
  for (let c: usize = 0; c < C; c += 2) {
    const g = to + bytes(c);
    const both = c + 1 < C;
    let begun = onto;
    for (let j = from; j < end; j += 3) {
      const d = dAt + ((<usize>j * C + c) << 3);
      const p = eAt + bytes(j - from);
      if (both) meanTwo(g, d, p, end - j, begun, size);
      else meanOne(g, d, p, end - j, begun, size);
      begun = true;
    }
  }
}

@inline
function put(at: usize, begun: bool, x: v128): void { v128.store(at, begun ? f64x2.add(v128.load(at), x) : x); }

@inline
function meanOne(g: usize, d: usize, p: usize, left: i32, begun: bool, size: usize): void {
  const d0 = splat(d);
  if (left > 2) {
    const d1 = splat(d + (C << 3)), d2 = splat(d + (C << 4));
    for (let i: usize = 0; i < size; i += 16) {
      const at = p + i;
      put(g + i, begun, f64x2.add(f64x2.add(f64x2.mul(d0, v128.load(at)), f64x2.mul(d1, v128.load(at, B))), f64x2.mul(d2, v128.load(at, 2 * B))));
    }
  } else if (left == 2) {
    const d1 = splat(d + (C << 3));
    for (let i: usize = 0; i < size; i += 16) put(g + i, begun, f64x2.add(f64x2.mul(d0, v128.load(p + i)), f64x2.mul(d1, v128.load(p + i, B))));
  } else for (let i: usize = 0; i < size; i += 16) put(g + i, begun, f64x2.mul(d0, v128.load(p + i)));
}

@inline
function meanTwo(g: usize, d: usize, p: usize, left: i32, begun: bool, size: usize): void {
  const d0 = splat(d), f0 = splat(d + 8);
  if (left > 2) {
    const d1 = splat(d + (C << 3)), d2 = splat(d + (C << 4));
    const f1 = splat(d + (C << 3) + 8), f2 = splat(d + (C << 4) + 8);
    for (let i: usize = 0; i < size; i += 16) {
      const p0 = v128.load(p + i), p1 = v128.load(p + i, B), p2 = v128.load(p + i, 2 * B);
      put(g + i, begun, f64x2.add(f64x2.add(f64x2.mul(d0, p0), f64x2.mul(d1, p1)), f64x2.mul(d2, p2)));
      put(g + B + i, begun, f64x2.add(f64x2.add(f64x2.mul(f0, p0), f64x2.mul(f1, p1)), f64x2.mul(f2, p2)));
    }
  } else if (left == 2) {
    const d1 = splat(d + (C << 3)), f1 = splat(d + (C << 3) + 8);
    for (let i: usize = 0; i < size; i += 16) {
      const p0 = v128.load(p + i), p1 = v128.load(p + i, B);
      put(g + i, begun, f64x2.add(f64x2.mul(d0, p0), f64x2.mul(d1, p1)));
      put(g + B + i, begun, f64x2.add(f64x2.mul(f0, p0), f64x2.mul(f1, p1)));
    }
  } else for (let i: usize = 0; i < size; i += 16) {
    const p0 = v128.load(p + i);
    put(g + i, begun, f64x2.mul(d0, p0));
    put(g + B + i, begun, f64x2.mul(f0, p0));
  }
}

/** to_cf += m_c m_f - sum_j p_j d_jc d_jf, c ≥ f, two f at a time; `onto` false: = instead. */
@inline
function curvatures(to: usize, n: i32, size: usize, onto: bool): void {
  const from = word(rowAt, n), end = word(rowAt, n + 1);
  for (let c: usize = 0; c < C; ++c) for (let f: usize = 0; f <= c; f += 2) {
    const k = to + bytes(((c * (c + 1)) >> 1) + f);
    const both = f < c;
    for (let j = from; j < end; j += 3) {
      const d = dAt + (<usize>j * C << 3);
      const p = eAt + bytes(j - from);
      if (both) curveTwo(k, c, f, d, p, end - j, j > from, onto, size);
      else curveOne(k, c, f, d, p, end - j, j > from, onto, size);
    }
  }
}

@inline
function product(d: usize, c: usize, f: usize): v128 { return f64x2.splat(load<f64>(d + (c << 3)) * load<f64>(d + (f << 3))); }

@inline
function curve(k: usize, m: usize, mf: usize, begun: bool, onto: bool, x: v128): void {
  if (begun) v128.store(k, f64x2.sub(v128.load(k), x));
  else {
    const mm = f64x2.sub(f64x2.mul(v128.load(m), v128.load(mf)), x);
    v128.store(k, onto ? f64x2.add(v128.load(k), mm) : mm);
  }
}

@inline
function curveOne(k: usize, c: usize, f: usize, d: usize, p: usize, left: i32, begun: bool, onto: bool, size: usize): void {
  const mc = mAt + bytes(c), mf = mAt + bytes(f);
  const d0 = product(d, c, f);
  if (left > 2) {
    const d1 = product(d + (C << 3), c, f), d2 = product(d + (C << 4), c, f);
    for (let i: usize = 0; i < size; i += 16) {
      const at = p + i;
      curve(k + i, mc + i, mf + i, begun, onto, f64x2.add(f64x2.add(f64x2.mul(d0, v128.load(at)), f64x2.mul(d1, v128.load(at, B))), f64x2.mul(d2, v128.load(at, 2 * B))));
    }
  } else if (left == 2) {
    const d1 = product(d + (C << 3), c, f);
    for (let i: usize = 0; i < size; i += 16) curve(k + i, mc + i, mf + i, begun, onto, f64x2.add(f64x2.mul(d0, v128.load(p + i)), f64x2.mul(d1, v128.load(p + i, B))));
  } else for (let i: usize = 0; i < size; i += 16) curve(k + i, mc + i, mf + i, begun, onto, f64x2.mul(d0, v128.load(p + i)));
}

@inline
function curveTwo(k: usize, c: usize, f: usize, d: usize, p: usize, left: i32, begun: bool, onto: bool, size: usize): void {
  const mc = mAt + bytes(c), mf = mAt + bytes(f);
  const d0 = product(d, c, f), f0 = product(d, c, f + 1);
  if (left > 2) {
    const d1 = product(d + (C << 3), c, f), d2 = product(d + (C << 4), c, f);
    const f1 = product(d + (C << 3), c, f + 1), f2 = product(d + (C << 4), c, f + 1);
    for (let i: usize = 0; i < size; i += 16) {
      const p0 = v128.load(p + i), p1 = v128.load(p + i, B), p2 = v128.load(p + i, 2 * B);
      curve(k + i, mc + i, mf + i, begun, onto, f64x2.add(f64x2.add(f64x2.mul(d0, p0), f64x2.mul(d1, p1)), f64x2.mul(d2, p2)));
      curve(k + B + i, mc + i, mf + B + i, begun, onto, f64x2.add(f64x2.add(f64x2.mul(f0, p0), f64x2.mul(f1, p1)), f64x2.mul(f2, p2)));
    }
  } else if (left == 2) {
    const d1 = product(d + (C << 3), c, f), f1 = product(d + (C << 3), c, f + 1);
    for (let i: usize = 0; i < size; i += 16) {
      const p0 = v128.load(p + i), p1 = v128.load(p + i, B);
      curve(k + i, mc + i, mf + i, begun, onto, f64x2.add(f64x2.mul(d0, p0), f64x2.mul(d1, p1)));
      curve(k + B + i, mc + i, mf + B + i, begun, onto, f64x2.add(f64x2.mul(f0, p0), f64x2.mul(f1, p1)));
    }
  } else for (let i: usize = 0; i < size; i += 16) {
    const p0 = v128.load(p + i);
    curve(k + i, mc + i, mf + i, begun, onto, f64x2.mul(d0, p0));
    curve(k + B + i, mc + i, mf + B + i, begun, onto, f64x2.mul(f0, p0));
  }
}

/**
 * Sums over the nodes of one unit, whose situations are n0 … n1, into `out`: total weight, its squares, the reference, the
 * largest S, then sums of scores (P) and of Hessians (P, P), all relative to 2^-reference. `shares` keeps the weight of every
 * node too, `moments` their sums times one, each normal, and each pair of normals.
 */
export function unit(n0: i32, n1: i32, order: i32, set: usize, weights: usize, place: usize, shares: bool, moments: bool): void {
  const clearTo = outAt + ((4 + (order > 0 ? P : 0) + (order > 1 ? P * P : 0)) << 3);
  for (let at = outAt; at < clearTo; at += 8) store<f64>(at, 0);
  const all = R << 3;
  if (moments) for (let at = momentsAt, end = momentsAt + (productCount(D) << 3); at < end; at += 8) store<f64>(at, 0);
  if (straight && n1 - n0 == 1 && !shares && !moments && cheaper(n0, order)) {
    single(n0, order, set, weights, place, all);
    return;
  }
  let hottest = f64x2.splat(0);
  let begun = false;
  for (let r: usize = 0; r < all; r += block) {
    const size = min(block, all - r);
    const z = nodesAt(set + r, weights + r, place, size);
    const stride = place ? B : all;
    indices(z, stride, size);
    fill(mantissaAt, size, f64x2.splat(1));
    fill(exponentAt, size, i64x2.splat(0));
    if (order > 0) fill(gAt, A * B, f64x2.splat(0));
    if (order > 1) fill(kAt, ((A * (A + 1)) >> 1) * B, f64x2.splat(0));
    hottest = S ? nested(n0, n1, order, r, size, hottest) : between(n0, n1, order, r, size, hottest);
    begun = weigh(begun, r, size, shares, moments);
    if (moments) {
      products(z, stride, 2, size);
      dots(wAt, productCount(D), momentsAt, size);
    }
    if (order > 0) expand(order, z, stride, r, size);
  }
  store<f64>(outAt + 16, <f64>reference);
  store<f64>(outAt + 24, max(f64x2.extract_lane(hottest, 0), f64x2.extract_lane(hottest, 1)));
}

/** Where the nodes of units lie from now on, 0 for where their sets have them. */
export function placed(at: usize): void { placesAt = at; }

/** Beyond, a sum of exponentials may have been cut off, or squares of weights vanish. */
const tooHot: f64 = reinterpret<f64>((1023 + 980) << 52);
const tooFaint: f64 = 1e-140;

/**
 * Units from … to, one after another: the head of each, and its weighted score, into the places of the run, its outer product
 * and its Hessian onto the sums. Ends before the first unit whose numbers are not to be trusted, and returns it.
 */
export function units(from: i32, to: i32, order: i32): i32 {
  const placeStride = (D + ((D * (D + 1)) >> 1) + 1) << 3;
  for (let u = from; u < to; ++u) {
    const set: usize = word(setAt, u);
    unit(word(unitsAt, u), word(unitsAt, u + 1), order, setsAt + ((set * D * R) << 3), nodeWeightsAt + set * weightStride, placesAt ? placesAt + <usize>u * placeStride : 0, false, false);
    const all = load<f64>(outAt);
    if (!(load<f64>(outAt + 24) < tooHot && all > tooFaint)) return u;
    const head = headsAt + <usize>(u - from) * 24;
    store<f64>(head, all);
    store<f64>(head + 8, load<f64>(outAt + 8));
    store<f64>(head + 16, load<f64>(outAt + 16));
    if (order > 0) gather(u, runScoresAt + ((<usize>(u - from) * P) << 3), order, 1 / all);
  }
  return to;
}

/** One unit's score w g into its place; w g g' and w (K / total - g g') onto the sums. */
@inline
function gather(u: i32, scores: usize, order: i32, inverse: f64): void {
  const U = outAt + 32, H = U + (P << 3);
  const w = load<f64>(ownWeightsAt + (<usize>u << 3));
  for (let p: usize = 0; p < P; ++p) store<f64>(U + (p << 3), load<f64>(U + (p << 3)) * inverse);
  let at = sumsAt;
  for (let p: usize = 0; p < P; ++p) {
    const wg = w * load<f64>(U + (p << 3));
    store<f64>(scores + (p << 3), wg);
    for (let q: usize = 0; q <= p; ++q, at += 8) store<f64>(at, load<f64>(at) + wg * load<f64>(U + (q << 3)));
  }
  if (order < 2) return;
  for (let p: usize = 0; p < P; ++p) {
    const g = load<f64>(U + (p << 3));
    const row = H + ((p * P) << 3);
    for (let q: usize = 0; q <= p; ++q, at += 8) store<f64>(at, load<f64>(at) + w * (load<f64>(row + (q << 3)) * inverse - g * load<f64>(U + (q << 3))));
  }
}

/** Whether sums by alternative cost less than vectors by column. */
@inline
function cheaper(n: i32, order: i32): bool {
  const m: usize = word(rowAt, n + 1) - word(rowAt, n);
  if (m == 0) return false;
  if (order < 2) return m * (D + 1) < C * (m + 2) + P;
  return m <= mostPaired && ((m * (m + 3)) >> 1) * productCount(D) < ((C * (C + 1)) >> 1) * (m + 4) + P * (P + 1);
}

/**
 * One situation to a unit. The likelihood of a node is 1 / S, a number like any other, and all derivatives are sums over
 * nodes of w p_j, and of w p_j p_k, times one, a normal, or two: with m = sum_j p_j d_j the score is -m and
 * u u' + k = 2 m m' - sum_j p_j d_j d_j'. Columns enter once, after the sums, and correlated ones cost no more than others.
 */
function single(n: i32, order: i32, set: usize, weights: usize, place: usize, all: usize): void {
  const m: usize = word(rowAt, n + 1) - word(rowAt, n);
  const count = order > 1 ? productCount(D) : D + 1;
  const pairs: usize = order > 1 ? (m * (m + 1)) >> 1 : 0;
  if (order > 0) for (let at = momentsAt, end = momentsAt + ((m + pairs) * count << 3); at < end; at += 8) store<f64>(at, 0);
  let hottest = f64x2.splat(0);
  for (let r: usize = 0; r < all; r += block) {
    const size = min(block, all - r);
    const z = nodesAt(set + r, weights + r, place, size);
    const stride = place ? B : all;
    indices(z, stride, size);
    for (let k: usize = 0; k < K; ++k) shaped(k, baseAt + bytes(k), r, size);
    situation(n, size);
    hottest = probabilities(m, order, size, hottest);
    for (let i: usize = 0; i < size; i += 16) v128.store(wAt + i, f64x2.mul(v128.load(wAt + i), v128.load(sumAt + i)));
    store<f64>(outAt, load<f64>(outAt) + total(wAt, size));
    store<f64>(outAt + 8, load<f64>(outAt + 8) + dot(wAt, wAt, size));
    if (order == 0) continue;
    products(z, stride, order, size);
    for (let j: usize = 0; j < m; ++j) {
      const p = eAt + bytes(j);
      for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, f64x2.mul(v128.load(p + i), v128.load(wAt + i)));
      dots(xAt, count, momentsAt + (j * count << 3), size);
      if (order < 2) continue;
      for (let k: usize = 0; k <= j; ++k) {
        const q = eAt + bytes(k);
        for (let i: usize = 0; i < size; i += 16) v128.store(yAt + i, f64x2.mul(v128.load(xAt + i), v128.load(q + i)));
        dots(yAt, count, momentsAt + ((m + ((j * (j + 1)) >> 1) + k) * count << 3), size);
      }
    }
  }
  // A product of one factor: its exponent is what the caller takes every product to begin with.
  store<f64>(outAt + 16, 1023);
  const enough = load<f64>(outAt) > 1e-290 || load<f64>(outAt) < 0;
  store<f64>(outAt + 24, enough ? max(f64x2.extract_lane(hottest, 0), f64x2.extract_lane(hottest, 1)) : f64.MAX_VALUE);
  if (order > 0) assemble(n, order, m, count);
}

/** One, the normals, and their products, as vectors over the nodes of a block. */
function products(z: usize, stride: usize, order: i32, size: usize): void {
  fill(productsAt, size, f64x2.splat(1));
  for (let l: usize = 0; l < D; ++l) {
    const to = productsAt + bytes(l + 1);
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, v128.load(z + l * stride + i));
  }
  if (order < 2) return;
  let to = productsAt + bytes(D + 1);
  for (let l: usize = 0; l < D; ++l) for (let k: usize = 0; k <= l; ++k) {
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.mul(v128.load(z + l * stride + i), v128.load(z + k * stride + i)));
    to += B;
  }
}

/** to_k += sum_r x_r product_k,r, four products at a time. */
@inline
function dots(x: usize, count: usize, to: usize, size: usize): void {
  let k: usize = 0;
  for (; k + 4 <= count; k += 4) {
    const y = productsAt + bytes(k);
    let a = f64x2.splat(0), b = f64x2.splat(0), c = f64x2.splat(0), d = f64x2.splat(0);
    for (let i: usize = 0; i < size; i += 16) {
      const xi = v128.load(x + i);
      a = f64x2.add(a, f64x2.mul(xi, v128.load(y + i)));
      b = f64x2.add(b, f64x2.mul(xi, v128.load(y + i, B)));
      c = f64x2.add(c, f64x2.mul(xi, v128.load(y + i, 2 * B)));
      d = f64x2.add(d, f64x2.mul(xi, v128.load(y + i, 3 * B)));
    }
    const at = to + (k << 3);
    store<f64>(at, load<f64>(at) + sum2(a));
    store<f64>(at + 8, load<f64>(at + 8) + sum2(b));
    store<f64>(at + 16, load<f64>(at + 16) + sum2(c));
    store<f64>(at + 24, load<f64>(at + 24) + sum2(d));
  }
  for (; k < count; ++k) {
    const at = to + (k << 3);
    store<f64>(at, load<f64>(at) + dot(x, productsAt + bytes(k), size));
  }
}

/** Where in \`products\` the number stands that parameter p multiplies. */
@inline
function productOf(p: usize): usize { return word(nodeAt, p) + 1; }

/** Where the product of two of them stands. */
@inline
function pairOf(a: usize, b: usize): usize {
  if (a == 0) return b;
  if (b == 0) return a;
  const high = max(a, b) - 1, low = min(a, b) - 1;
  return D + 1 + ((high * (high + 1)) >> 1) + low;
}

/** From sums by alternative to sums by parameter. */
function assemble(n: i32, order: i32, m: usize, count: usize): void {
  const d = dAt + (<usize>word(rowAt, n) * C << 3);
  const U = outAt + 32;
  const H = U + (P << 3);
  for (let p: usize = 0; p < P; ++p) {
    const c: usize = word(effectAt, p);
    const a = productOf(p);
    let score: f64 = 0;
    for (let j: usize = 0; j < m; ++j) score -= load<f64>(d + (j * C + c << 3)) * load<f64>(momentsAt + (j * count + a << 3));
    store<f64>(U + (p << 3), score);
    if (order < 2) continue;
    for (let q: usize = 0; q <= p; ++q) {
      const f: usize = word(effectAt, q);
      const b = pairOf(a, productOf(q));
      let k: f64 = 0;
      let at = momentsAt + (m * count + b << 3);
      for (let j: usize = 0; j < m; ++j) {
        const djc = load<f64>(d + (j * C + c << 3)), djf = load<f64>(d + (j * C + f << 3));
        k -= djc * djf * load<f64>(momentsAt + (j * count + b << 3));
        for (let i: usize = 0; i < j; ++i) {
          k += 2 * load<f64>(at) * (djc * load<f64>(d + (i * C + f << 3)) + djf * load<f64>(d + (i * C + c << 3)));
          at += count << 3;
        }
        k += 2 * load<f64>(at) * djc * djf;
        at += count << 3;
      }
      store<f64>(H + (p * P + q << 3), k);
    }
  }
}

/** One node of each kind, all situations of the unit: g and k in effects, which here are the columns. */
function between(n0: i32, n1: i32, order: i32, r: usize, size: usize, hottest: v128): v128 {
  for (let k: usize = 0; k < K; ++k) shaped(k, baseAt + bytes(k), r, size);
  for (let n = n0; n < n1; ++n) {
    const rows: usize = word(rowAt, n + 1) - word(rowAt, n);
    if (!rows) continue;
    situation(n, size);
    hottest = multiplied(rows, order, size, hottest);
    if (order == 0) continue;
    if (order == 1) means(gAt, n, size, true);
    else {
      means(mAt, n, size, false);
      for (let i: usize = 0; i < C * B; i += 16) v128.store(gAt + i, f64x2.add(v128.load(gAt + i), v128.load(mAt + i)));
      curvatures(kAt, n, size, true);
    }
  }
  if (order > 0) index(gAt, kAt, order, size);
  return hottest;
}

/** From derivatives by coefficients to derivatives by indices: g = -m T', k = k T' T' + g-part of T''. */
@inline
function index(g: usize, k: usize, order: i32, size: usize): void {
  for (let i: usize = 0; i < C * B; i += 16) v128.store(g + i, f64x2.neg(v128.load(g + i)));
  for (let c: usize = 0; c < K; ++c) {
    const shape = word(shapeAt, c);
    if (shape == 0 || shape == 3) continue;
    const slope = slopeAt + bytes(c);
    const gc = g + bytes(c);
    for (let i: usize = 0; i < size; i += 16) v128.store(gc + i, f64x2.mul(v128.load(gc + i), v128.load(slope + i)));
    if (order < 2) continue;
    for (let f: usize = 0; f < C; ++f) {
      const at = k + bytes(c >= f ? ((c * (c + 1)) >> 1) + f : ((f * (f + 1)) >> 1) + c);
      for (let i: usize = 0; i < size; i += 16) v128.store(at + i, f64x2.mul(v128.load(at + i), v128.load(slope + i)));
    }
    const own = k + bytes(((c * (c + 1)) >> 1) + c);
    for (let i: usize = 0; i < size; i += 16) {
      const square = f64x2.mul(v128.load(own + i), v128.load(slope + i));
      // Of an exponential the second derivative is the first; a censored line has none.
      v128.store(own + i, shape == 1 || shape == -1 ? f64x2.add(square, v128.load(gc + i)) : square);
    }
  }
}

/**
 * Nodes within people: for each situation an average over S nodes, whose product over situations is kept (eq:nested). The
 * derivatives of each average, in effects, are added up over situations: g_t = sum_s q_s u_s, k_t = sum_s q_s (k_s + u_s u_s') - g_t g_t'.
 */
function nested(n0: i32, n1: i32, order: i32, r: usize, size: usize, hottest: v128): v128 {
  const zero = f64x2.splat(0);
  const pairs = (A * (A + 1)) >> 1;
  for (let n = n0; n < n1; ++n) {
    const rows: usize = word(rowAt, n + 1) - word(rowAt, n);
    if (!rows) continue;
    if (S == 1 && load<f64>(innerAt) == 1) {
      hottest = lone(n, rows, order, r, size, hottest);
      continue;
    }
    fill(totalAt, size, zero);
    if (order > 0) fill(tgAt, A * B, zero);
    if (order > 1) fill(tkAt, pairs * B, zero);
    for (let s = 0; s < S; ++s) {
      const eta = innerBy == 0 ? etaAt + (<usize>s * E << 3) : innerBy == 1 ? etaAt + ((<usize>n * S + s) * E << 3) : etaAt + ((<usize>n * S + s) * E * R << 3) + r;
      inside(eta, r, size);
      situation(n, size);
      hottest = probabilities(rows, order, size, hottest);
      const v = splat(innerAt + (<usize>s << 3));
      for (let i: usize = 0; i < size; i += 16) {
        const q = f64x2.mul(v, v128.load(sumAt + i));
        v128.store(qAt + i, q);
        v128.store(totalAt + i, f64x2.add(v128.load(totalAt + i), q));
      }
      if (order == 0) continue;
      means(mAt, n, size, false);
      if (order > 1) curvatures(hAt, n, size, false);
      for (let i: usize = 0; i < C * B; i += 16) v128.store(ugAt + i, v128.load(mAt + i));
      index(ugAt, hAt, order, size);
      carry(eta, size);
      for (let a: usize = 0; a < A; ++a) {
        const u = ugAt + bytes(a), t = tgAt + bytes(a);
        for (let i: usize = 0; i < size; i += 16) v128.store(t + i, f64x2.add(v128.load(t + i), f64x2.mul(v128.load(qAt + i), v128.load(u + i))));
      }
      if (order > 1) spreadCurvature(eta, size);
    }
    // Averages: the likelihood of the situation multiplies in as 1 / P_t, like S above.
    for (let i: usize = 0; i < size; i += 16) {
      const inverse = f64x2.div(f64x2.splat(1), v128.load(totalAt + i));
      hottest = f64x2.max(inverse, hottest);
      v128.store(totalAt + i, inverse);
      into(i, inverse);
    }
    if (order == 0) continue;
    for (let a: usize = 0; a < A; ++a) {
      const t = tgAt + bytes(a);
      const g = gAt + bytes(a);
      for (let i: usize = 0; i < size; i += 16) {
        const mean = f64x2.mul(v128.load(t + i), v128.load(totalAt + i));
        v128.store(t + i, mean);
        v128.store(g + i, f64x2.add(v128.load(g + i), mean));
      }
      if (order < 2) continue;
      for (let b: usize = 0; b <= a; ++b) {
        const at = bytes(((a * (a + 1)) >> 1) + b);
        const tb = tgAt + bytes(b);
        for (let i: usize = 0; i < size; i += 16) {
          const mean = f64x2.mul(v128.load(tkAt + at + i), v128.load(totalAt + i));
          const k = f64x2.sub(mean, f64x2.mul(v128.load(t + i), v128.load(tb + i)));
          v128.store(kAt + at + i, f64x2.add(v128.load(kAt + at + i), k));
        }
      }
    }
  }
  return hottest;
}

/** A single node within is its own average: what it gives is added, and nothing has to be taken apart again. */
function lone(n: i32, rows: usize, order: i32, r: usize, size: usize, hottest: v128): v128 {
  const eta = innerBy == 0 ? etaAt : innerBy == 1 ? etaAt + (<usize>n * E << 3) : etaAt + (<usize>n * E * R << 3) + r;
  inside(eta, r, size);
  situation(n, size);
  hottest = multiplied(rows, order, size, hottest);
  if (order == 0) return hottest;
  means(mAt, n, size, false);
  if (order > 1) curvatures(hAt, n, size, false);
  for (let i: usize = 0; i < C * B; i += 16) v128.store(ugAt + i, v128.load(mAt + i));
  index(ugAt, hAt, order, size);
  carry(eta, size);
  for (let a: usize = 0; a < A; ++a) {
    const u = ugAt + bytes(a), g = gAt + bytes(a);
    for (let i: usize = 0; i < size; i += 16) v128.store(g + i, f64x2.add(v128.load(g + i), v128.load(u + i)));
    if (order < 2) continue;
    const ca: usize = a < C ? a : word(carriedAt, 2 * (a - C));
    for (let b: usize = 0; b <= a; ++b) {
      const cb: usize = b < C ? b : word(carriedAt, 2 * (b - C));
      const h = hAt + bytes(ca >= cb ? ((ca * (ca + 1)) >> 1) + cb : ((cb * (cb + 1)) >> 1) + ca);
      const k = kAt + bytes(((a * (a + 1)) >> 1) + b);
      for (let i: usize = 0; i < size; i += 16) {
        let x = v128.load(h + i);
        if (a >= C) x = f64x2.mul(x, etaOf(eta, word(carriedAt, 2 * (a - C) + 1), i));
        if (b >= C) x = f64x2.mul(x, etaOf(eta, word(carriedAt, 2 * (b - C) + 1), i));
        v128.store(k + i, f64x2.add(v128.load(k + i), x));
      }
    }
  }
  return hottest;
}

/** Coefficients at one node within: indices plus loadings times eta. */
@inline
function inside(eta: usize, r: usize, size: usize): void {
  const pairs = insideAt + ((K + 1) << 2);
  for (let k: usize = 0; k < K; ++k) {
    let l = word(insideAt, k);
    const end = word(insideAt, k + 1);
    if (l == end) {
      shaped(k, baseAt + bytes(k), r, size);
      continue;
    }
    for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, v128.load(baseAt + bytes(k) + i));
    for (; l < end; ++l) {
      const s = splat(thetaAt + (<usize>word(pairs, 2 * <usize>l) << 3));
      const e: usize = word(pairs, 2 * <usize>l + 1);
      if (innerBy == 2) {
        const x = eta + (e * R << 3);
        for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, f64x2.add(v128.load(xAt + i), f64x2.mul(s, v128.load(x + i))));
      } else {
        const x = f64x2.mul(s, splat(eta + (e << 3)));
        for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, f64x2.add(v128.load(xAt + i), x));
      }
    }
    shaped(k, xAt, r, size);
  }
}

/** Effects of loadings within: that of their column times eta. */
@inline
function carry(eta: usize, size: usize): void {
  for (let a = C; a < A; ++a) {
    const from = ugAt + bytes(word(carriedAt, 2 * (a - C)));
    const to = ugAt + bytes(a);
    for (let i: usize = 0; i < size; i += 16) v128.store(to + i, f64x2.mul(v128.load(from + i), etaOf(eta, word(carriedAt, 2 * (a - C) + 1), i)));
  }
}

@inline
function etaOf(eta: usize, e: usize, i: usize): v128 {
  return innerBy == 2 ? v128.load(eta + (e * R << 3) + i) : splat(eta + (e << 3));
}

/** tk_ab += q (h_ab + u_a u_b), h carried from columns to effects. */
@inline
function spreadCurvature(eta: usize, size: usize): void {
  for (let a: usize = 0; a < A; ++a) {
    const ca: usize = a < C ? a : word(carriedAt, 2 * (a - C));
    for (let b: usize = 0; b <= a; ++b) {
      const cb: usize = b < C ? b : word(carriedAt, 2 * (b - C));
      const h = hAt + bytes(ca >= cb ? ((ca * (ca + 1)) >> 1) + cb : ((cb * (cb + 1)) >> 1) + ca);
      const t = tkAt + bytes(((a * (a + 1)) >> 1) + b);
      const ua = ugAt + bytes(a), ub = ugAt + bytes(b);
      for (let i: usize = 0; i < size; i += 16) {
        let x = v128.load(h + i);
        if (a >= C) x = f64x2.mul(x, etaOf(eta, word(carriedAt, 2 * (a - C) + 1), i));
        if (b >= C) x = f64x2.mul(x, etaOf(eta, word(carriedAt, 2 * (b - C) + 1), i));
        x = f64x2.add(x, f64x2.mul(v128.load(ua + i), v128.load(ub + i)));
        v128.store(t + i, f64x2.add(v128.load(t + i), f64x2.mul(v128.load(qAt + i), x)));
      }
    }
  }
}

/**
 * Weights of the nodes of a block, w 2^-(exponent - reference) / mantissa, and their sums. The reference is the smallest
 * exponent met: when a block has a smaller one, the sums so far shrink by a power of two, exactly.
 */
function weigh(begun: bool, r: usize, size: usize, shares: bool, moments: bool): bool {
  let least: i64 = i64.MAX_VALUE;
  for (let i: usize = 0; i < size; i += 8) least = min(least, load<i64>(exponentAt + i));
  if (!begun || least < reference) {
    if (begun) rescale(reference - least, r, shares, moments);
    reference = least;
  }
  for (let i: usize = 0; i < size; i += 8) {
    const behind = load<i64>(exponentAt + i) - reference;
    const power = behind > 1022 ? 0.0 : reinterpret<f64>((1023 - behind) << 52);
    store<f64>(wAt + i, (load<f64>(wAt + i) * power) / load<f64>(mantissaAt + i));
  }
  store<f64>(outAt, load<f64>(outAt) + total(wAt, size));
  store<f64>(outAt + 8, load<f64>(outAt + 8) + dot(wAt, wAt, size));
  if (shares) for (let i: usize = 0; i < size; i += 8) store<f64>(sharesAt + r + i, load<f64>(wAt + i));
  return true;
}

function rescale(octaves: i64, r: usize, shares: bool, moments: bool): void {
  const factor = octaves > 1022 ? 0.0 : reinterpret<f64>((1023 - octaves) << 52);
  store<f64>(outAt, load<f64>(outAt) * factor);
  store<f64>(outAt + 8, load<f64>(outAt + 8) * factor * factor);
  for (let at = outAt + 32, end = outAt + ((4 + P + P * P) << 3); at < end; at += 8) store<f64>(at, load<f64>(at) * factor);
  if (shares) for (let i: usize = 0; i < r; i += 8) store<f64>(sharesAt + i, load<f64>(sharesAt + i) * factor);
  if (moments) for (let at = momentsAt, end = momentsAt + (productCount(D) << 3); at < end; at += 8) store<f64>(at, load<f64>(at) * factor);
}

/** The vector that parameter p multiplies, at this block. */
@inline
function nodeOf(p: usize, z: usize, stride: usize, r: usize): usize {
  const kind = word(nodeAt, p);
  return kind == -1 ? onesAt : kind >= 0 ? z + <usize>kind * stride : givenAt + (<usize>(-2 - kind) * R << 3) + r;
}

/** From effects to parameters, summed over the nodes of the block: U_p += w g n_p, K_pq += w (k + g g) n_p n_q. */
function expand(order: i32, z: usize, stride: usize, r: usize, size: usize): void {
  const U = outAt + 32;
  const listed = firstAt + ((A + 1) << 2);
  for (let a: usize = 0; a < A; ++a) {
    const g = gAt + bytes(a);
    for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, f64x2.mul(v128.load(g + i), v128.load(wAt + i)));
    for (let l: usize = word(firstAt, a); l < <usize>word(firstAt, a + 1); ++l) {
      const p: usize = word(listed, l);
      const sum = word(nodeAt, p) == -1 ? total(xAt, size) : dot(xAt, nodeOf(p, z, stride, r), size);
      store<f64>(U + (p << 3), load<f64>(U + (p << 3)) + sum);
    }
  }
  if (order < 2) return;
  const H = U + (P << 3);
  for (let a: usize = 0; a < A; ++a) for (let b: usize = 0; b <= a; ++b) {
    const k = kAt + bytes(((a * (a + 1)) >> 1) + b);
    const ga = gAt + bytes(a), gb = gAt + bytes(b);
    for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, f64x2.mul(v128.load(wAt + i), f64x2.add(v128.load(k + i), f64x2.mul(v128.load(ga + i), v128.load(gb + i)))));
    for (let l: usize = word(firstAt, a); l < <usize>word(firstAt, a + 1); ++l) {
      const p: usize = word(listed, l);
      let y = xAt;
      if (word(nodeAt, p) != -1) {
        const x = nodeOf(p, z, stride, r);
        for (let i: usize = 0; i < size; i += 16) v128.store(yAt + i, f64x2.mul(v128.load(xAt + i), v128.load(x + i)));
        y = yAt;
      }
      const end: usize = a == b ? l + 1 : word(firstAt, b + 1);
      for (let m: usize = word(firstAt, b); m < end; ++m) {
        const q: usize = word(listed, m);
        const at = H + ((p > q ? p * P + q : q * P + p) << 3);
        const sum = word(nodeAt, q) == -1 ? total(y, size) : dot(y, nodeOf(q, z, stride, r), size);
        store<f64>(at, load<f64>(at) + sum);
      }
    }
  }
  for (let c = 0; c < word(curveAt, 0); ++c) {
    const p: usize = word(curveAt, 1 + 3 * c), q: usize = word(curveAt, 2 + 3 * c);
    const vector = givenAt + (<usize>word(curveAt, 3 + 3 * c) * R << 3) + r;
    const g = gAt + bytes(word(effectAt, p));
    for (let i: usize = 0; i < size; i += 16) v128.store(xAt + i, f64x2.mul(f64x2.mul(v128.load(g + i), v128.load(wAt + i)), v128.load(vector + i)));
    const at = H + ((p > q ? p * P + q : q * P + p) << 3);
    store<f64>(at, load<f64>(at) + total(xAt, size));
  }
}
