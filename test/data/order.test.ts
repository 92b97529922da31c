import test from "node:test";
import assert from "node:assert/strict";
import type {Id} from "../../src/data/choiceData.js";
import {compareIds, countingSort} from "../../src/data/order.js";

const sorted = (...ids: Id[]) => [...ids].sort(compareIds);

test("labels sort as a reader would: numbers by size, digits in text too", () => {
  assert.deepEqual(sorted(10, 9, -1), [-1, 9, 10]);
  assert.deepEqual(sorted(10n, 9n), [9n, 10n]);
  assert.deepEqual(sorted(true, false), [false, true]);
  assert.deepEqual(sorted("t10", "t9", "t"), ["t", "t9", "t10"]);
  assert.deepEqual(sorted("-1", "-2", "1.5", "1.25"), ["-2", "-1", "1.25", "1.5"]);
  assert.deepEqual(sorted("2024-02-01", "2023-12-31"), ["2023-12-31", "2024-02-01"]);
  assert.deepEqual(sorted("a", 3), [3, "a"]);
});

test("the counting sort is stable", () => {
  const key = [1, 0, 1, 0, 2];
  assert.deepEqual([...countingSort(Int32Array.of(4, 3, 2, 1, 0), (i) => key[i], 3)], [3, 1, 2, 0, 4]);
});
