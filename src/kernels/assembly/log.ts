import {plus} from "./vectors";

/**
 * log(1 + a), a >= 0: with 1 + a = 2^k (1 + f), 1 + f between the roots of 1/2 and 2, and s = f / (2 + f), log(1 + f) is
 * 2 s + s³ 2/3 + … as in fdlibm (Sun Microsystems 1993). Where k is zero, f is a itself: nothing is lost. NaN comes through f.
 */
@inline
export function log1p(a: v128): v128 {
  const one = f64x2.splat(1.0);
  const k = i64x2.shr_u(i64x2.sub(f64x2.add(a, one), i64x2.splat(0x3FE6A09E667F3BCD)), 52);
  const scale = i64x2.sub(one, i64x2.shl(k, 52)); // 2^-k
  const f = f64x2.add(f64x2.mul(a, scale), f64x2.sub(scale, one));
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2.0)));
  const z = f64x2.mul(s, s);
  const w = f64x2.mul(z, z);
  const even = f64x2.mul(w, plus(f64x2.splat(0.3999999999940941908), w, plus(f64x2.splat(0.2222219843214978396), w, f64x2.splat(0.1531383769920937332))));
  const odd = f64x2.mul(z, plus(f64x2.splat(0.6666666666666735130), w, plus(f64x2.splat(0.2857142874366239149), w, plus(f64x2.splat(0.1818357216161805012), w, f64x2.splat(0.1479819860511658591)))));
  const half = f64x2.mul(f64x2.splat(0.5), f64x2.mul(f, f));
  const n = f64x2.sub(v128.or(k, f64x2.splat(4503599627370496.0)), f64x2.splat(4503599627370496.0));
  const log = f64x2.sub(f, f64x2.sub(half, f64x2.mul(s, f64x2.add(half, f64x2.add(even, odd)))));
  return plus(plus(log, n, f64x2.splat(1.90821492927058770002e-10)), n, f64x2.splat(6.93147180369123816490e-01));
}
