import test from "node:test";
import assert from "node:assert/strict";
import {renderers, rich} from "../../src/rich.js";
import type {ChoiceData, Id} from "../../src/data/choiceData.js";
import {fromLong, type LongOptions} from "../../src/data/fromLong.js";
import {codes, numbersOf, refuses, roles, trips} from "./support.js";

const long = (change: Partial<LongOptions> = {}, rows: readonly object[] = trips) => fromLong(rows, {...roles, ...change});
const edit = (row: number, change: object, rows: readonly object[] = trips) => rows.map((old, r) => (r === row ? {...old, ...change} : old));
const without = (...gone: number[]) => trips.filter((_, r) => !gone.includes(r));

test("a long table becomes rows, situations and people", () => {
  const data = long();
  assert.deepEqual(data.alternatives, ["car", "bus", "train"]);
  assert.deepEqual(data.attributes, ["cost", "time", "income"]);
  assert.deepEqual([...data.situation], [0, 3, 6, 9, 11]);
  assert.deepEqual([...data.person], [0, 2, 4]);
  assert.deepEqual([...data.chosen], [0, 4, 8, 9]);
  assert.deepEqual([...data.alternative], [0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 2]);
  assert.deepEqual([...data.x.subarray(27, 33)], [2, 31, 25, 3, 29, 25]);
  assert.deepEqual([data.people, data.situations], [["ann", "bob"], [1, 2, 1, 2]]);
  assert.deepEqual([...data.weight], [1, 1, 1, 1]);
  assert.deepEqual([...data.sourceRow], trips.map((_, r) => r));
  assert.equal(data.panel, true);
  assert.equal(data.outside, undefined);
  assert.equal(data.recipe, 'fromLong: chosen: "took", alternative: "mode", situation: "trip", person: "who"');
  assert.match(data.hash, /^[0-9a-f]{12}$/);
  assert.deepEqual(codes(data), ["data/text-left-out"]);
});

test("choices show themselves, and are frozen", () => {
  const before = renderers.get("choices");
  renderers.set("choices", ((data: ChoiceData) => ({"text/plain": `${data.people.length} people`})) as never);
  try {
    assert.equal(long()[rich]()["text/plain"], "2 people");
  } finally {
    if (before) renderers.set("choices", before);
    else renderers.delete("choices");
  }
  assert.ok(Object.isFrozen(long()));
});

test("the example of the doc comment runs", () => {
  const rows = [
    {trip: 1, mode: "car", cost: 3, took: 1}, {trip: 1, mode: "bus", cost: 1, took: 0},
    {trip: 2, mode: "car", cost: 4, took: 0}, {trip: 2, mode: "bus", cost: 2, took: 1}
  ];
  const data = fromLong(rows, {chosen: "took", alternative: "mode", situation: "trip"});
  assert.deepEqual(data.attributes, ["cost"]);
  assert.deepEqual(data.people, [1, 2]);
  assert.equal(data.panel, false);
});

test("the order of rows changes the order of people and situations, and nothing else", () => {
  // A fixed shuffle: rows in the order of 7 r + 6 mod 11.
  const shuffled = trips.map((_, r) => trips[(r * 7 + 6) % 11]);
  const alternatives = ["car", "bus", "train"];
  const describe = (data: ChoiceData) => {
    const found = new Map<string, unknown>();
    for (let i = 0; i < data.people.length; ++i) {
      for (let n = data.person[i]; n < data.person[i + 1]; ++n) {
        const [from, to] = [data.situation[n], data.situation[n + 1]];
        found.set(`${String(data.people[i])} ${String(data.situations[n])}`, [[...data.alternative.subarray(from, to)], [...data.x.subarray(from * 3, to * 3)], data.chosen[n] - from]);
      }
    }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const [a, b] = [long({alternatives}), long({alternatives}, shuffled)];
  assert.deepEqual(describe(b), describe(a));
  assert.notDeepEqual(b.people, a.people);
  assert.deepEqual(Array.from(b.sourceRow, (r) => shuffled[r].mode), Array.from(b.alternative, (j) => alternatives[j]));
});

test("rows apart are grouped, people by first appearance", () => {
  const apart = [trips[6], trips[0], trips[7], trips[1], trips[8], trips[2]];
  const data = long({}, apart);
  assert.deepEqual(data.people, ["bob", "ann"]);
  assert.deepEqual([...data.sourceRow], [0, 2, 4, 1, 3, 5]);
});

test("a choice may be flags of many kinds or a name, with the same result", () => {
  const hash = long().hash;
  const kinds: ((took: number) => unknown)[] = [Boolean, (t) => (t ? "yes" : "no"), (t) => (t ? "TRUE" : "FALSE"), String, BigInt];
  for (const kind of kinds) assert.equal(long({}, trips.map((row) => ({...row, took: kind(row.took)}))).hash, hash);
  const chosen = (row: (typeof trips)[0]) => trips.find((other) => other.who === row.who && other.trip === row.trip && other.took === 1)?.mode;
  const named = trips.map((row) => ({...row, took: chosen(row)}));
  assert.equal(long({}, named).hash, hash);
});

test("alternatives called 0 and 1 are told from flags", () => {
  const row = (s: number, alt: number, took: number, choice: number) => ({s, alt, took, choice, cost: s + alt});
  const rows = [row(1, 0, 0, 1), row(1, 1, 1, 1), row(2, 0, 1, 0), row(2, 1, 0, 0)];
  const options = {alternative: "alt", situation: "s", attributes: ["cost"]};
  assert.deepEqual([...fromLong(rows, {...options, chosen: "took"}).chosen], [1, 2]);
  assert.deepEqual([...fromLong(rows, {...options, chosen: "choice"}).chosen], [1, 2]);
});

test("situation ids may start again for each person, and are needed only where they tell something", () => {
  assert.equal(long().situations.length, 4);
  const timed = trips.map(({trip, ...row}) => ({...row, when: trip}));
  const data = fromLong(timed, {chosen: "took", alternative: "mode", person: "who", time: "when"});
  assert.deepEqual([...data.situation], [0, 3, 6, 9, 11]);
  const once = trips.slice(0, 3);
  assert.equal(fromLong(once, {chosen: "took", alternative: "mode", person: "who"}).situations.length, 1);
  refuses("data/no-situation", () => fromLong(trips, {chosen: "took", alternative: "mode"}), "no option situation", '"trip"');
  refuses("data/no-situation", () => fromLong(trips, {chosen: "took", alternative: "mode", person: "who"}), "more than once");
});

test("a person's situations are sorted by time, by number where text holds one", () => {
  const order = (times: Id[]) => {
    const rows = times.flatMap((when, s) => [{s, when, alt: "a", y: 1, z: s}, {s, when, alt: "b", y: 0, z: 0}].map((row) => ({...row, who: 1})));
    return fromLong(rows, {chosen: "y", alternative: "alt", situation: "s", person: "who", time: "when"});
  };
  assert.deepEqual(order([10, 9, 2]).situations, [2, 1, 0]);
  assert.deepEqual(order([10, 9, 2]).times, [2, 9, 10]);
  assert.deepEqual(order(["t10", "t9", "t2"]).situations, [2, 1, 0]);
  assert.deepEqual(order(["2024-02-01", "2023-12-31"]).situations, [1, 0]);
  assert.deepEqual(order([10n, 9n]).situations, [1, 0]);
  const tied = order([5, 5, 1]);
  assert.deepEqual(tied.situations, [2, 0, 1]);
  assert.ok(codes(tied).includes("data/equal-times"));
});

test("dates sort as times", () => {
  const rows = [2, 1].flatMap((day) => [0, 1].map((y) => ({day: new Date(Date.UTC(2024, 0, day)), alt: y ? "a" : "b", y, who: 1, z: y * day})));
  const data = fromLong(rows, {chosen: "y", alternative: "alt", person: "who", time: "day"});
  assert.deepEqual(data.times, ["2024-01-01T00:00:00.000Z", "2024-01-02T00:00:00.000Z"]);
});

test("rows that are not available are dropped, and their cells do not matter", () => {
  const rows = trips.map((row, r) => ({...row, on: r !== 2, cost: r === 2 ? null : row.cost}));
  const data = long({available: "on"}, rows);
  assert.equal(data.hash, long({}, without(2)).hash);
  assert.deepEqual([...data.sourceRow].slice(0, 4), [0, 1, 3, 4]);
  refuses("data/chosen-unavailable", () => long({available: "on"}, edit(0, {on: false}, rows)), 'row 0 chooses "car"');
  refuses("data/not-yes-no", () => long({available: "on"}, edit(3, {on: "maybe"}, rows)), 'column "on", row 3: "maybe"');
});

test("the outside option of the data has utility 0: its attributes become zeros, with a note", () => {
  const data = long({outside: "bus"});
  assert.equal(data.outside, 1);
  for (let r = 0; r < 11; ++r) assert.equal(data.x[3 * r] === 0, data.alternative[r] === 1);
  assert.ok(codes(data).includes("data/outside-zeroed"));
});

test("a new outside option is added to each situation, and chosen where nothing else is", () => {
  const rows = edit(0, {took: 0});
  const data = long({outside: true, attributes: ["cost"]}, rows);
  assert.deepEqual(data.alternatives, ["car", "bus", "train", "outside"]);
  assert.equal(data.outside, 3);
  assert.deepEqual([...data.situation], [0, 4, 8, 12, 15]);
  assert.deepEqual([...data.chosen], [3, 5, 10, 12]);
  assert.deepEqual([...data.sourceRow].slice(0, 5), [0, 1, 2, -1, 3]);
  assert.deepEqual([...data.x].slice(0, 4), [3, 1, 2, 0]);
  assert.match(data.notes.find(({code}) => code === "data/outside-added")?.text ?? "", /"outside" to each situation; it was chosen in 1 of 4/);
  const named = rows.map((row, r) => ({...row, took: r < 3 ? null : (["bus", "train", "bus"] as const)[Math.min(2, Math.floor((r - 3) / 3))]}));
  assert.equal(long({outside: true, attributes: ["cost"]}, named).hash, data.hash);
  const cars = long({outside: "stay"}, trips.filter(({mode}) => mode === "car"));
  assert.deepEqual([...cars.situation], [0, 2, 4, 6], "one alternative and the outside option are a choice");
  refuses("data/unknown-outside", () => long({outside: "buss"}), 'Did you mean "bus"?');
});

test("an alternative that the choice column names must be on offer, outside option or not", () => {
  const named = without(0).map((row) => ({...row, took: row.trip === 1 && row.who === "ann" ? "car" : "bus"}));
  refuses("data/chosen-not-offered", () => long({outside: true}, named), 'row 0: "car"');
});

test("where picks rows, and messages keep the numbers of the table", () => {
  assert.match(long({where: (row) => row.who === "bob"}).recipe, /where: \(?row\)? ?=> ?row\.who ?=== ?"bob"$/);
  assert.equal(long({where: (row) => row.who === "bob"}).hash, long({alternatives: ["car", "bus", "train"]}, trips.slice(6)).hash);
  refuses("data/missing-cell", () => long({where: (row) => row.who === "bob"}, edit(8, {cost: null})), "row 8: null");
  refuses("data/missing-column", () => long({where: (row) => row.whom === "bob"}), 'no column called "whom"', 'Did you mean "who"?');
  refuses("data/no-rows", () => long({where: () => false}), "none of 11 rows");
  refuses("options/not-a-function", () => long({where: (async () => true) as never}), "Promise");
});

test("attributes may be a list, or a record with functions of the row", () => {
  const data = long({attributes: {price: "cost", speed: (row) => 60 / row.time}});
  assert.deepEqual(data.attributes, ["price", "speed"]);
  assert.deepEqual([...data.x].slice(0, 2), [3, 3]);
  assert.deepEqual(long({attributes: ["time"]}).attributes, ["time"]);
  assert.deepEqual(long({attributes: []}).attributes, []);
  refuses("data/missing-cell", () => long({attributes: {odd: (row) => Math.sqrt(row.cost - 2)}}), 'column "odd", row 1: NaN');
  refuses("data/chosen-as-attribute", () => long({attributes: ["took"]}));
  refuses("data/missing-column", () => long({attributes: ["tmie"]}), 'Did you mean "time"?');
  refuses("options/not-a-list", () => long({attributes: "time" as never}));
});

test("weights go with situations, clusters with people", () => {
  const rows = trips.map((row) => ({...row, w: row.who === "ann" ? 1.5 : 0.5, town: row.region}));
  const data = long({weights: "w", clusters: "town"}, rows);
  assert.deepEqual([...data.weight], [1.5, 1.5, 0.5, 0.5]);
  assert.deepEqual(data.clusters, ["north", "south"]);
  assert.ok(!codes(data).includes("data/weights-sum"));
  assert.ok(codes(long({weights: "w"}, rows.map((row) => ({...row, w: 3})))).includes("data/weights-sum"));
  refuses("data/negative-weight", () => long({weights: "w"}, edit(4, {w: -1}, rows)), "row 4 has weight -1");
  refuses("data/missing-cell", () => long({weights: "w"}, edit(4, {w: NaN}, rows)), 'column "w", row 4: NaN');
  refuses("data/zero-weights", () => long({weights: "w"}, rows.map((row) => ({...row, w: 0}))));
  refuses("data/uneven-weights", () => long({weights: "w"}, edit(4, {w: 2}, rows)), "row 4 has weight 2, unlike other rows of its situation");
  refuses("data/uneven-weights", () => long({weights: "w"}, rows.map((row) => ({...row, w: row.trip}))), "row 3 has weight 2, unlike other rows of its person");
  refuses("data/uneven-clusters", () => long({clusters: "town"}, edit(10, {town: "west"}, rows)), 'row 10 has cluster "west"');
  refuses("data/uneven-time", () => long({time: "w"}, edit(4, {w: 9}, rows)), "row 4 has time 9");
});

test("missing cells are an error that lists them, or their situations are dropped with a note", () => {
  const holes = edit(9, {took: null}, edit(4, {cost: undefined}, edit(3, {time: "NA"})));
  const error = refuses("data/missing-cell", () => long({}, holes), 'column "took", row 9: null', 'column "time", row 3: "NA"', 'missing: "drop"');
  assert.deepEqual(error.places.map(({column, row}) => `${column} ${row}`).sort(), ["cost 4", "time 3", "took 9"]);
  const data = long({missing: "drop"}, holes);
  assert.equal(data.hash, long({alternatives: ["car", "bus", "train"]}, [...trips.slice(0, 3), ...trips.slice(6, 9)]).hash);
  assert.match(data.notes.find(({code}) => code === "data/dropped-missing")?.text ?? "", /2 of 4 situations/);
  // Dropping row 5 alone would leave its situation with two alternatives, unseen.
  refuses("data/missing-id", () => long({missing: "drop"}, edit(5, {who: null})), 'column "who", row 5: null', "where");
  refuses("data/missing-id", () => long({}, edit(5, {trip: ""})), 'column "trip", row 5: ""');
});

test("trouble in many rows is collected: a few in the message, a thousand in places", () => {
  const many = Array.from({length: 3000}, (_, r) => ({s: r >> 1, alt: "ab"[r & 1], y: 1 - (r & 1), cost: null}));
  const error = refuses("data/missing-cell", () => fromLong(many, {chosen: "y", alternative: "alt", situation: "s", attributes: ["cost"]}), "and 2997 more");
  assert.equal(error.places.length, 1000);
});

test("a column, an option or a value that nobody knows is named with its neighbour", () => {
  refuses("data/missing-column", () => long({situation: "tripp"}), 'no column called "tripp"', "option situation", 'Did you mean "trip"?');
  refuses("options/not-a-column", () => long({situation: 3 as never}));
  refuses("options/unknown", () => long({chosn: "took"} as never), 'Did you mean "chosen"?');
  refuses("options/unknown-value", () => long({missing: "dorp" as never}), 'Did you mean "drop"?');
  refuses("options/missing", () => fromLong(trips, {chosen: "took"} as never), "alternative");
  refuses("options/missing", () => fromLong(trips, undefined as never));
});

test("each situation needs one chosen row among two or more alternatives, each once", () => {
  refuses("data/none-chosen", () => long({}, edit(0, {took: 0})), 'situation 1 of person "ann" (row 0) has no chosen row');
  const two = refuses("data/two-chosen", () => long({}, edit(2, {took: 1})), "2 chosen rows (0 and 2)");
  refuses("data/two-chosen", () => long({person: undefined}), "situation 1 has 2 chosen rows (0 and 8)", "option person");
  assert.deepEqual(two.places, [{column: "took", row: 2, value: 1}]);
  refuses("data/two-chosen", () => long({}, trips.map((row, r) => ({...row, took: r === 1 ? "bus" : "train"}))), 'row 1: "bus"');
  refuses("data/not-yes-no", () => long({}, edit(2, {took: 2})), 'column "took", row 2: 2');
  refuses("data/unknown-choice", () => long({}, trips.map((row, r) => ({...row, took: r === 1 ? "buss" : "train"}))), 'row 1: "buss"', 'Did you mean "bus"?');
  refuses("data/duplicate-alternative", () => long({}, edit(2, {mode: "bus"})), 'offers "bus" twice (rows 1 and 2)');
  const lone = without(10);
  refuses("data/one-alternative", () => long({}, lone), "(row 9) offers one alternative", 'single: "drop"');
  assert.equal(long({single: "drop"}, lone).situations.length, 3);
  assert.ok(codes(long({single: "drop"}, lone)).includes("data/dropped-single"));
  refuses("data/no-rows", () => long({single: "drop"}, trips.filter(({mode}) => mode === "car")));
  refuses("data/unknown-alternative", () => long({alternatives: ["car", "bus"]}), '"train"');
  refuses("options/duplicate-name", () => long({alternatives: ["car", "bus", "bus"]}));
});

test("ids are told apart by kind, with a word where 1 and \"1\" meet", () => {
  const rows = trips.map((row) => ({...row, who: row.who === "ann" ? 1 : "1"}));
  const data = long({}, rows);
  assert.deepEqual(data.people, [1, "1"]);
  assert.ok(codes(data).includes("data/mixed-ids"));
  const kinds: [Id, Id][] = [[1n, 2n], [true, false], [0, 1.5]];
  for (const [ann, bob] of kinds) assert.deepEqual(long({}, trips.map((row) => ({...row, who: row.who === "ann" ? ann : bob}))).people, [ann, bob]);
  refuses("data/missing-id", () => long({}, edit(0, {who: ""})), 'column "who", row 0: ""');
  refuses("data/bad-id", () => long({}, edit(5, {who: {name: "ann"}})), "row 5");
});

test("text that holds numbers is read with a note; dressed numbers need to be asked for", () => {
  const text = long({}, trips.map((row) => ({...row, cost: ` ${row.cost}.0`})));
  assert.equal(text.hash, long().hash);
  assert.ok(codes(text).includes("data/string-numbers"));
  const dressed = trips.map((row) => ({...row, cost: `1,${row.cost}00 €`}));
  refuses("data/text-number", () => long({}, dressed), 'column "cost", row 0: "1,300 €"', 'numbers: "parse"');
  assert.deepEqual([...long({numbers: "parse", attributes: ["cost"]}, dressed).x].slice(0, 2), [1300, 1100]);
  for (const [written, value] of [["1,200.5", 1200.5], ["1.200,5", 1200.5], ["12,5", 12.5], ["$ 3", 3], ["1 200", 1200], ["-4%", -4], ["1.234.567", 1234567]] as const) {
    assert.equal(long({numbers: "parse", attributes: ["cost"]}, edit(0, {cost: written})).x[0], value, written);
  }
  refuses("data/text-number", () => long({attributes: ["region"]}), 'row 0: "north"', 'dummies: ["region"]');
});

test("numbers must be finite and of one kind", () => {
  refuses("data/not-finite", () => long({}, edit(2, {cost: Infinity})), 'column "cost", row 2: Infinity');
  refuses("data/not-finite", () => long({missing: "drop"}, edit(2, {cost: -Infinity})));
  refuses("data/mixed-types", () => long({}, edit(2, {cost: "2"})), 'row 0: 3', 'row 2: "2"');
  refuses("data/mixed-types", () => long({}, edit(2, {cost: true})), "row 2: true");
  refuses("data/not-a-number", () => long({}, edit(2, {cost: Object.create(null)})), "row 2: \"[object Object]\"");
  refuses("data/mixed-types", () => long({time: "t"}, trips.map((row) => ({...row, t: row.trip === 1 ? 1 : "2"}))), "times of several kinds");
});

test("numbers on any scale are numbers", () => {
  const data = long({attributes: ["cost"]}, trips.map((row) => ({...row, cost: row.cost * 1e12})));
  assert.equal(data.x[0], 3e12);
  assert.deepEqual([...long({attributes: ["big"]}, trips.map((row) => ({...row, big: BigInt(row.cost)}))).x].slice(0, 2), [3, 1]);
  assert.deepEqual([...long({attributes: ["yes"]}, trips.map((row) => ({...row, yes: row.cost > 2}))).x].slice(0, 2), [1, 0]);
});

test("a column that numbers the rows is left out, with a word", () => {
  const data = long({}, trips.map((row, r) => ({rownames: r + 1, ...row})));
  assert.deepEqual(data.attributes, ["cost", "time", "income"]);
  assert.ok(codes(data).includes("data/row-number-left-out"));
});

test("hostile names stay names: of columns, people and alternatives", () => {
  const rows = [
    '{"__proto__": 1, "constructor": "a", "who": "__proto__", "alt": "__proto__", "y": 1}',
    '{"__proto__": 2, "constructor": "a", "who": "__proto__", "alt": "constructor", "y": 0}',
    '{"__proto__": 3, "constructor": "b", "who": "toString", "alt": "__proto__", "y": 0}',
    '{"__proto__": 5, "constructor": "b", "who": "toString", "alt": "constructor", "y": 1}'
  ].map((text) => JSON.parse(text) as object);
  const data = fromLong(rows, {chosen: "y", alternative: "alt", person: "who", situation: "constructor", attributes: ["__proto__"], center: ["__proto__"]});
  assert.deepEqual(data.alternatives, ["__proto__", "constructor"]);
  assert.deepEqual(data.people, ["__proto__", "toString"]);
  assert.deepEqual(data.attributes, ["__proto__"]);
  assert.deepEqual([...data.x], [-1.75, -0.75, 0.25, 2.25]);
  assert.equal(({} as {polluted?: unknown}).polluted, undefined);
  const html = '<img src=x onerror="alert(1)">';
  assert.deepEqual(long({attributes: [html]}, trips.map((row) => ({...row, [html]: row.cost}))).attributes, [html]);
});

test("names that differ in case, and alternatives that nobody offers, get a note", () => {
  assert.ok(codes(long({}, edit(3, {mode: "Car "}))).includes("data/similar-names"));
  assert.ok(codes(long({alternatives: ["car", "bus", "train", "bike"]})).includes("data/unused-alternative"));
});

test("people without a row left leave no trace", () => {
  const data = long({missing: "drop"}, trips.map((row) => (row.who === "ann" ? {...row, cost: null} : row)));
  assert.deepEqual(data.people, ["bob"]);
  assert.deepEqual([...data.person], [0, 2]);
});

test("the same table with the same options gives the same data, and one cell more or less another", () => {
  assert.equal(long().hash, long().hash);
  assert.notEqual(long({}, edit(3, {cost: 5.000001})).hash, long().hash);
  assert.deepEqual(numbersOf(long()), numbersOf(long()));
});

test("an attribute may be a question with yes and no for an answer", () => {
  const rows = [{n: 1, j: "a", c: 1, label: "Yes"}, {n: 1, j: "b", c: 0, label: "No"}, {n: 2, j: "a", c: 0, label: "No"}, {n: 2, j: "b", c: 1, label: "Yes"}];
  const data = fromLong(rows, {chosen: "c", alternative: "j", situation: "n", attributes: {eco: (row) => row.label === "Yes"}});
  assert.deepEqual([...data.x], [1, 0, 0, 1]);
});
