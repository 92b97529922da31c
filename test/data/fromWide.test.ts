import test from "node:test";
import assert from "node:assert/strict";
import {fromLong} from "../../src/data/fromLong.js";
import {fromWide, type WideOptions} from "../../src/data/fromWide.js";
import {codes, numbersOf, refuses, roles, trips} from "./support.js";

// The trips of support.ts, a row for each; Bob's second offers no car.
const wide = [
  {who: "ann", trip: 1, pick: 1, carCost: 3, busCost: 1, trainCost: 2, t1: 20, t2: 35, t3: 25, car: 1, income: 40, region: "north"},
  {who: "ann", trip: 2, pick: 2, carCost: 5, busCost: 1, trainCost: 2, t1: 22, t2: 30, t3: 28, car: 1, income: 40, region: "north"},
  {who: "bob", trip: 1, pick: 3, carCost: 4, busCost: 1, trainCost: 3, t1: 21, t2: 33, t3: 26, car: 1, income: 25, region: "south"},
  {who: "bob", trip: 2, pick: 2, carCost: null, busCost: 2, trainCost: 3, t1: -1, t2: 31, t3: 29, car: 0, income: 25, region: "south"}
];
const plain: WideOptions = {
  choice: "pick", alternatives: {car: 1, bus: 2, train: 3}, attributes: {cost: "{alt}Cost", time: {car: "t1", bus: "t2", train: "t3"}},
  perSituation: ["income"], available: {car: "car"}, person: "who", situation: "trip"
};
const read = (change: Partial<WideOptions> = {}, rows: readonly object[] = wide) => fromWide(rows, {...plain, ...change});
const edit = (row: number, change: object) => wide.map((old, r) => (r === row ? {...old, ...change} : old));

test("a wide table gives what the long table of the same choices gives", () => {
  const [a, b] = [read(), fromLong(trips, roles)];
  assert.deepEqual(numbersOf(a), numbersOf(b));
  assert.equal(a.hash, b.hash);
  assert.deepEqual([...a.sourceRow], [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3]);
  const encoded = {dummies: ["region"], center: ["income"], scale: {cost: 0.5}, interactions: [["cost", "income"]] as const};
  assert.equal(read(encoded).hash, fromLong(trips, {...roles, ...encoded}).hash);
});

test("the example of the doc comment runs", () => {
  const rows = [{mode: "car", carCost: 3, busCost: 1, income: 40}, {mode: "bus", carCost: 4, busCost: 2, income: 20}];
  const data = fromWide(rows, {choice: "mode", alternatives: ["car", "bus"], attributes: {cost: "{alt}Cost"}, perSituation: ["income"]});
  assert.deepEqual(data.attributes, ["cost", "income"]);
  assert.deepEqual([...data.x], [3, 40, 1, 40, 4, 20, 2, 20]);
  assert.deepEqual([data.situations, data.panel], [[0, 1], false]);
});

test("attributes come from templates, columns, numbers and functions; an alternative without a source has 0", () => {
  const data = read({
    attributes: {time: "t{label}", fee: {car: 7, train: "trainCost"}, speed: {bus: (row) => 60 / row.t2}, name: (_, alternative) => alternative.length},
    perSituation: []
  });
  assert.deepEqual([...data.x].slice(0, 12), [20, 7, 0, 3, 35, 0, 60 / 35, 3, 25, 2, 0, 5]);
});

test("cells of an alternative that is not on offer are not read", () => {
  assert.deepEqual([...read().situation], [0, 3, 6, 9, 11]);
  refuses("data/missing-cell", () => read({available: undefined}), 'column "carCost", row 3: null');
  assert.equal(read({available: {car: (row) => row.t1 > 0}}).hash, read().hash);
  assert.equal(read({available: undefined, missing: "drop"}).situations.length, 3);
  refuses("data/chosen-unavailable", () => read({}, edit(3, {pick: 1})), 'row 3 chooses "car"');
});

test("choices that name no alternative are refused with a way out, or chose the outside option", () => {
  refuses("data/unknown-choice", () => read({}, edit(1, {pick: 0})), 'column "pick", row 1: 0', "where");
  const slip = wide.map((row, n) => ({...row, pick: n === 1 ? "buss" : "train"}));
  refuses("data/unknown-choice", () => read({alternatives: ["car", "bus", "train"]}, slip), 'row 1: "buss"', 'Did you mean "bus"?');
  refuses("data/missing-cell", () => read({}, edit(1, {pick: null})), 'column "pick", row 1: null');
  const data = read({outside: "walk"}, edit(1, {pick: null}));
  assert.equal(data.alternatives[data.outside as number], "walk");
  assert.equal(data.alternative[data.chosen[1]], 3);
  assert.equal(read({outside: "walk"}, edit(1, {pick: "walk"})).hash, data.hash);
  assert.equal(read({outside: "car", perSituation: []}).outside, 0);
});

test("labels tell numbers from names, and 1 from \"1\" makes no difference", () => {
  assert.equal(read({}, wide.map((row) => ({...row, pick: String(row.pick)}))).hash, read().hash);
  refuses("data/unknown-choice", () => read({alternatives: ["car", "bus", "train"]}), "alternatives: {car: 1, bus: 2, …}");
});

test("what is wrong with the options is said", () => {
  refuses("options/missing", () => fromWide(wide, {choice: "pick"} as never));
  refuses("options/unknown", () => read({avalable: {}} as never), 'Did you mean "available"?');
  refuses("options/not-a-list", () => read({alternatives: 3 as never}));
  refuses("options/duplicate-name", () => read({alternatives: ["car", "car"]}), 'the name "car"');
  refuses("options/duplicate-name", () => read({alternatives: {car: 1, bus: "1"}}), 'the label "1"');
  refuses("data/unknown-alternative", () => read({attributes: {cost: {carr: "carCost"}}}), 'Did you mean "car"?');
  refuses("data/unknown-alternative", () => read({available: {buss: "car"}}), 'Did you mean "bus"?');
  refuses("data/missing-column", () => read({attributes: {cost: "cost{alt}"}}), 'no column called "costcar"');
  refuses("data/missing-column", () => read({perSituation: ["incme"]}), 'Did you mean "income"?');
  refuses("options/bad-source", () => read({attributes: {cost: 3 as never}}));
  refuses("data/not-finite", () => read({attributes: {cost: {car: NaN}}}), "NaN");
});

test("a row is a situation: the same id twice for one person is refused", () => {
  refuses("data/duplicate-situation", () => read({person: undefined}), "situation 1 is on row 2 again", "person");
  refuses("data/duplicate-situation", () => read({situation: "who"}), "row 1 again");
  assert.deepEqual(read({situation: undefined}).situations, [0, 1, 2, 3]);
});

test("weights, times and clusters belong to the row", () => {
  const rows = wide.map((row, n) => ({...row, w: row.who === "ann" ? 2 : 0, when: 10 - n}));
  const data = read({weights: "w", time: "when", clusters: "region"}, rows);
  assert.deepEqual([...data.weight], [2, 2, 0, 0]);
  assert.deepEqual(data.times, [9, 10, 7, 8]);
  assert.deepEqual(data.situations, [2, 1, 2, 1]);
  assert.deepEqual(data.clusters, ["north", "south"]);
});

test("where and dummies work on the row", () => {
  const data = read({where: (row) => row.trip === 1, dummies: ["region"], perSituation: []});
  assert.deepEqual(data.attributes, ["cost", "time", "region[south]"]);
  assert.deepEqual([...data.sourceRow], [0, 0, 0, 2, 2, 2]);
  assert.ok(codes(data).includes("data/dummy-base"));
});

test("hostile names of alternatives stay names", () => {
  const alternatives = JSON.parse('{"__proto__": 1, "constructor": 2}') as Record<string, number>;
  const cost = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
  const data = fromWide([{y: 1, a: 3, b: 4}, {y: 2, a: 5, b: 6}], {choice: "y", alternatives, attributes: {cost, none: {}}});
  assert.deepEqual(data.alternatives, ["__proto__", "constructor"]);
  assert.deepEqual([...data.x], [3, 0, 4, 0, 5, 0, 6, 0]);
});
