import assert from "node:assert/strict";
import test from "node:test";
import {errorCard} from "../../src/display/errorCard.js";
import {ChoiceError} from "../../src/errors.js";
import {page} from "./html.js";

const parts = {at: "fromLong(frame)", saw: "12 situations have no choice", want: "one chosen row each", hint: "drop them"};
const places = Array.from({length: 12}, (_, n) => ({column: "choice", row: 4 * n, value: 0}));

test("an error shows what was seen, what was wanted and a way out; its text is the message", () => {
  const error = new ChoiceError("data/no-choice", parts, places);
  const bundle = errorCard(error);
  assert.equal(bundle["text/plain"], `ChoiceError: ${error.message}`);
  const text = page(bundle).body.textContent!;
  for (const part of [...Object.values(parts), "data/no-choice"]) assert.ok(text.includes(part), part);
});

test("of many places the first few are listed, and how many there are", () => {
  const document = page(errorCard(new ChoiceError("data/no-choice", parts, places)));
  assert.equal(document.querySelector("caption")!.textContent, "The first 8 of 12 places");
  assert.deepEqual([...document.querySelectorAll("tbody th")].map((th) => th.textContent), ["0", "4", "8", "12", "16", "20", "24", "28"]);
});

test("what none of the places says has no column", () => {
  const heads = (places: readonly object[]) => [...page(errorCard(new ChoiceError("data/no-choice", parts, places))).querySelectorAll("thead th")].map((th) => th.textContent);
  assert.deepEqual(heads([{column: "a", row: 1}, {column: "b", row: 2}]), ["Row", "Column"]);
  assert.deepEqual(heads([{row: 1}, {row: 2, value: ""}]), ["Row", "Value"]);
  assert.deepEqual(heads([{column: "a"}, {row: 3}]), ["Row", "Column"]);
  assert.deepEqual(heads([{}, {}]), []);
});
