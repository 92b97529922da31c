import assert from "node:assert/strict";
import test from "node:test";
import {source} from "../../src/math/random.js";
import {profitAt} from "../../src/pricing/balance.js";
import {layLadder} from "../../src/pricing/ladder.js";
import {balanced, layRungs, look} from "../../src/pricing/ladderBound.js";
import {setting} from "../../src/pricing/market.js";
import type {PerturbationChoice} from "../../src/pricing/perturbation.js";
import {priceLadder, type LadderProblem} from "../../src/pricing/priceLadder.js";
import {rampPerturbation} from "../../src/pricing/ramps.js";
import {allClose, close} from "../support/world.js";

const curve = (scale: "share" | "log") => rampPerturbation({scale, knots: Float64Array.of(0.02, 0.1, 0.2, 0.35, 0.6), heights: Float64Array.of(0, 2, 2.2, 2.4, 4), tail: 0.8});
const kinds: readonly PerturbationChoice[] = ["entropy", {supports: 2}, {supports: 5}, {supports: [0, 0.1, 1]}, curve("share"), curve("log")];

const chance = source(41).stream("ladders");
function problem(perturbation: PerturbationChoice, J: number, L: number, twins = false): LadderProblem & {levels: number[][]} {
  const values = Array.from({length: J}, () => (twins ? 3 : 1 + 3 * chance.uniform()));
  const costs = values.map((v) => 0.4 * v * (twins ? 0.5 : chance.uniform()));
  const rungs = () => Array.from({length: L}, () => (perturbation === "entropy" ? 3 : 6) * chance.uniform());
  const one = rungs();
  return {values, costs, perturbation, levels: costs.map((c) => (twins ? one : rungs()).map((v) => c + v))};
}

/** Every choice of the ladder, one after another. */
function exhaustive({levels, costs, ...market}: LadderProblem & {levels: number[][]}): {profit: number; prices: number[]} {
  const laid = setting("test", market);
  let best = {profit: -Infinity, prices: [] as number[]};
  const p = new Float64Array(levels.length);
  const go = (j: number): void => {
    if (j < levels.length) return levels[j].forEach((v) => { p[j] = v; go(j + 1); });
    const profit = profitAt(laid, costs, p);
    if (profit > best.profit) best = {profit, prices: [...p]};
  };
  go(0);
  return best;
}

test("branch and bound finds what trying every choice finds, for every kind of perturbation", () => {
  for (const perturbation of kinds) for (const [J, L] of [[1, 5], [3, 5], [5, 4]]) {
    const given = problem(perturbation, J, L);
    const found = priceLadder(given, {method: "branch and bound", restarts: 0});
    const best = exhaustive(given);
    const what = `${JSON.stringify(perturbation)} ${J} ${L}: ${found.profit}, best ${best.profit}`;
    close(found.profit, best.profit, 1e-13, what);
    allClose(found.prices, best.prices, 0, what);
    assert.ok(found.exact && found.method === "branch and bound" && found.bound >= best.profit && found.gap <= 2e-10 * best.profit, what);
    assert.ok(found.nodes < 2000 && found.choices === L ** J, `${found.nodes} nodes`);
  }
});

test("for entropy the goods come apart, and the answer is the same; also with a thousand goods", () => {
  for (const J of [2, 6]) {
    const given = problem("entropy", J, 4);
    const [apart, searched, best] = [priceLadder(given), priceLadder(given, {method: "branch and bound"}), exhaustive(given)];
    assert.deepEqual([apart.method, apart.exact, apart.nodes, searched.method], ["separable", true, 0, "branch and bound"]);
    close(apart.profit, best.profit, 1e-13);
    close(searched.profit, best.profit, 1e-13);
  }
  const many = priceLadder(problem("entropy", 1000, 6));
  assert.ok(many.exact && many.profit <= many.free);
});

test("no choice earns more than a bound: relaxations of random parts of a ladder", () => {
  for (const perturbation of kinds) {
    const {levels, costs, ...market} = problem(perturbation, 3, 5);
    const laid = setting("test", market);
    const table = layRungs(laid, laid.outside!, Float64Array.from(costs as number[]), layLadder("test", levels, laid, Float64Array.from(costs as number[])));
    for (let part = 0; part < 30; ++part) {
      const allowed = Uint8Array.from({length: 15}, (_, r) => Number(r % 5 === part % 5 || chance.uniform() < 0.5));
      const choices: number[][] = [];
      for (let k = 0; k < 125; ++k) {
        const rungs = [k % 5, Math.floor(k / 5) % 5, Math.floor(k / 25)];
        if (rungs.every((l, j) => allowed[5 * j + l])) choices.push(rungs);
      }
      const worth = choices.map((rungs) => ({rungs, ...balanced(table, rungs)})).map(({rungs, multiplier, shares}) => ({rungs, multiplier, profit: rungs.reduce((sum, l, j) => sum + table.margin[5 * j + l] * shares[j], 0)}));
      const mus = worth.map(({multiplier}) => multiplier);
      const [low, high] = part % 2 ? [-Infinity, Infinity] : [Math.min(...mus), 0.5 * (Math.min(...mus) + Math.max(...mus))];
      const seen = look(table, allowed, low, high, 0);
      const inside = worth.filter(({multiplier}) => multiplier >= low && multiplier <= high);
      const best = inside.reduce((a, b) => (b.profit > a.profit ? b : a));
      assert.ok(seen && seen.bound >= best.profit - 1e-13, `${seen?.bound} below ${best.profit}`);
      // Whatever beats the target stays among the rungs that are left.
      const target = best.profit - 1e-9;
      const kept = look(table, allowed, low, high, target)!;
      best.rungs.forEach((l, j) => assert.equal(kept.allowed[5 * j + l], 1));
      assert.ok(best.multiplier >= kept.low - 1e-9 && best.multiplier <= kept.high + 1e-9);
    }
  }
});

test("goods that are alike do not multiply the work, a dozen with five prices and more are proved", () => {
  for (const [J, L, twins] of [[12, 5, false], [12, 5, true], [30, 8, false]] as const) for (const perturbation of kinds.slice(1, 3)) {
    const found = priceLadder(problem(perturbation, J, L, twins), {restarts: 0});
    assert.ok(found.exact && found.method === "branch and bound" && found.nodes < 2000, `${J} goods: ${found.nodes} nodes, gap ${found.gap}`);
    assert.ok(found.profit <= found.free && found.bound >= found.profit);
  }
});

test("where nodes run out, the best ascent comes with a bound that holds, and the result says so", () => {
  const given = problem({supports: 2}, 5, 4);
  const best = exhaustive(given);
  const found = priceLadder(given, {nodes: 1, restarts: 3});
  assert.ok(found.method === "coordinate ascent" && !found.exact && found.notes[0].code === "pricing/not-proved");
  assert.ok(found.profit <= best.profit && found.bound >= best.profit && found.bound <= found.free && found.ascents === 6 && found.agreed >= 1);
});

test("same seed, same answer; every fact adds up", () => {
  const given = problem({supports: 3}, 6, 5);
  const [a, b] = [priceLadder(given, {seed: 5}), priceLadder(given, {seed: 5})];
  assert.deepEqual([a.nodes, a.agreed, [...a.prices]], [b.nodes, b.agreed, [...b.prices]]);
  close(a.rows.reduce((sum, {profit}) => sum + profit, 0), a.profit, 1e-12);
  a.rows.forEach(({price, rung, markup, cost}, j) => {
    assert.equal(price, [...given.levels[j]].sort((x, y) => x - y)[rung]);
    close(markup, price - cost, 1e-15);
  });
});

test("bounds cut ladders, and prices below cost are left out where others cover it", () => {
  const given = {values: [3, 2], costs: [1, 1], levels: [0.5, 1.5, 2.5, 3.5]};
  assert.deepEqual(priceLadder(given).rows.map(({rungs}) => rungs), [3, 3]);
  assert.deepEqual([...priceLadder({...given, greatest: [2, 4]}).prices], [1.5, 2.5]);
  assert.deepEqual([...priceLadder({...given, least: 3}).prices], [3.5, 3.5]);
  // A price below cost never pays: with them in, no choice of all earns more.
  for (const perturbation of kinds) {
    const {profit} = priceLadder({...given, perturbation});
    close(exhaustive({...given, perturbation, levels: [given.levels, given.levels]}).profit, profit, 1e-12);
  }
});
