const ROOT_32 = Math.sqrt(32);
const LOG_ROOT_2PI = 0.91893853320467274178; // log sqrt(2 pi)
const INVERSE_ROOT_2PI = 0.39894228040143267794;

/** The standard normal density at z, and 0 where it underflows (|z| > 38.6). Relative error below 1e-15. */
export const density = (z: number): number => INVERSE_ROOT_2PI * gauss(z);

/** The logarithm of the standard normal density at z. */
export const logDensity = (z: number): number => -0.5 * z * z - LOG_ROOT_2PI;

/**
 * The standard normal distribution function, P(Z <= z). For the upper tail ask `cumulative(-z)`, which keeps its digits.
 *
 * Relative error below 1e-15 for z from -37.5 to 38 (beyond, on the left, the result is subnormal or 0). Rational minimax
 * approximations of Cody (1969, Math. Comp. 23; the normal form is his ANORM, 1993, ACM TOMS 19, algorithm 715).
 *
 * @example
 * cumulative(-1.959963984540054) // 0.025
 */
export function cumulative(z: number): number {
  const a = Math.abs(z);
  if (a <= 0.67448975) return 0.5 + z * center(z * z);
  const tail = gauss(a) * mills(a);
  return z > 0 ? 1 - tail : tail;
}

/**
 * log P(Z <= z), with its digits kept in both tails.
 *
 * Relative error below 1e-15 for every z (checked from -1e5 to 37).
 *
 * @example
 * logCumulative(-1000) // -500007.826694812
 */
export function logCumulative(z: number): number {
  if (z >= 0) return Math.log1p(-cumulative(-z));
  if (z >= -0.67448975) return Math.log(cumulative(z));
  return z === -Infinity ? -Infinity : Math.log(mills(-z)) - 0.5 * z * z;
}

/**
 * The z with P(Z <= z) = p: -Infinity at 0, Infinity at 1, NaN outside.
 *
 * Relative error below 1e-15 for every double in (0, 1). Algorithm AS 241, PPND16 (Wichura 1988, Applied Statistics 37).
 *
 * @example
 * quantile(0.975) // 1.95996398454005
 */
export function quantile(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    return q * middle(0.180625 - q * q);
  }
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  // For p > 1/2 the distance to 1 is exact in doubles.
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const z = r <= 5 ? ratio(C, D, r - 1.6) : ratio(E, F, r - 5);
  return q < 0 ? -z : z;
}

// exp(-z^2/2) without the rounding of z^2, which the exponential would magnify by z^2/2: z = c + d with c a multiple of 1/16.
function gauss(z: number): number {
  const a = Math.abs(z);
  const c = Math.trunc(a * 16) / 16;
  return a > 39 ? 0 : Math.exp(-0.5 * c * c) * Math.exp(-0.5 * (a - c) * (a + c));
}

// (Phi(z) - 1/2)/z as a function of x = z^2, for |z| <= 0.67448975.
function center(x: number): number {
  const above = (((0.065682337918207449113 * x + 2.2352520354606839287) * x + 161.02823106855587881) * x + 1067.6894854603709582) * x + 18154.981253343561249;
  const below = (((x + 47.20258190468824187) * x + 976.09855173777669322) * x + 10260.932208618978205) * x + 45507.789335026729956;
  return above / below;
}

// Phi(-a) exp(a^2/2) for a > 0.67448975, which falls like 1/a.
function mills(a: number): number {
  if (a <= ROOT_32) return ratio(G, H, a);
  const x = 1 / (a * a);
  return (INVERSE_ROOT_2PI - x * ratio(P, Q, x)) / a;
}

// z / (p - 1/2) as a function of x = 0.425^2 - (p - 1/2)^2, where most normals fall: written out, as it is asked millions of times.
function middle(x: number): number {
  const above = ((((((2509.0809287301226727 * x + 33430.575583588128105) * x + 67265.770927008700853) * x + 45921.953931549871457) * x + 13731.693765509461125) * x + 1971.5909503065514427) * x + 133.14166789178437745) * x + 3.387132872796366608;
  const below = ((((((5226.495278852854561 * x + 28729.085735721942674) * x + 39307.89580009271061) * x + 21213.794301586595867) * x + 5394.1960214247511077) * x + 687.1870074920579083) * x + 42.313330701600911252) * x + 1;
  return above / below;
}

/** Two polynomials with coefficients from the constant up, divided. */
function ratio(above: readonly number[], below: readonly number[], x: number): number {
  let n = 0;
  let d = 0;
  for (let k = above.length - 1; k >= 0; --k) n = n * x + above[k];
  for (let k = below.length - 1; k >= 0; --k) d = d * x + below[k];
  return n / d;
}

// Cody 1969, 0.67448975 < a <= sqrt(32) and beyond.
const G = [9842.7148383839780218, 11602.651437647350124, 6848.1904505362823326, 2494.5375852903726711, 597.27027639480026226, 93.506656132177855979, 8.8831497943883759412, 0.39894151208813466764, 1.0765576773720192317e-8];
const H = [19685.429676859990727, 38912.003286093271411, 34900.952721145977266, 18615.571640885098091, 6485.558298266760755, 1519.377599407554805, 235.38790178262499861, 22.266688044328115691, 1];
const P = [2.9112874951168792e-5, 0.001421619193227893466, 0.022235277870649807, 0.1274011611602473639, 0.21589853405795699, 0.02307344176494017303];
const Q = [7.29751555083966205e-5, 0.00378239633202758244, 0.0659881378689285515, 0.468238212480865118, 1.28426009614491121, 1];

// Wichura 1988: the shoulders, the far tails.
const C = [1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4];
const D = [1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9];
const E = [6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386, 2.71155556874348757815e-5, 2.01033439929228813265e-7];
const F = [1, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525, 7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15];
