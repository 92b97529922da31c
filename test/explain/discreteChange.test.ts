import assert from "node:assert/strict";
import test from "node:test";
import {fitMnl} from "../../src/estimate/tiers.js";
import {discreteChange} from "../../src/explain/discreteChange.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {design} from "../../src/model/design.js";
import {allClose, close, read, refuses, type Row} from "../support/world.js";
import {faces, manyColumns, overBoth, ragged, raggedData, shifted, slowError, slowly} from "./fixture.js";

const rows = ragged(14);
const data = raggedData(14);
const names = [...data.alternatives];

/** Probabilities after the rows were changed, the model the same. */
const after = (fit: Parameters<typeof slowly>[0], changed: readonly Row[]) => slowly(fit, design(read(changed, {weights: "weight", alternatives: names}), manyColumns).z);

test("probabilities before and after are computed anew, adding up included", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    for (const [attribute, options, before, then] of [
      ["price", {from: 1, to: 3}, () => 1, () => 3],
      ["price", {by: 0.5}, (x: number) => x, (x: number) => x + 0.5],
      ["quality", {to: 2}, (x: number) => x, () => 2],
      ["quality", {from: -1, by: -1}, () => -1, () => -2],
      ["income", {by: 1}, (x: number) => x, (x: number) => x + 1]
    ] as const) {
      const {tables: [{value, moves, answers}]} = discreteChange(fit, {attribute, ...options});
      moves.forEach((move, m) => {
        const alternative = attribute === "income" ? "" : move;
        const [p, q] = [before, then].map((to) => after(fit, shifted(rows, attribute, alternative, to)));
        answers.forEach((answer, a) => close(value.get(a, m), overBoth(data, q.map((x, r) => x - p[r]), answer, alternative), 1e-13, `${name}, ${attribute}, ${answer} by ${move}`));
      });
    }
  }
});

test("several attributes step at once", async () => {
  for (const [, fit] of await faces(data, manyColumns)) {
    const {tables: [{value, attribute}]} = discreteChange(fit, {from: {price: 1}, to: {price: 2, quality: 0.5}});
    assert.equal(attribute, "price 1 → 2, quality observed → 0.5");
    const p = after(fit, shifted(rows, "price", "b", () => 1));
    const q = after(fit, shifted(shifted(rows, "price", "b", () => 2), "quality", "b", () => 0.5));
    names.forEach((answer, a) => close(value.get(a, 1), overBoth(data, q.map((x, r) => x - p[r]), answer, "b"), 1e-13));
  }
});

test("errors are those of the delta method on both sides, in averages and in situations", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    for (const options of [{attribute: "price", by: 1}, {attribute: "income", from: 1, to: 2}, {to: {price: 1, quality: 1}}]) {
      const {error, moves, each} = discreteChange(fit, {...options, each: true}).tables[0];
      for (let m = 0; m < moves.length; m += 3) close(error.get(2, m) / slowError(fit, (other) => discreteChange(other, options).tables[0].value.get(2, m)), 1, 1e-7, name);
      close(each!.error[7] / slowError(fit, (other) => discreteChange(other, {...options, each: true}).tables[0].each!.value[7]), 1, 1e-7, name);
    }
  }
});

test("a small step is the marginal effect", async () => {
  for (const [, fit] of await faces(data, manyColumns)) {
    const h = 1e-4;
    for (const attribute of ["price", "income"]) {
      const [up, down] = [h, -h].map((by) => discreteChange(fit, {attribute, by}).tables[0].value.to1DArray());
      allClose(up.map((x, k) => (x - down[k]) / (2 * h)), marginalEffects(fit, {attribute}).tables[0].value.to1DArray(), 1e-8);
    }
  }
});

test("a 0/1 attribute steps from 0 to 1 unless told otherwise", async () => {
  const odd = read(rows.map((row) => ({...row, direct: Number(Number(row["price"]) > 1.5)})), {weights: "weight"});
  const fit = await fitMnl(odd, {attributes: ["quality", "direct"]});
  const step = discreteChange(fit, {attribute: "direct"}).tables[0];
  assert.equal(step.attribute, "direct 0 → 1");
  assert.deepEqual(step.value.to1DArray(), discreteChange(fit, {attribute: "direct", from: 0, to: 1}).tables[0].value.to1DArray());
  assert.deepEqual(discreteChange(fit, {attribute: "direct", from: 1, to: 0}).tables[0].value.to1DArray(), step.value.to1DArray().map((x) => -x));
});

test("what is to change must be said", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality", {attribute: "income", byAlternative: true}]});
  await refuses("explain/no-change", () => discreteChange(fit));
  await refuses("explain/no-change", () => discreteChange(fit, {attribute: "price"}), "by: 1");
  await refuses("explain/no-change", () => discreteChange(fit, {attribute: "price", to: 1, by: 1}));
  await refuses("explain/mixed-reach", () => discreteChange(fit, {to: {price: 1, income: 2}}), "income");
  await refuses("options/number", () => discreteChange(fit, {attribute: "price", to: "1" as never}));
  await refuses("explain/unknown-attribute", () => discreteChange(fit, {to: {prise: 1}}), "price");
});
