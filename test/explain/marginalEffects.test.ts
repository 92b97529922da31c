import assert from "node:assert/strict";
import test from "node:test";
import {fitMnl} from "../../src/estimate/tiers.js";
import {discreteChange} from "../../src/explain/discreteChange.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {design} from "../../src/model/design.js";
import {asPrinted} from "../support/lre.js";
import {allClose, close, read, refuses} from "../support/world.js";
import {canadaAtMeans, faces, manyColumns, maxEnt, overBoth, ragged, raggedData, shifted, slowError, slowly} from "./fixture.js";

const rows = ragged(14);
const data = raggedData(14);
const names = data.alternatives;

test("average effects are derivatives of probabilities by the data, for all fits and ragged weighted sets", async () => {
  const h = 1e-5;
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {tables, words, weight, situations} = marginalEffects(fit);
    assert.deepEqual(tables.map(({attribute, reach}) => [attribute, reach]), [["price", "alternative"], ["quality", "alternative"], ["income", "situation"]]);
    assert.ok(words.includes("offer both"));
    assert.equal(situations, 14);
    close(weight, data.weight.reduce((a, b) => a + b, 0), 1e-15);
    for (const {attribute, moves, answers, value} of tables) {
      assert.deepEqual(answers, names);
      moves.forEach((move, m) => {
        const alternative = attribute === "income" ? "" : move;
        const [up, down] = [h, -h].map((step) => slowly(fit, design(read(shifted(rows, attribute!, alternative, (x) => x + step), {weights: "weight", alternatives: [...names]}), manyColumns).z));
        answers.forEach((answer, a) => close(value.get(a, m), overBoth(data, up.map((p, r) => (p - down[r]) / (2 * h)), answer, alternative), 1e-9, `${name}, ${attribute}, ${answer} by ${move}`));
      });
    }
  }
});

test("an attribute of situations moves wherever they are, by nothing where no alternative on offer carries it", async () => {
  const h = 1e-5;
  const specification = {tier: "mnlIntercepts", attributes: ["price", {attribute: "income", alternatives: ["c"]}]} as const;
  for (const [name, fit] of await faces(data, specification)) {
    const [small, step] = [marginalEffects(fit, {attribute: "income"}).tables[0], discreteChange(fit, {attribute: "income", by: 1}).tables[0]];
    const at = (by: number) => slowly(fit, design(read(shifted(rows, "income", "", (x) => x + by), {weights: "weight", alternatives: [...names]}), specification).z);
    const [up, down, before, after] = [h, -h, 0, 1].map(at);
    names.forEach((answer, a) => {
      close(small.value.get(a, 0), overBoth(data, up.map((p, r) => (p - down[r]) / (2 * h)), answer, ""), 1e-9, name);
      close(step.value.get(a, 0), overBoth(data, after.map((p, r) => p - before[r]), answer, ""), 1e-13, name);
      for (const table of [small, step]) assert.equal(table.situations.get(a, 0), data.alternative.filter((j) => j === a).length);
    });
  }
});

test("their errors are those of the delta method, the multiplier's own move included", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const {tables} = marginalEffects(fit);
    tables.forEach(({error, value, low, high, moves, answers}, t) => {
      for (let a = 0; a < answers.length; ++a) for (let m = 0; m < moves.length; ++m) {
        close(error.get(a, m) / slowError(fit, (other) => marginalEffects(other).tables[t].value.get(a, m)), 1, 1e-7, `${name}, ${answers[a]} by ${moves[m]}`);
        close((high.get(a, m) - low.get(a, m)) / 2, 1.959963984540054 * error.get(a, m), 1e-12);
        close((high.get(a, m) + low.get(a, m)) / 2, value.get(a, m), 1e-12);
      }
    });
  }
});

test("situations one by one average to the table, and have errors of their own", async () => {
  for (const [, fit] of await faces(data, manyColumns)) {
    const {tables: [{each, value, situations, weight, answers, moves}]} = marginalEffects(fit, {attribute: "price", each: true});
    const at = new Map(data.situations.map((id, n) => [id, n]));
    answers.forEach((answer, a) => moves.forEach((move, m) => {
      const own = [...each!.value.keys()].filter((r) => each!.answer[r] === answer && each!.move[r] === move);
      const w = own.map((r) => data.weight[at.get(each!.situation[r])!]);
      assert.equal(own.length, situations.get(a, m));
      close(w.reduce((x, y) => x + y, 0), weight.get(a, m), 1e-14);
      close(own.reduce((sum, r, k) => sum + w[k] * each!.value[r], 0) / weight.get(a, m), value.get(a, m), 1e-13);
    }));
    for (const r of [0, 5, 17]) close(each!.error[r] / slowError(fit, (other) => marginalEffects(other, {attribute: "price", each: true}).tables[0].each!.value[r]), 1, 1e-7);
  }
});

test("where sets are full, rows and columns add up to nothing; a common coefficient makes effects symmetric", async () => {
  const many = ragged(60, 9);
  const size = (situation: unknown) => many.filter((row) => row["situation"] === situation).length;
  const four = read(many.filter(({situation}) => size(situation) === 4), {weights: "weight"});
  assert.ok(four.situations.length > 10 && four.situations.length < 60);
  for (const [name, fit] of await faces(four, {tier: "mnlIntercepts", attributes: ["price", "quality"]})) {
    for (const {attribute, value} of marginalEffects(fit).tables) {
      const M = value.to2DArray();
      const b = fit.theta[fit.design.columns.findIndex((column) => column.name === attribute)];
      M.forEach((row) => close(row.reduce((a, b) => a + b, 0), 0, 1e-15, name));
      M[0].forEach((_, c) => close(M.reduce((sum, row) => sum + row[c], 0), 0, 1e-15, name));
      M.forEach((row, a) => row.forEach((v, c) => close(v, M[c][a], 1e-15, `${name}: Slutsky`)));
      M.forEach((row, a) => row.forEach((v, c) => assert.equal(Math.sign(v), a === c ? Math.sign(b) : -Math.sign(b))));
    }
  }
  // Symmetry survives ragged sets.
  const [[, fit]] = await faces(read(many, {weights: "weight"}), {tier: "mnlIntercepts", attributes: ["price", "quality"]});
  const {tables: [{value}]} = marginalEffects(fit);
  for (let a = 0; a < 4; ++a) for (let c = 0; c < 4; ++c) close(value.get(a, c), value.get(c, a), 1e-15);
});

test("multinomial logit has its closed forms", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality"]});
  const {tables: [{value}]} = marginalEffects(fit, {attribute: "price"});
  const [price, quality] = fit.theta;
  const p = new Float64Array(data.alternative.length);
  for (let n = 0; n < data.weight.length; ++n) {
    let sum = 0;
    for (let r = data.situation[n]; r < data.situation[n + 1]; ++r) sum += p[r] = Math.exp(price * data.x[r * 3] + quality * data.x[r * 3 + 1]);
    for (let r = data.situation[n]; r < data.situation[n + 1]; ++r) p[r] /= sum;
  }
  names.forEach((j, a) => names.forEach((l, c) => {
    const own = new Float64Array(p.length);
    for (let n = 0; n < data.weight.length; ++n) {
      const of = (k: number) => [...Array(data.situation[n + 1] - data.situation[n]).keys()].map((r) => r + data.situation[n]).find((r) => data.alternative[r] === k);
      const [rj, rl] = [of(a), of(c)];
      if (rj !== undefined && rl !== undefined) own[rj] = price * p[rj] * (Number(a === c) - p[rl]);
    }
    close(value.get(a, c), overBoth(data, own, j, l), 1e-13, `${j} by ${l}`);
  }));
});

test("two alternatives: the effect is b p (1 - p) both ways, with the error of a logit's", async () => {
  const two = read(ragged(80, 4).filter(({alternative}) => alternative === "a" || alternative === "b").map((row, _, all) => {
    const other = all.find((r) => r["situation"] === row["situation"] && r !== row)!;
    return {...row, chosen: row["alternative"] === "a" ? row["chosen"] : 1 - Number(other["chosen"])};
  }));
  const fit = await fitMnl(two, {attributes: ["price"]});
  const {tables: [{value, error}]} = marginalEffects(fit);
  const [b] = fit.theta;
  let [sum, slope] = [0, 0];
  const N = two.weight.length;
  for (let n = 0; n < N; ++n) {
    const d = two.x[2 * n * 3] - two.x[(2 * n + 1) * 3];
    const p = 1 / (1 + Math.exp(-b * d));
    sum += (b * p * (1 - p)) / N;
    slope += (p * (1 - p) + b * p * (1 - p) * (1 - 2 * p) * d) / N;
  }
  allClose(value.to2DArray().flat(), [sum, -sum, -sum, sum], 1e-13);
  allClose(error.to2DArray().flat(), Array<number>(4).fill(Math.abs(slope) * fit.estimates.rows[0].error!), 1e-12);
});

test("errors follow the kind asked for, and the fit's own by default", async () => {
  const robust = await fitMnl(data, {attributes: ["price", "quality"], errors: "robust"});
  const plain = await fitMnl(data, {attributes: ["price", "quality"]});
  const get = (fit: typeof plain, options = {}) => marginalEffects(fit, {attribute: "price", ...options});
  assert.equal(get(robust).errors, robust.estimates.words);
  allClose(get(robust).tables[0].error.to1DArray(), get(plain, {errors: "robust"}).tables[0].error.to1DArray(), 1e-12);
  assert.notEqual(get(robust).tables[0].error.get(0, 0), get(plain).tables[0].error.get(0, 0));
  const [narrow, wide] = [get(plain, {level: 0.5}), get(plain, {level: 0.99})];
  assert.ok(wide.tables[0].high.get(0, 0) > narrow.tables[0].high.get(0, 0));
});

test("a held coefficient is known, and has no part in errors", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality"], hold: {quality: 0.4}});
  const alone = marginalEffects(fit, {attribute: "price"}).tables[0];
  assert.ok(alone.error.get(0, 0) > 0);
  const quality = marginalEffects(fit, {attribute: "quality"}).tables[0];
  assert.ok(quality.error.get(0, 0) > 0, "the probabilities behind it are still estimated");
  const all = await fitMnl(data, {attributes: ["price", "quality"], hold: {price: -1, quality: 0.4}});
  allClose(marginalEffects(all).tables[0].error.to1DArray(), new Float64Array(16), 0);
});

test("income effects of the travellers of ModeCanada at their means are those that mlogit prints", async () => {
  const {fit, x} = await canadaAtMeans();
  const {answers, value} = marginalEffects(fit, {attribute: "income"}).tables[0];
  assert.deepEqual(answers, ["car", "train", "air"]);
  // Absolute changes of probabilities for relative ones of income.
  asPrinted(value.to1DArray().map((effect) => effect * x[2]), ["-0.1822177", "-0.1509079", "0.3331256"], "income", 10);
});

test("what leans on coefficients that the data do not tell has no error, and what does not has one", async () => {
  const twin = read(rows.map((row) => ({...row, cents: 100 * Number(row["price"])})), {weights: "weight"});
  const fit = await maxEnt(twin, {attributes: ["price", "cents", "quality"]}, {signal: {kind: "shannon"}});
  const [both, alone] = [fit, await maxEnt(twin, {attributes: ["price", "quality"]}, {signal: {kind: "shannon"}})].map((f) => marginalEffects(f, {attribute: ["price", "quality"]}).tables);
  assert.ok(both[0].error.to1DArray().every(Number.isNaN));
  allClose(both[1].value.to1DArray(), alone[1].value.to1DArray(), 1e-9);
  assert.ok(both[1].error.to1DArray().every((error) => error > 0));
});

test("what does not vary, is not used or is not known is refused by name", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality"]});
  await refuses("explain/unknown-attribute", () => marginalEffects(fit, {attribute: "prise"}), "price");
  await refuses("explain/not-in-model", () => marginalEffects(fit, {attribute: "income"}), "price");
  await refuses("options/unknown", () => marginalEffects(fit, {atribute: "price"} as never), "attribute");
  await refuses("infer/level", () => marginalEffects(fit, {level: 95}));
  await refuses("infer/unknown-errors", () => marginalEffects(fit, {errors: "sandwich" as never}));
});
