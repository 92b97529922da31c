import assert from "node:assert/strict";
import test from "node:test";
import {fromLong} from "../../src/data/fromLong.js";
import {offers, offersOf, standIn} from "../../src/data/offers.js";
import {numbersOf, refuses, roles, trips} from "./support.js";

const {chosen: _, ...offering} = roles;
const attributes = ["cost", "time"];

test("offers are choices without the choosing: the same rows in the same places", () => {
  const data = fromLong(trips, {...roles, attributes});
  const {chosen: __, ...known} = numbersOf(data);
  for (const seen of [offers(trips, {...offering, attributes}), offersOf(data)]) {
    const {chosen, ...rest} = numbersOf(standIn(seen));
    assert.deepEqual(rest, known);
    assert.deepEqual(chosen, [...seen.situation].slice(0, -1));
    assert.ok(!("chosen" in seen));
    assert.equal(seen.panel, true);
    assert.deepEqual(seen.people, data.people);
    assert.deepEqual([...seen.person], [...data.person]);
    assert.deepEqual([...seen.sourceRow], [...data.sourceRow]);
    assert.equal(`${seen}`.includes("offers"), true);
  }
  assert.equal(offers(trips, {...offering, attributes}).hash, offersOf(data).hash);
  assert.notEqual(offersOf(data).hash, data.hash);
});

test("a table in which each alternative stands once is one situation; weights say of how many", () => {
  const market = offers([{brand: "A", price: 2, buyers: 400}, {brand: "B", price: 3, buyers: 400}], {alternative: "brand", weights: "buyers"});
  assert.deepEqual([...market.situation], [0, 2]);
  assert.deepEqual([...market.weight], [400]);
  assert.deepEqual(market.attributes, ["price"]);
  assert.deepEqual(market.alternatives, ["A", "B"]);
  refuses("data/no-situation", () => offers([{brand: "A", price: 2}, {brand: "B", price: 3}, {brand: "A", price: 4}], {alternative: "brand"}), "situation");
});

test("an outside option is added, with nothing said of who chose it", () => {
  const data = offers(trips, {...offering, attributes, outside: true});
  assert.deepEqual(data.alternatives, ["car", "bus", "train", "outside"]);
  assert.equal(data.outside, 3);
  assert.deepEqual([...data.situation], [0, 4, 8, 12, 15]);
  assert.deepEqual(data.notes.map(({code, text}) => [code, text]), [["data/outside-added", 'Added the outside option "outside" to each situation.']]);
  const named = offers(trips, {...offering, attributes, outside: "bus"});
  assert.equal(named.outside, 1);
});

test("what is on offer, dummies, filters and missing cells are read as for choices", () => {
  const rows = trips.map((row, r) => ({...row, open: Number(r !== 1), cost: r === 1 ? null : row.cost}));
  const open = offers(rows, {...offering, available: "open", attributes: ["cost"], dummies: ["region"]});
  assert.deepEqual(open.attributes, fromLong(rows, {...roles, available: "open", attributes: ["cost"], dummies: ["region"]}).attributes);
  assert.equal(open.situation[1], 2);
  refuses("data/missing-cell", () => offers(rows, {...offering, attributes}));
  assert.equal(offers(rows, {...offering, attributes, missing: "drop"}).situations.length, 3);
  assert.deepEqual(offers(trips, {...offering, attributes, where: ({who}) => who === "bob"}).people, ["bob"]);
});

test("what is wrong with a table is said as for choices", () => {
  refuses("options/unknown", () => offers(trips, {...offering, chosen: "took"} as never), "chosen");
  refuses("options/missing", () => offers(trips, {situation: "trip"} as never), "alternative");
  refuses("data/missing-column", () => offers(trips, {...offering, alternative: "mod"}), "mode");
  refuses("data/duplicate-alternative", () => offers([...trips, trips[0]], {...offering, attributes}));
  refuses("data/one-alternative", () => offers(trips.slice(0, 4), {...offering, attributes}));
  refuses("data/not-choices", () => offersOf(trips as never), "fromLong");
});
