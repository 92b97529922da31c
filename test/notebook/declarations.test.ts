import assert from "node:assert/strict";
import {createRequire} from "node:module";
import test from "node:test";
import {declarationsOf, type Parser} from "../../src/notebook/declarations.js";

const ts = createRequire(import.meta.url)("typescript") as Parser;
const only = (text: string, ...wanted: string[]): string => declarationsOf(ts, text, (name) => wanted.includes(name));

test("of a list, what is wanted stays, with the word it was declared by; types need no value", () => {
  assert.equal(only("declare const a: number, b: string;\ninterface I {}\n", "b"), "declare const b: string;\ninterface I {}\n");
  assert.equal(only("declare let a: number, b: string;\ntype T = 1;\n", "a"), "declare let a: number;\ntype T = 1;\n");
  assert.equal(declarationsOf(ts, "declare const a: number;\ninterface I {}\n", () => true, false), "declare const a: number;\n");
});

test("the word a variable was declared by may decide", () => {
  const text = "declare let a: number, b: string;\ndeclare const c: number;\ndeclare function f(): void;\n";
  assert.equal(declarationsOf(ts, text, (_, word) => word === "let"), "declare let a: number, b: string;\n");
});

test("functions, classes and enumerations stay whole or go", () => {
  const text = "declare function f(x: number): void;\ndeclare class C {}\ndeclare enum E { A }\n";
  assert.equal(only(text, "f", "E"), "declare function f(x: number): void;\ndeclare enum E { A }\n");
  assert.equal(only(text), "");
});

test("of an import, the names that are wanted", () => {
  assert.equal(only('import d, {a, b as c} from "m";\n', "c"), 'import {b as c} from "m";\n');
  assert.equal(only('import d, * as all from "m";\n', "d", "all"), 'import d, * as all from "m";\n');
  assert.equal(only('import "m";\nimport {a} from "n";\n'), "");
});
