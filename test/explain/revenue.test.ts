import assert from "node:assert/strict";
import test from "node:test";
import {fitMnl} from "../../src/estimate/tiers.js";
import {revenueEffect} from "../../src/explain/revenue.js";
import {design} from "../../src/model/design.js";
import {allClose, close, read, refuses, type Row} from "../support/world.js";
import {faces, manyColumns, noise, maxEnt, ragged, raggedData, shifted, slowError, slowly} from "./fixture.js";

const rows = ragged(14);
const data = raggedData(14);
const names = [...data.alternatives];

/** sum w p x, with what is paid and what is chosen at the changed prices. */
function revenue(fit: Parameters<typeof slowly>[0], changed: readonly Row[]): number {
  const moved = read(changed, {weights: "weight", alternatives: names});
  const p = slowly(fit, design(moved, manyColumns).z);
  let sum = 0;
  for (let n = 0; n < moved.weight.length; ++n) for (let r = moved.situation[n]; r < moved.situation[n + 1]; ++r) sum += moved.weight[n] * p[r] * moved.x[r * 3];
  return sum;
}

test("revenue effects are derivatives of revenue, alternative by alternative and all at once", async () => {
  const h = 1e-5;
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {rows: found, revenue: R, weight} = revenueEffect(fit);
    assert.deepEqual(found.map(({move}) => move), [...names, "all"]);
    close(R, revenue(fit, rows), 1e-13);
    close(weight, data.weight.reduce((a, b) => a + b, 0), 1e-15);
    for (const {move, effect, price, choices, elasticity} of found) {
      const alternative = move === "all" ? "" : move;
      const slope = (by: (x: number) => (step: number) => number) => {
        const [up, down] = [h, -h].map((step) => revenue(fit, shifted(rows, "price", alternative, (x) => by(x)(step))));
        return (up - down) / (2 * h);
      };
      close(effect, slope((x) => (step) => x + step), 1e-9, `${name}, ${move}`);
      close(price + choices, effect, 1e-13);
      close(elasticity, slope((x) => (step) => x * (1 + step)) / R, 1e-9, `${name}, ${move}, elasticity`);
    }
    close(found.slice(0, 4).reduce((sum, {effect}) => sum + effect, 0), found[4].effect, 1e-13);
    close(found[4].price, weight, 1e-13, "all pay one more");
  }
});

test("errors are those of the delta method", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {rows: found, revenueError} = revenueEffect(fit);
    close(revenueError / slowError(fit, (other) => revenueEffect(other).revenue), 1, 1e-7, name);
    for (const k of [0, 2, 4]) {
      close(found[k].error / slowError(fit, (other) => revenueEffect(other).rows[k].effect), 1, 1e-7, name);
      close(found[k].elasticityError / slowError(fit, (other) => revenueEffect(other).rows[k].elasticity), 1, 1e-7, name);
    }
  }
});

test("a fit that meets revenue predicts it, without error where nothing else moves it", async () => {
  const spent = data.chosen.reduce((sum, row, n) => sum + data.weight[n] * data.x[row * 3], 0);
  const exact = await maxEnt(data, {attributes: ["price"]}, {signal: {kind: "shannon"}});
  close(revenueEffect(exact).revenue, spent, 1e-12);
  const loose = await maxEnt(data, {attributes: ["price"]}, {signal: {kind: "shannon"}, noise: noise(0.5, true)});
  assert.ok(Math.abs(revenueEffect(loose).revenue - spent) > 1e-3, "errors are no part of p");
});

test("one price for a whole situation: whoever buys pays it, and may buy nothing", async () => {
  const h = 1e-5;
  const shop = rows.filter(({alternative}) => alternative === "a" || alternative === "b").map((row, k, all) => ({...row, price: all[k - (k % 2)]["price"], chosen: k % 2 === 0 ? 1 : 0}));
  const bought = shop.map((row, k) => (Math.floor(k / 2) % 3 === 0 ? {...row, chosen: 0} : row));
  const outside = (changed: readonly Row[]) => read(changed, {weights: "weight", outside: "none"});
  const specification = {tier: "mnlIntercepts", attributes: [{attribute: "price", alternatives: ["a"]}, "quality"]} as const;
  const fit = await maxEnt(outside(bought), specification, {signal: {kind: "shannon"}, noise: noise(0.3, true)});
  const total = (by: number) => {
    const moved = outside(shifted(bought, "price", "", (x) => x + by));
    const p = slowly(fit, design(moved, specification).z);
    let sum = 0;
    for (let n = 0; n < moved.weight.length; ++n) for (let r = moved.situation[n]; r < moved.situation[n + 1]; ++r) sum += moved.weight[n] * p[r] * moved.x[r * 3];
    return sum;
  };
  const {rows: found, revenue: R} = revenueEffect(fit);
  assert.deepEqual(found.map(({move}) => move), ["all"]);
  close(R, total(0), 1e-13);
  close(found[0].effect, (total(h) - total(-h)) / (2 * h), 1e-9);
  close(found[0].error / slowError(fit, (other) => revenueEffect(other).rows[0].effect), 1, 1e-7);
});

test("what is paid must be named where nothing is called price", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality"]});
  allClose(revenueEffect(fit).rows.map(({effect}) => effect), revenueEffect(fit, {price: "price"}).rows.map(({effect}) => effect), 0);
  const other = await fitMnl(read(rows.map(({price, ...row}) => ({...row, fare: price})), {weights: "weight"}), {attributes: ["fare"]});
  await refuses("explain/no-price", () => revenueEffect(other));
  assert.equal(revenueEffect(other, {price: "fare"}).price, "fare");
});

test("the price proposed where none is named is an attribute of the model", async () => {
  const renamed = read(rows.map(({price, ...rest}) => ({fare: price, ...rest})), {weights: "weight", attributes: ["fare", "quality", "income"]});
  await refuses("explain/no-price", async () => revenueEffect(await fitMnl(renamed, {attributes: ["quality"]})), '{price: "quality"}');
});
