import test from "node:test";
import assert from "node:assert/strict";
import {rich} from "../../src/rich.js";
import {fromLong, type LongOptions} from "../../src/data/fromLong.js";
import {summary} from "../../src/data/summary.js";
import {roles, trips} from "./support.js";

const of = (rows: readonly object[] = trips, change: Partial<LongOptions> = {}) => summary(fromLong(rows, {...roles, ...change}));
const odd = (...args: Parameters<typeof of>) => of(...args).odd.map(({code}) => code);

test("a summary counts people, situations, rows, and the sizes of sets", () => {
  const s = of();
  assert.deepEqual([s.people, s.situations, s.rows, s.panel], [2, 4, 11, true]);
  assert.deepEqual(s.situationsPerPerson, {min: 2, median: 2, max: 2});
  assert.deepEqual(s.choiceSetSize, {min: 2, median: 3, max: 3});
  assert.equal(typeof s[rich]()["text/plain"], "string");
});

test("alternatives have shares of all situations and of those that offer them", () => {
  const {alternatives} = of();
  assert.deepEqual(alternatives[0], {name: "car", chosen: 1, share: 0.25, available: 3, shareWhenAvailable: 1 / 3});
  assert.deepEqual(alternatives.map(({chosen}) => chosen), [1, 2, 1]);
});

test("attributes have moments, and a kind", () => {
  const {attributes} = of(trips.map((row) => ({...row, one: 7})));
  const values = trips.map(({cost}) => cost);
  const mean = values.reduce((a, b) => a + b) / 11;
  const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 10);
  const [cost, , income, one] = attributes;
  assert.ok(Math.abs(cost.mean - mean) < 1e-14 && Math.abs(cost.sd - sd) < 1e-14);
  assert.deepEqual([cost.min, cost.max, cost.variesWithin, cost.kind], [1, 5, 1, "alternative"]);
  assert.deepEqual([income.variesWithin, income.kind], [0, "situation"]);
  assert.deepEqual([one.sd, one.kind], [0, "constant"]);
});

test("moments of an attribute leave the outside option's zeros out", () => {
  const [cost] = of(trips, {outside: "none", attributes: ["cost"]}).attributes;
  assert.equal(cost.min, 1);
  assert.ok(Math.abs(cost.mean - 27 / 11) < 1e-14);
});

test("a large mean does not swallow the spread", () => {
  const [cost] = of(trips.map((row) => ({...row, cost: 1e9 + row.cost})), {attributes: ["cost"]}).attributes;
  const [plain] = of(trips, {attributes: ["cost"]}).attributes;
  assert.ok(Math.abs(cost.sd - plain.sd) < 1e-6);
});

test("ordinary data have little odd about them", () => {
  assert.deepEqual(odd(trips, {attributes: ["cost", "time"]}), []);
  assert.deepEqual(odd(), ["data/case-specific"]);
});

test("alternatives that are never or always chosen are odd", () => {
  const never = trips.map((row) => ({...row, took: Number(row.mode === "bus")}));
  assert.deepEqual(odd(never, {attributes: ["cost", "time"]}), ["data/never-chosen", "data/always-chosen", "data/never-chosen", "data/same-choice"]);
});

test("constant, tiny and huge attributes are odd, with a scale that helps", () => {
  const s = of(trips.map((row) => ({...row, one: 1, cost: row.cost * 1e6, time: row.time * 1e-9})), {attributes: ["cost", "time", "one"]});
  assert.deepEqual(s.odd.map(({code}) => code), ["data/large-scale", "data/small-scale", "data/constant"]);
  assert.match(s.odd[0].text, /scale: \{"cost": 0\.000001\}/);
  assert.match(s.odd[1].text, /scale: \{"time": 100000000\}/);
});

test("copied situations, flat situations and people seen once are odd", () => {
  const copied = [...trips, ...trips.slice(0, 3).map((row) => ({...row, trip: 3}))];
  const s = of(copied, {attributes: ["cost", "time"]});
  assert.deepEqual(s.odd.map(({code}) => code), ["data/duplicated-situations"]);
  assert.match(s.odd[0].text, /1 of 5 situations repeat .* situation 3 of person "ann"/);
  const flat = trips.map((row, r) => (r < 3 ? {...row, cost: 1} : row));
  assert.deepEqual(odd(flat, {attributes: ["cost"]}), ["data/identical-alternatives"]);
  assert.deepEqual(odd(trips.slice(0, 9), {attributes: ["cost", "time"]}), ["data/one-situation"]);
  assert.ok(odd(trips.filter(({trip}) => trip === 1), {attributes: ["cost", "time"]}).includes("data/one-situation-each"));
});
