import test from "node:test";
import assert from "node:assert/strict";
import {fromLong, type LongOptions} from "../../src/data/fromLong.js";
import {codes, refuses, roles, trips} from "./support.js";

const long = (change: Partial<LongOptions>, rows: readonly object[] = trips) => fromLong(rows, {...roles, attributes: ["cost"], ...change});
const column = (data: ReturnType<typeof fromLong>, name: string) =>
  Array.from(data.alternative, (_, r) => data.x[r * data.attributes.length + data.attributes.indexOf(name)]);

test("a categorical column becomes 0 and 1 for each level but the first in sorted order", () => {
  const data = long({dummies: ["region"]});
  assert.deepEqual(data.attributes, ["cost", "region[south]"]);
  assert.deepEqual(column(data, "region[south]"), trips.map(({region}) => Number(region === "south")));
  assert.match(data.notes[0].text, /"region" compare with "region\[north\]", the first of 2 levels/);
  const backwards = long({dummies: ["region"]}, [...trips].reverse());
  assert.deepEqual(backwards.attributes, data.attributes);
  assert.deepEqual(long({attributes: ["region", "cost"], dummies: ["region"]}).attributes, ["region[south]", "cost"]);
  assert.deepEqual(long({dummies: ["grade"]}, trips.map((row, r) => ({...row, grade: [10, 9, 2][r % 3]}))).attributes, ["cost", "grade[9]", "grade[10]"]);
});

test("dummies of one level are none, with a warning; of hundreds, an error", () => {
  const one = long({dummies: ["region"]}, trips.map((row) => ({...row, region: "north"})));
  assert.deepEqual(one.attributes, ["cost"]);
  assert.ok(codes(one).includes("data/one-level"));
  const many = Array.from({length: 500}, (_, r) => ({who: r >> 1, trip: 1, mode: "ab"[r & 1], took: r & 1, cost: r, id: r}));
  refuses("data/too-many-levels", () => long({dummies: ["id"]}, many), "500 levels");
});

test("levels of rows that are dropped make no dummies", () => {
  const rows = trips.map((row, r) => ({...row, cost: r === 10 ? null : row.cost, region: r > 8 ? "west" : row.region}));
  assert.deepEqual(long({dummies: ["region"], missing: "drop"}, rows).attributes, ["cost", "region[south]"]);
});

test("scale multiplies, center takes the mean over rows away, interactions multiply what comes out", () => {
  const data = long({attributes: ["cost", "time"], scale: {cost: 100}, center: ["time"], interactions: [["cost", "time"]]});
  const mean = trips.reduce((sum, {time}) => sum + time, 0) / trips.length;
  assert.deepEqual(data.attributes, ["cost", "time", "cost:time"]);
  assert.deepEqual(column(data, "cost"), trips.map(({cost}) => 100 * cost));
  column(data, "time").forEach((value, r) => assert.ok(Math.abs(value - (trips[r].time - mean)) < 1e-12));
  assert.deepEqual(column(data, "cost:time"), column(data, "time").map((t, r) => t * (100 * trips[r].cost)));
});

test("a factor of an interaction need not be an attribute, and dummies enter by their levels", () => {
  const data = long({interactions: [["cost", "income"], ["cost", "cost"]]});
  assert.deepEqual(data.attributes, ["cost", "cost:income", "cost:cost"]);
  assert.deepEqual(column(data, "cost:income"), trips.map(({cost, income}) => cost * income));
  assert.deepEqual(long({dummies: ["region"], interactions: [["cost", "region"]]}).attributes, ["cost", "region[south]", "cost:region[south]"]);
});

test("the outside option's rows take no part in the mean, and stay 0", () => {
  const data = long({outside: true, center: ["cost"], attributes: ["cost"]}, trips.map((row, r) => (r < 3 ? {...row, took: 0} : row)));
  const values = column(data, "cost");
  assert.deepEqual(values.filter((_, r) => data.alternative[r] === data.outside), [0, 0, 0, 0]);
  assert.ok(Math.abs(values.reduce((a, b) => a + b)) < 1e-12);
});

test("names that meet nothing, or meet twice, are refused", () => {
  refuses("data/unknown-attribute", () => long({center: ["cots"]}), 'Did you mean "cost"?');
  refuses("data/unknown-attribute", () => long({scale: {time2: 2}}), "option scale");
  refuses("data/unknown-attribute", () => long({interactions: [["cost", "nothing"]]}), "option interactions");
  refuses("options/bad-scale", () => long({scale: {cost: 0}}), "0");
  refuses("options/bad-scale", () => long({scale: {cost: NaN}}), "NaN");
  refuses("options/bad-interaction", () => long({interactions: [["cost"] as never]}));
  refuses("options/not-a-list", () => long({dummies: "region" as never}));
  refuses("data/duplicate-attribute", () => long({attributes: ["cost", "cost"]}), '"cost"');
  refuses("data/duplicate-attribute", () => long({interactions: [["cost", "time"], ["cost", "time"]]}), '"cost:time"');
});
