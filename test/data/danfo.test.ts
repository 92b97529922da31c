import test from "node:test";
import assert from "node:assert/strict";
import {createRequire} from "node:module";
import type {DataFrame} from "danfojs-node";
import {frameOf} from "../../src/data/frame.js";
import {fromLong} from "../../src/data/fromLong.js";
import {refuses, roles, trips} from "./support.js";

// Loading danfo.js takes a second or two: this is the one file that does. It greets on the console, which is hushed.
const {warn, log} = console;
console.warn = console.log = () => {};
const danfo = createRequire(import.meta.url)("danfojs-node") as {DataFrame: new (rows: unknown, options?: object) => DataFrame};
Object.assign(console, {warn, log});

test("a danfo.js DataFrame gives the choices that its rows give", () => {
  const frame = new danfo.DataFrame(trips);
  assert.equal(fromLong(frame, roles).hash, fromLong(trips, roles).hash);
});

test("a DataFrame of one column is read, and a hostile name is a name", () => {
  const frame = frameOf(new danfo.DataFrame([[1], [2]], {columns: ["__proto__"]}));
  assert.deepEqual(frame.names, ["__proto__"]);
  assert.deepEqual(frame.column("__proto__"), [1, 2]);
});

test("an empty cell of a DataFrame is found by row and column", () => {
  const frame = new danfo.DataFrame(trips.map((row, r) => (r === 4 ? {...row, cost: NaN} : row)));
  refuses("data/missing-cell", () => fromLong(frame, roles), 'column "cost", row 4: NaN');
});
