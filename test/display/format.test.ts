import assert from "node:assert/strict";
import test from "node:test";
import {align, brief, decimalsFor, fixed, pValue, percent, scientific, stars} from "../../src/display/format.js";
import {pad, shorten, width, wrap} from "../../src/display/width.js";

test("p values stop at three decimals, and never read as zero", () => {
  assert.deepEqual([0.5, 0.0494, 0.001, 0.00099, 0, NaN].map(pValue), ["0.500", "0.049", "0.001", "<0.001", "<0.001", "—"]);
});

test("stars follow the three usual levels, and a missing p has none", () => {
  assert.deepEqual([0.05, 0.049, 0.009, 0.0009, null, NaN].map(stars), ["", "*", "**", "***", "", ""]);
});

test("there is no negative zero, and no run of digits for the very large", () => {
  assert.equal(fixed(-0.0004, 3), "0.000");
  assert.equal(fixed(-1.25e12, 2), "-1.25e12");
  assert.equal(fixed(-Infinity, 2), "-Inf");
  assert.equal(scientific(123456), "1.23e5");
});

test("a brief number keeps three digits on any scale", () => {
  assert.deepEqual([0, 12, 1234.5, 0.01234, -0.5, 1.234e-8, 5.6e11].map((x) => brief(x)), ["0", "12", "1235", "0.0123", "-0.5", "1.23e-8", "5.60e11"]);
});

test("one number of decimals serves a column whose errors share a scale", () => {
  const decimals = decimalsFor([0.181, 0.22, 0.051, 0.113]);
  assert.deepEqual([0.181, 0.22, 0.051, 0.113].map(decimals), [3, 3, 3, 3]);
});

test("the smallest error still shows two digits, and another scale gets its own decimals", () => {
  const decimals = decimalsFor([0.2, 0.3, 0.4, 0.0051, 0.0000012, 250000]);
  const common = decimals(NaN);
  assert.match(align(0.0051, decimals(0.0051), common).text, /[1-9]\d$/);
  assert.equal(align(0.0000012, decimals(0.0000012), common).text, "1.20e-6");
  assert.equal(align(250000, decimals(250000), common).text, "250000");
});

test("blanks bring a short number's decimal point under its neighbours'", () => {
  const long = align(0.123, 3, 3);
  const short = align(12.3, 1, 3);
  const whole = align(4567, 0, 3);
  const after = ({text, blanks}: {text: string; blanks: number}) => (text.includes(".") ? text.length - text.indexOf(".") : 0) + blanks;
  assert.deepEqual([long, short, whole].map(after), [4, 4, 4]);
});

test("shares are percentages, and a share of nothing is a dash", () => {
  assert.deepEqual([0.1234, 1, NaN].map(percent), ["12.3%", "100.0%", "—"]);
});

test("width counts columns of a terminal, not code units", () => {
  assert.equal(width("e\u0301价格\u202e"), 5);
  assert.equal(width(pad("价", 6, "right")), 6);
});

test("wrapping loses nothing and keeps within the width", () => {
  const text = "a sentence with averyveryverylongwordthatcannotfit and more 价格价格价格价格";
  const lines = wrap(text, 12);
  assert.ok(lines.every((line) => width(line) <= 12));
  assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
  assert.equal(width(shorten(text, 12)), 12);
});
