import test from "node:test";
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {ChoiceError} from "../../src/errors.js";
import {chiSquaredTail} from "../../src/math/chiSquared.js";
import {logSumExp} from "../../src/math/logSumExp.js";
import {cumulative, quantile} from "../../src/math/normal.js";
import {studentQuantile, studentTail} from "../../src/math/student.js";

const reference = JSON.parse(readFileSync(new URL("../reference/special-functions.json", import.meta.url), "utf8"));

const near = (seen: number, wanted: number, relative: number, about: unknown) =>
  assert.ok(Math.abs(seen - wanted) <= relative * Math.abs(wanted), `${about}: ${seen}, wanted ${wanted}`);

test("the chi-squared tail is right to 1e-13", () => {
  for (const [degrees, x, p] of reference.chiSquareSf) near(chiSquaredTail(+x, degrees), +p, 1e-13, [degrees, x]);
});

test("the chi-squared tail holds for many degrees and huge statistics", () => {
  // mpmath 1.4.1, 50 digits: gammainc(k/2, x/2, inf, regularized=True) of the exact doubles.
  near(chiSquaredTail(1298.133359004079, 1000), 4.850899591889724398772e-10, 1e-13, 1000);
  near(chiSquaredTail(1961.3456005802398, 400), 8.222723028894494614464e-204, 2e-13, 400);
  near(chiSquaredTail(1549.6290934232281, 101), 8.198487785528592661372e-258, 2e-13, 101);
});

test("the chi-squared tail starts at 1, ends at 0, and with one degree is the normal's", () => {
  assert.deepEqual([chiSquaredTail(0, 3), chiSquaredTail(-1, 3), chiSquaredTail(Infinity, 3)], [1, 1, 0]);
  assert.ok(Number.isNaN(chiSquaredTail(NaN, 2)));
  for (const z of [0.1, 1, 3, 8]) near(chiSquaredTail(z * z, 1), 2 * cumulative(-z), 1e-15, z);
  for (const degrees of [0, 1.5, -2]) assert.throws(() => chiSquaredTail(1, degrees), (error: ChoiceError) => error.code === "math/degrees");
});

test("Student's tail is right to 1e-13", () => {
  // mpmath 1.4.1, 40 digits: betainc(n/2, 1/2, 0, n/(n + t^2), regularized=True).
  const known = [
    [1e-6, 3, 0.99999926489480610444], [0.5, 1, 0.70483276469913345165], [2, 2.5, 0.15739149575796598662], [2.228138851964939, 10, 0.050000000001808631294],
    [3, 30, 0.0053899640656519466128], [12, 7, 6.3583103781851002706e-6], [2, 1000, 0.045770346493251640049], [40, 4, 2.3340163226012685953e-6]
  ];
  for (const [t, n, p] of known) {
    near(studentTail(t, n), p, 1e-13, [t, n]);
    near(studentTail(-t, n), p, 1e-13, [-t, n]);
  }
});

test("with one degree Student is Cauchy, with two it is algebraic, with very many it is normal", () => {
  for (const t of [0.01, 0.7, 1.3, 5, 300]) {
    near(studentTail(t, 1), (2 / Math.PI) * Math.atan(1 / t), 1e-13, t);
    near(studentTail(t, 2), 2 / (t * t + 2 + t * Math.sqrt(t * t + 2)), 1e-13, t);
  }
  for (const t of [0.3, 1.96, 4]) {
    assert.equal(studentTail(t, Infinity), 2 * cumulative(-t));
    near(studentTail(t, 1e5), studentTail(t, Infinity), 1e-3, t);
  }
  assert.deepEqual([studentTail(0, 5), studentTail(Infinity, 5)], [1, 0]);
  assert.throws(() => studentTail(1, 0), (error: ChoiceError) => error.code === "math/degrees");
});

test("Student's quantile is the tail's inverse: Cauchy's with one degree, algebraic with two, the normal's with infinitely many", () => {
  for (const p of [1e-8, 0.025, 0.3, 0.6, 0.975, 0.9999]) {
    near(studentQuantile(p, 1), -1 / Math.tan(Math.PI * p), 1e-12, p);
    near(studentQuantile(p, 2), (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p))), 1e-13, p);
    for (const degrees of [0.7, 3, 10, 199, 1000]) near(studentTail(studentQuantile(p, degrees), degrees), 2 * Math.min(p, 1 - p), 1e-12, [p, degrees]);
    assert.equal(studentQuantile(p, Infinity), quantile(p));
    near(studentQuantile(p, 5), -studentQuantile(1 - p, 5), 1e-7, p);
  }
  // mpmath: findroot of betainc above at 0.05.
  near(studentQuantile(0.975, 10), 2.2281388519862744, 1e-12, 10);
  assert.deepEqual([studentQuantile(0, 3), studentQuantile(0.5, 3), studentQuantile(1, 3)], [-Infinity, 0, Infinity]);
  assert.ok(Number.isNaN(studentQuantile(1.1, 3)));
  assert.throws(() => studentQuantile(0.5, 0), (error: ChoiceError) => error.code === "math/degrees");
});

test("the log of a sum of exponentials neither overflows nor loses the small", () => {
  for (const {v, value} of reference.logSumExp) near(logSumExp(v.map(Number)), +value, 1e-15, v);
  assert.equal(logSumExp([]), -Infinity);
  assert.equal(logSumExp([-Infinity, -Infinity]), -Infinity);
  assert.equal(logSumExp([-Infinity, 2]), 2);
  assert.equal(logSumExp([1, Infinity]), Infinity);
  for (const v of [[NaN, 1], [1, NaN], [Infinity, NaN]]) assert.ok(Number.isNaN(logSumExp(v)));
});

test("adding a constant to all terms adds it to the sum", () => {
  const v = [0.5, -1.25, 3];
  near(logSumExp(v.map(x => x + 1024)), logSumExp(v) + 1024, 1e-15, v);
});
