import {checkDraws} from "./nodes.js";
import {product, type Line} from "./product.js";
import type {Rule} from "./rule.js";

const MOST_POINTS = 200;

/**
 * Gauss-Hermite quadrature: in one dimension, exact for polynomials up to degree 2n - 1 under the standard normal; in D
 * dimensions, the product, with n^D nodes. No randomness, and the same nodes for all units.
 *
 * The best rule for one or two random coefficients. A likelihood over many situations per person is narrow, and then needs
 * many points: double them until the log-likelihood stands still. Relative error: nodes below 1e-15; weights below 1e-14 to n = 100 and 2e-14 at 200.
 *
 * @param points n per dimension, 1 to 200
 * @throws {ChoiceError} integrate/draws; integrate/too-many-nodes on building, when n^D exceeds two million
 * @example
 * gaussHermite(15)
 */
export function gaussHermite(points: number): Rule {
  const at = `gaussHermite(${points})`;
  checkDraws(at, points, {what: "points", most: MOST_POINTS, hint: "gaussHermite(15), or sobol(512) in more than three dimensions"});
  return {name: "Gauss-Hermite", draws: points, exact: true, build: ({dimensions}) => product(at, hermiteLine(points), dimensions)};
}

/**
 * The n nodes, ascending, and weights of the standard normal: the roots of the orthonormal Hermite polynomial p_n, and
 * 1/sum p_k^2 over k < n (eq:gaussHermite; Golub and Welsch 1969).
 */
export function hermiteLine(n: number): Line {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let k = 0; k < n >> 1; ++k) {
    // The k-th largest root, and its mirror image.
    const x = root(n, k);
    nodes[n - 1 - k] = x;
    nodes[k] = -x;
    weights[n - 1 - k] = weights[k] = weight(n, x);
  }
  if (n % 2) weights[n >> 1] = weight(n, 0);
  return {nodes, weights};
}

// Bisection on the count of roots above x until Newton's method is safe.
function root(n: number, k: number): number {
  let low = 0;
  let high = 2 * Math.sqrt(n);
  for (let halving = 0; halving < 30; ++halving) {
    const middle = (low + high) / 2;
    if (rootsAbove(n, middle) > k) low = middle;
    else high = middle;
  }
  let x = (low + high) / 2;
  for (let step = 0; step < 3; ++step) {
    const {last, before} = orthonormal(n, x);
    x -= last / (Math.sqrt(n) * before);
  }
  return x;
}

// Sturm: the negative terms of q_k = p_k/p_(k-1), up to scale.
function rootsAbove(n: number, x: number): number {
  let q = x;
  let count = q < 0 ? 1 : 0;
  for (let k = 1; k < n; ++k) {
    q = x - k / (q || Number.MIN_VALUE);
    if (q < 0) ++count;
  }
  return count;
}

// A root is rounded, and both 1/(n p_(n-1)^2) and 1/sum p_k^2 magnify that by x^2, the first twice as much; their combination
// does not feel it.
function weight(n: number, x: number): number {
  const {before, sum} = orthonormal(n, x);
  return n * (before / sum) ** 2;
}

// sqrt(k + 1) p_(k+1) = x p_k - sqrt(k) p_(k-1), with p_0 = 1.
function orthonormal(n: number, x: number): {last: number; before: number; sum: number} {
  let before = 0;
  let last = 1;
  let sum = 0;
  for (let k = 0; k < n; ++k) {
    sum += last * last;
    [before, last] = [last, (x * last - Math.sqrt(k) * before) / Math.sqrt(k + 1)];
  }
  return {last, before, sum};
}
