import assert from "node:assert/strict";
import test from "node:test";
import {checkOptions, ChoiceError, listed, nearest, quote} from "../src/errors.js";

test("an error says where, what was seen, what was wanted and a way out, and keeps them as data", () => {
  const error = new ChoiceError("data/one-choice", {at: "fromLong(frame)", saw: "situation 17 has 2 chosen rows", want: "each situation needs exactly one", hint: "drop one", row: 51});
  assert.equal(error.message, "fromLong(frame): situation 17 has 2 chosen rows; each situation needs exactly one.\nTry: drop one.");
  assert.deepEqual([error.code, error.saw, error.places], ["data/one-choice", "situation 17 has 2 chosen rows", [{column: undefined, row: 51, value: undefined}]]);
  assert.equal(error.name, "ChoiceError");
});

test("the nearest word is found through a swap, a slip, and letter case, and far ones are not offered", () => {
  assert.equal(nearest("chioce", ["alt", "choice"]), "choice");
  assert.equal(nearest("PRICE", ["prices", "price"]), "price");
  assert.equal(nearest("elephant", ["price", "time"]), undefined);
});

test("an option nobody knows is refused with the nearest", () => {
  assert.throws(() => checkOptions("fit(data)", {drwas: 3}, ["draws", "rule"]), (error: ChoiceError) => error.code === "options/unknown" && /Did you mean "draws"\?$/.test(error.message));
  checkOptions("fit(data)", {draws: 3}, ["draws"]);
});

test("lists read as a sentence and are cut with a count", () => {
  assert.deepEqual([listed([]), listed([1]), listed([1, 2]), listed([1, 2, 3]), listed([1, 2, 3, 4], 2)], ["", "1", "1 and 2", "1, 2 and 3", "1, 2 and 2 more"]);
});

test("any value can be quoted, however odd, and no cell floods a message", () => {
  assert.deepEqual([quote("a"), quote(3n), quote(null), quote({a: 1}), quote(Object.create(null)), quote({toString() { throw new Error("no"); }})], ['"a"', "3n", "null", '{"a":1}', "an object", "{}"]);
  assert.ok(quote("x".repeat(1e6)).length <= 60);
});
