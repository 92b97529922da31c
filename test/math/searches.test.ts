import assert from "node:assert/strict";
import test from "node:test";
import {goldenSection} from "../../src/math/goldenSection.js";
import {nonNegative} from "../../src/math/nonNegative.js";
import {source} from "../../src/math/random.js";
import {root} from "../../src/math/root.js";

const near = (seen: number, wanted: number, tolerance: number, about: unknown = "") => assert.ok(Math.abs(seen - wanted) <= tolerance, `${about}: ${seen}, wanted ${wanted}`);

test("a root is found to the last digits, from any side, and the nearer end where there is none", () => {
  near(root((x) => Math.cos(x) - x, 0, 1), 0.7390851332151606, 2e-16); // Dottie's number
  near(root((x) => x ** 3, -1, 2), 0, 1e-15);
  near(root((x) => Math.exp(-x) - 1e-9, 0, 100), 9 * Math.LN10, 1e-13);
  near(root((x) => (x < 0.3 ? -Infinity : 1), 0, 1), 0.3, 1e-15, "a jump from infinity");
  assert.deepEqual([root((x) => x, 0, 1), root((x) => x - 1, 0, 1), root((x) => x + 1, 0, 1), root((x) => x - 3, 0, 1)], [0, 1, 0, 1]);
});

test("golden sections find a minimum with a kink, and stop as soon as it is good enough", () => {
  near(goldenSection((x) => Math.abs(x - 0.7) + 0.1 * x, -3, 4), 0.7, 1e-9);
  let calls = 0;
  const x = goldenSection((v) => (++calls, v * v), -3, 4, 1);
  assert.ok(x * x <= 1 && calls < 8);
});

/** min x'Gx/2 - c'x over x >= 0 by trying every set of positive coefficients. */
function exhaustive(G: number[][], c: number[]): number {
  const P = c.length;
  let best = 0;
  for (let set = 1; set < 1 << P; ++set) {
    const on = c.map((_, p) => p).filter((p) => set & (1 << p));
    const A = on.map((p) => [...on.map((q) => G[p][q]), c[p]]);
    for (let k = 0; k < A.length; ++k) for (let r = 0; r < A.length; ++r) if (r !== k) {
      const f = A[r][k] / A[k][k];
      for (let q = k; q <= A.length; ++q) A[r][q] -= f * A[k][q];
    }
    const x = A.map((row, k) => row[A.length] / row[k]);
    if (x.every((v) => v >= 0)) best = Math.min(best, -0.5 * x.reduce((sum, v, k) => sum + v * c[on[k]], 0));
  }
  return best;
}

test("non-negative least squares meets its conditions and equals the best over every set of columns", () => {
  const chance = source(8).stream("nnls");
  for (let world = 0; world < 40; ++world) {
    const P = 2 + (world % 6);
    const A = Array.from({length: 12}, () => Array.from({length: P}, (_, p) => chance.normal() * 10 ** (p % 3)));
    const b = A.map(() => chance.normal());
    const G = Array.from({length: P}, (_, p) => Array.from({length: P}, (__, q) => A.reduce((sum, row) => sum + row[p] * row[q], 0)));
    const c = G.map((_, p) => A.reduce((sum, row, t) => sum + row[p] * b[t], 0));
    const {x, pull} = nonNegative(G.flat(), c);
    const value = 0.5 * x.reduce((sum, v, p) => sum + v * G[p].reduce((s, g, q) => s + g * x[q], 0), 0) - x.reduce((sum, v, p) => sum + v * c[p], 0);
    near(value, exhaustive(G, c), 1e-12 * (1 + Math.abs(value)), `world ${world}`);
    x.forEach((v, p) => {
      const scale = Math.sqrt(G[p][p]);
      assert.ok(v >= 0 && (v > 0 ? Math.abs(pull[p]) <= 1e-10 * scale : pull[p] <= 1e-10 * scale), `column ${p}: ${v}, ${pull[p]}`);
      near(pull[p], c[p] - G[p].reduce((sum, g, q) => sum + g * x[q], 0), 1e-10 * scale);
    });
  }
});

test("of columns that say the same one is used; nothing to gain leaves everything at zero", () => {
  const twice = nonNegative([4, 4, 4, 4], [2, 2]);
  near(twice.x[0] + twice.x[1], 0.5, 1e-15);
  assert.deepEqual([...nonNegative([1, 0, 0, 1], [-1, -2]).x], [0, 0]);
  assert.deepEqual([...nonNegative([1, 0, 0, 0], [1, 0]).x], [1, 0]);
});
