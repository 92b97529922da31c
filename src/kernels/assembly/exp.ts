/**
 * 2^(x / 256) of two numbers at once. Coefficients come multiplied by `perUtility`, so that a utility arrives in 1/256
 * octaves and no range reduction rounds: with n the nearest integer to x and f = x - n in [-1/2, 1/2],
 *
 *   2^(x/256) = 2^(n div 256) · 2^((n mod 256) / 256) · 2^(f/256)
 *
 * exponent bits, a table of 256, and a polynomial of degree 4 (Tang 1989, ACM TOMS 15:144, without his reduction).
 * The error stays below 1.3 units in the last place.
 */

/** 1/256 octaves in a unit of utility: 256 / ln 2. */
export const perUtility: f64 = 369.3299304675746;

/** Bytes of the table. */
export const tableBytes: usize = 2048;

/** 1.5 · 2^52: adding it rounds to the nearest integer, which the low bits then hold. */
const magic: f64 = 6755399441055744.0;

/** Writes 2^(i / 256), i = 0…255, at `table`: 2 KB that need not travel in the binary. Right to a unit in the last place. */
export function fillTable(table: usize): void {
  for (let i: i32 = 0; i < 256; ++i) {
    // exp(r) = 1 + r (1 + r/2 (1 + r/3 (…))), with the one that is exact added last.
    const r: f64 = <f64>(i < 128 ? i : i - 256) / 256.0 * 0.6931471805599453;
    let q: f64 = 1.0;
    for (let k: f64 = 14.0; k > 1.0; --k) q = 1.0 + r * q / k;
    store<f64>(table + (<usize>i << 3), i < 128 ? 1.0 + r * q : 2.0 * (1.0 + r * q));
  }
}

/** 2^(x / 256) for x between -1021 and 1023 octaves, unchecked; NaN gives NaN. */
@inline
export function exp2Inside(x: v128, table: usize): v128 {
  const t = f64x2.add(x, f64x2.splat(magic));
  const f = f64x2.sub(x, f64x2.sub(t, f64x2.splat(magic)));
  const low = v128.load64_zero(table + (<usize>(i32x4.extract_lane(t, 0) & 255) << 3));
  const tb = v128.load64_lane(table + (<usize>(i32x4.extract_lane(t, 2) & 255) << 3), low, 1);
  const near = f64x2.add(f64x2.splat(0.0027076061740622767), f64x2.mul(f64x2.splat(3.665565596910102e-6), f));
  const far = f64x2.add(f64x2.splat(3.308302983711395e-9), f64x2.mul(f64x2.splat(2.2393953276859936e-12), f));
  const q = f64x2.mul(f, f64x2.add(near, f64x2.mul(far, f64x2.mul(f, f))));
  const octaves = i64x2.shl(v128.and(t, i64x2.splat(~255)), 44);
  return i64x2.add(f64x2.add(tb, f64x2.mul(tb, q)), octaves);
}

/**
 * 2^(x / 256), with x kept between -700 and 1000 octaves: products of several stay clear of the slow, short numbers below
 * 2^-1022. NaN passes both ends, for pmax(a, b) is a < b ? b : a, and pmin(a, b) is b < a ? b : a.
 */
@inline
export function exp2(x: v128, table: usize): v128 {
  return exp2Inside(f64x2.pmin(f64x2.pmax(x, f64x2.splat(-179200.0)), f64x2.splat(256000.0)), table);
}

/** Below this a power of two has no full digits left: it counts as none. In 1/256 octaves. */
const least: f64 = -261376.0;

/** 2^(x / 256) for x <= 0, which may be minus infinity. */
@inline
export function falling(x: v128, table: usize): v128 {
  // andnot rather than and: a NaN is not below, and stays.
  return v128.andnot(exp2Inside(f64x2.pmax(x, f64x2.splat(least)), table), f64x2.lt(x, f64x2.splat(least)));
}

/** e^x for a utility x <= 0, which may be minus infinity. */
@inline
export function power(x: v128, table: usize): v128 {
  return falling(f64x2.mul(x, f64x2.splat(perUtility)), table);
}
