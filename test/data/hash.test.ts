import test from "node:test";
import assert from "node:assert/strict";
import {hasher} from "../../src/data/hash.js";

const of = (values: ArrayLike<number>) => hasher().numbers(values).digest();

test("a hash is twelve hexadecimal digits, the same for the same content", () => {
  assert.match(of([1, 2, 3]), /^[0-9a-f]{12}$/);
  assert.equal(of([1, 2, 3]), of(Float64Array.of(1, 2, 3)));
  assert.equal(of([0]), of([-0]));
});

test("values, order, kinds and boundaries count", () => {
  assert.notEqual(of([1, 2]), of([2, 1]));
  assert.notEqual(of([1]), of([1 + Number.EPSILON]));
  assert.notEqual(hasher().names([1]).digest(), hasher().names(["1"]).digest());
  assert.notEqual(hasher().names([1]).digest(), hasher().names([1n]).digest());
  assert.notEqual(hasher().names(["ab", "c"]).digest(), hasher().names(["a", "bc"]).digest());
  assert.notEqual(hasher().numbers([1]).numbers([2]).digest(), hasher().numbers([1, 2]).digest());
});

test("two hundred thousand neighbouring inputs do not collide", () => {
  // With 48 bits, chance would give a collision with probability 2e5² / 2^49, about 7e-5.
  const seen = new Set(Array.from({length: 2e5}, (_, i) => of([i])));
  assert.equal(seen.size, 2e5);
});
