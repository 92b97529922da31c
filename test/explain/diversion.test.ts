import assert from "node:assert/strict";
import test from "node:test";
import {fitMnl} from "../../src/estimate/tiers.js";
import {diversion} from "../../src/explain/diversion.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {close, read, refuses} from "../support/world.js";
import {faces, manyColumns, ragged, raggedData, slowError} from "./fixture.js";

const data = raggedData(14);

test("what an alternative loses goes somewhere: ratios add up to one, with nothing to itself", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {tables: [{value, error, answers, moves}]} = diversion(fit);
    assert.deepEqual(answers, moves);
    for (let l = 0; l < 4; ++l) {
      close(value.getColumn(l).reduce((a, b) => a + b, 0), 1, 1e-14, name);
      assert.equal(value.get(l, l), 0);
      assert.equal(error.get(l, l), 0);
      value.getColumn(l).forEach((ratio) => assert.ok(ratio >= 0 && ratio < 1));
    }
  }
});

test("ratios are those of total demand, by any attribute that could do it", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {value} = diversion(fit).tables[0];
    for (const attribute of ["price", "quality"]) {
      const {value: effect, weight, moves} = marginalEffects(fit, {attribute}).tables[0];
      const total = (j: number, l: number) => effect.get(j, l) * weight.get(j, l);
      for (let l = 0; l < 4; ++l) for (let j = 0; j < 4; ++j) if (j !== l) close(value.get(j, l), -total(j, l) / total(l, l), 1e-12, `${name}, ${attribute}, ${moves[l]}`);
      const named = diversion(fit, {attribute}).tables[0];
      assert.deepEqual(named.value.to1DArray(), value.to1DArray());
    }
  }
});

test("errors are those of the delta method", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {error} = diversion(fit).tables[0];
    for (const [j, l] of [[0, 1], [3, 0], [1, 2]]) close(error.get(j, l) / slowError(fit, (other) => diversion(other).tables[0].value.get(j, l)), 1, 1e-7, name);
  }
});

test("one situation of a logit: p_j / (1 - p_l); of two supports: v_j / (V - v_l)", async () => {
  const one = read(ragged(40).filter(({situation}, _, all) => situation === all.find((row) => all.filter((r) => r["situation"] === row["situation"]).length === 4)!["situation"]));
  for (const [name, fit] of await faces(one, {tier: "mnlIntercepts", attributes: ["price"]})) {
    const {substitution, rowsOf} = await import("../../src/explain/substitution.js");
    const s = substitution(fit, "test");
    const {spread: v, p} = s.react(0, rowsOf(s, 0));
    const V = v.reduce((a, b) => a + b, 0);
    const {value} = diversion(fit).tables[0];
    for (let l = 0; l < 4; ++l) for (let j = 0; j < 4; ++j) {
      if (j === l) continue;
      close(value.get(j, l), v[j] / (V - v[l]), 1e-13, name);
      if (name.includes("entropy of p")) close(value.get(j, l), p[j] / (1 - p[l]), 1e-13, name);
    }
  }
});

test("only alternatives carry diversion, not what situations have as a whole", async () => {
  const fit = await fitMnl(data, {attributes: ["price", {attribute: "income", byAlternative: true}]});
  await refuses("explain/case-specific", () => diversion(fit, {attribute: "income"}));
  const part = await fitMnl(data, {attributes: [{attribute: "price", alternatives: ["b", "c"]}]});
  assert.deepEqual(diversion(part, {attribute: "price"}).tables[0].moves, ["b", "c"]);
  assert.deepEqual(diversion(part).tables[0].moves, ["a", "b", "c", "d"]);
});
