import test from "node:test";
import assert from "node:assert/strict";
import {Table as ArrowTable, tableFromArrays, vectorFromArray} from "apache-arrow";
import {frameOf, rowView, type Table} from "../../src/data/frame.js";
import {fromLong} from "../../src/data/fromLong.js";
import {refuses, roles, trips} from "./support.js";

const cells = (table: Table, name: string) => Array.from(frameOf(table).column(name));

test("row objects with ragged keys are read, absent keys as undefined", () => {
  const frame = frameOf([{a: 1}, {a: 2, b: "x"}]);
  assert.deepEqual(frame.names, ["a", "b"]);
  assert.equal(frame.length, 2);
  assert.deepEqual(frame.column("b"), [undefined, "x"]);
});

test("columns may be arrays or typed arrays, and typed arrays are not copied", () => {
  const cost = Float64Array.of(1, 2);
  const frame = frameOf({cost, mode: ["car", "bus"]});
  assert.equal(frame.column("cost"), cost);
  assert.deepEqual(frame.column("mode"), ["car", "bus"]);
});

test("an Arrow table gives numbers, dictionary text, 64-bit integers and nulls", () => {
  const table = tableFromArrays({cost: Float64Array.of(1, 2, 3), mode: ["car", "bus", "car"], id: BigInt64Array.of(7n, 8n, 9n)});
  assert.deepEqual(cells(table, "cost"), [1, 2, 3]);
  assert.deepEqual(cells(table, "mode"), ["car", "bus", "car"]);
  assert.deepEqual(cells(table, "id"), [7n, 8n, 9n]);
  const holes = new ArrowTable({n: vectorFromArray([1, null, 3]), flag: vectorFromArray([true, false, null])});
  assert.deepEqual(cells(holes, "n"), [1, null, 3]);
  assert.deepEqual(cells(holes, "flag"), [true, false, null]);
});

test("the same choices come out of rows, columns and an Arrow table", () => {
  const columns = Object.fromEntries(Object.keys(trips[0]).map((name) => [name, trips.map((row) => row[name as keyof typeof row])]));
  const arrow = tableFromArrays(columns as Record<string, string[]>);
  const hashes = [trips, columns, arrow].map((table) => fromLong(table as Table, roles).hash);
  assert.deepEqual(hashes, [hashes[0], hashes[0], hashes[0]]);
});

test("what is no table is refused", () => {
  // @ts-expect-error a number is no table
  refuses("data/not-a-table", () => frameOf(3), "got 3");
  // @ts-expect-error text is no table
  refuses("data/not-a-table", () => frameOf("choices.csv"), "readCSV");
  // @ts-expect-error one row is no table
  refuses("data/not-a-table", () => frameOf({cost: 3}), '"cost"');
  refuses("data/not-a-table", () => frameOf([{a: 1}, [1]]), "row 1");
  refuses("data/not-a-table", () => frameOf([{a: 1}, null as never]), "row 1 is null");
  refuses("data/not-a-table", () => frameOf(null as never));
});

test("tables without rows or columns, of unequal lengths or with a name twice are refused", () => {
  refuses("data/empty-table", () => frameOf([]));
  refuses("data/empty-table", () => frameOf({}));
  refuses("data/empty-table", () => frameOf({a: []}), "0 rows and 1 columns");
  refuses("data/unequal-lengths", () => frameOf({a: [1, 2], b: [1]}), 'column "a" has 2 rows and column "b" has 1');
  const twice = {numRows: 1, schema: {fields: [{name: "a"}, {name: "a"}]}, getChildAt: () => null};
  refuses("data/duplicate-column", () => frameOf(twice), 'two columns are called "a"');
});

test("names that every object inherits are ordinary column names", () => {
  const rows = JSON.parse('[{"__proto__": 1, "constructor": 2}, {"constructor": 3}]') as object[];
  const frame = frameOf(rows);
  assert.deepEqual(frame.names, ["__proto__", "constructor"]);
  assert.deepEqual(frame.column("__proto__"), [1, undefined]);
  assert.deepEqual(frameOf([{a: 1}, {constructor: 5}]).column("constructor"), [undefined, 5]);
  const row = rowView(frame, "test")(0);
  assert.equal(row.__proto__, 1);
  assert.equal(row["constructor"], 2);
  assert.equal(({} as Record<string, unknown>)["1"], undefined);
});

test("a row view is a row: spread gives its cells, and a name that is no column is an error", () => {
  const view = rowView(frameOf([{a: 1, b: 2}, {a: 3, b: 4}]), "test");
  assert.deepEqual({...view(1)}, {a: 3, b: 4});
  refuses("data/missing-column", () => view(0).aa as unknown, 'no column called "aa"', 'Did you mean "a"?');
});
