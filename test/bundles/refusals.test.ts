import assert from "node:assert/strict";
import test from "node:test";
import {complementarity} from "../../src/bundles/complementarity.js";
import {fitBundles} from "../../src/bundles/fitBundles.js";
import {ChoiceError} from "../../src/errors.js";

function refuses(work: () => unknown, code: string, ...words: RegExp[]): void {
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof ChoiceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.at && error.saw && error.want);
    for (const word of words) assert.match(error.message, word);
    return true;
  });
}

const any = <T>(value: unknown) => value as T;
const rows = [{a: 1, b: 1, n: 3, s: "x"}, {a: 1, b: 0, n: 2, s: "y"}, {a: 0, b: 1, n: 1, s: "x"}, {a: 0, b: 0, n: 4, s: "y"}];
const with_ = (more: object) => [...rows.slice(1), {...rows[0], ...more}];

test("counts below zero, not finite, or all zero", () => {
  refuses(() => complementarity({"a+b": 3, a: -2, b: 1, none: 4}), "bundles/count", /bundle "a" counts -2/);
  refuses(() => complementarity({"a+b": 3, a: NaN, b: 1, none: 4}), "bundles/count", /NaN/);
  refuses(() => complementarity({"a+b": 0, a: 0, b: 0, none: 0}), "bundles/empty", /all 0/);
  refuses(() => complementarity(with_({n: -1}), {goods: ["a", "b"], count: "n"}), "bundles/count", /row 3: -1/);
  refuses(() => complementarity(with_({n: null}), {goods: ["a", "b"], count: "n"}), "bundles/count", /null/);
});

test("empty cells, and cells that are no purchase", () => {
  refuses(() => complementarity(with_({a: null}), {goods: ["a", "b"]}), "bundles/empty-cell", /column "a", row 3: null/);
  refuses(() => complementarity(with_({a: undefined}), {goods: ["a", "b"]}), "bundles/empty-cell");
  refuses(() => complementarity(with_({s: ""}), {goods: ["a", "b"], stratify: "s"}), "bundles/empty-cell", /stratum/);
  refuses(() => complementarity(with_({a: 2}), {goods: ["a", "b"]}), "bundles/not-a-purchase", /x > 0/);
  refuses(() => complementarity(rows), "bundles/not-a-purchase", /goods: \["tea", "milk"\]/);
});

test("goods that are not there, twice there, too few, always or never bought", () => {
  refuses(() => complementarity(rows, {goods: ["a", "c"]}), "data/missing-column", /"c"/);
  refuses(() => complementarity(rows, {goods: ["a", "a"]}), "bundles/goods", /twice/);
  refuses(() => complementarity(rows, {goods: ["a"]}), "bundles/goods", /one good, "a"/);
  refuses(() => complementarity(rows, {goods: any("a")}), "bundles/goods", /array/);
  refuses(() => complementarity({tea: 3, none: 4}), "bundles/goods");
  refuses(() => complementarity({"a+b": 3, "b+a": 2, a: 1, b: 1}), "bundles/twice", /"a\+b" and "b\+a"/);
  refuses(() => complementarity({"a+a": 3, b: 1}), "bundles/twice", /names a good twice/);
  refuses(() => complementarity({"a+b": 3, a: 2, none: 1}, {goods: ["a", "d"]}), "bundles/goods", /no bundle holds "d"/);
  refuses(() => complementarity({"a+b": 3, a: 2}), "bundles/no-variation", /"a" is always bought/);
  refuses(() => complementarity({"a+b": 0, a: 2, b: 0, none: 1}), "bundles/no-variation", /"b" is never bought/);
  refuses(() => fitBundles({"a+b": 0, a: 2, b: 0, none: 1}), "bundles/no-variation");
  refuses(() => fitBundles(Object.fromEntries([..."abcdefghijk"].map((good) => [good, 1]))), "bundles/too-many", /11 goods, which make 2048 bundles/);
});

test("options nobody knows, levels out of range, and tables that are none", () => {
  refuses(() => complementarity(rows, any({good: ["a", "b"]})), "options/unknown", /Did you mean "goods"/);
  refuses(() => fitBundles(rows, any({stratify: "s"})), "options/unknown");
  refuses(() => complementarity({"a+b": 3, a: 2, b: 1, none: 4}, {level: 95}), "bundles/level");
  refuses(() => fitBundles({"a+b": 3, a: 2, b: 1, none: 4}, {level: 0}), "bundles/level");
  for (const fit of [complementarity, fitBundles]) refuses(() => fit({"a+b": 3, a: 2, b: 1, none: 4}, {level: any("0.95")}), "bundles/level", /"0.95"/);
  refuses(() => complementarity({"a+b": 3, a: 2, b: 1, none: 4}, {count: "n"}), "bundles/option", /count/);
  refuses(() => complementarity(any(3)), "data/not-a-table");
  refuses(() => complementarity(any([])), "data/empty-table");
  refuses(() => complementarity({a: [1, 0], b: [1]}), "data/unequal-lengths");
});
