import assert from "node:assert/strict";
import test from "node:test";
import {Matrix} from "ml-matrix";
import {clearlyIndependent, dependencies, rootMeanSquares} from "../../src/math/dependencies.js";
import {source} from "../../src/math/random.js";
import {close} from "../support/world.js";

/** Normal columns (rows, C), and D'D. */
function columns(rows: number, C: number, change: (row: Float64Array) => void = () => {}): {d: Float64Array; products: Matrix} {
  const stream = source(3).stream("columns");
  const d = Float64Array.from({length: rows * C}, () => stream.normal());
  for (let row = 0; row < rows; ++row) change(d.subarray(row * C, (row + 1) * C));
  const D = Matrix.from1DArray(rows, C, d);
  return {d, products: D.transpose().mmul(D)};
}

const found = async ({d}: {d: Float64Array}, C: number) => dependencies(d, C, rootMeanSquares(d, C));

test("independent columns have no relations, and their products show it", async () => {
  for (const [rows, C] of [[6, 6], [500, 3], [5000, 12]]) {
    const made = columns(rows, C);
    assert.deepEqual(await found(made, C), []);
    assert.equal(clearlyIndependent(made.products), true);
  }
});

test("units do not matter, from 1e-40 to 1e40", async () => {
  const made = columns(3000, 4, (row) => row.forEach((_, c) => { row[c] *= 10 ** (c % 2 ? 40 : -40); }));
  assert.deepEqual(await found(made, 4), []);
  assert.equal(clearlyIndependent(made.products), true);
});

test("a combination is named with its weights, across blocks of rows, and its products leave doubt", async () => {
  for (const rows of [5, 700, 9000]) {
    const made = columns(rows, 4, (row) => { row[3] = 2 * row[0] - 0.5 * row[2]; });
    const [relation, ...more] = await found(made, 4);
    assert.equal(more.length, 0);
    const scale = rootMeanSquares(made.d, 4);
    const zero = new Float64Array(4);
    for (const {column, weight} of [...relation.of, {column: relation.column, weight: -1}]) zero[column] += weight / scale[column];
    for (let row = 0; row < 5; ++row) close(zero.reduce((sum, weight, c) => sum + weight * made.d[row * 4 + c], 0), 0, 1e-8);
    assert.equal(clearlyIndependent(made.products), false);
  }
});

test("nearly a combination: not one, though its products leave doubt", async () => {
  const stream = source(4).stream("noise");
  const made = columns(2000, 3, (row) => { row[2] = row[0] + row[1] + 1e-7 * stream.normal(); });
  assert.deepEqual(await found(made, 3), []);
  assert.equal(clearlyIndependent(made.products), false);
});

test("what is zero, too large or too small to square leaves doubt", () => {
  for (const size of [0, 1e-130, 1e130, Infinity, NaN]) assert.equal(clearlyIndependent(new Matrix([[1, 0], [0, size * size]])), false);
});

test("root mean squares, of numbers whose squares are no numbers too", () => {
  for (const size of [1, 1e-170, 1e200]) {
    const [a, b] = rootMeanSquares(Float64Array.of(3 * size, 0, -4 * size, 0), 2);
    close(a / (size * Math.sqrt(12.5)), 1, 1e-14);
    assert.equal(b, 0);
  }
});
