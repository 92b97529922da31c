import assert from "node:assert/strict";
import test from "node:test";
import {fitMnl} from "../../src/estimate/tiers.js";
import {elasticities, type Aggregate} from "../../src/explain/elasticities.js";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {design} from "../../src/model/design.js";
import {asPrinted} from "../support/lre.js";
import {allClose, close, read, refuses} from "../support/world.js";
import {canadaAtMeans, faces, manyColumns, maxEnt, overBoth, points, ragged, raggedData, shifted, slowError, slowly} from "./fixture.js";

const rows = ragged(14);
const data = raggedData(14);
const names = [...data.alternatives];
const K = data.attributes.length;
const aggregates: readonly Aggregate[] = ["probability weighted", "share", "mean"];

/** The value of attribute k that moves, in every row: that of the alternative named, or the row's own. */
function moved(k: number, alternative: string): Float64Array {
  return data.alternative.reduce((out, _, row) => {
    const n = data.situation.findIndex((from, m) => from <= row && row < data.situation[m + 1]);
    for (let r = data.situation[n]; r < data.situation[n + 1]; ++r) if (alternative ? names[data.alternative[r]] === alternative : r === row) out[row] = data.x[r * K + k];
    return out;
  }, new Float64Array(data.alternative.length));
}

test("elasticities are per cent changes of probabilities by definition, aggregated three ways", async () => {
  const h = 1e-5;
  for (const [name, fit] of await faces(data, manyColumns)) {
    for (const aggregate of aggregates) for (const semi of [false, true]) {
      for (const {attribute, moves, answers, value} of elasticities(fit, {aggregate, semi}).tables) {
        const k = data.attributes.indexOf(attribute!);
        moves.forEach((move, m) => {
          const alternative = attribute === "income" ? "" : move;
          const [up, p, down] = [h, 0, -h].map((step) => slowly(fit, design(read(shifted(rows, attribute!, alternative, (v) => v + step), {weights: "weight", alternatives: names}), manyColumns).z));
          const slope = up.map((q, r) => (q - down[r]) / (2 * h));
          const x = semi ? p.map(() => 1) : moved(k, alternative);
          answers.forEach((answer, a) => {
            const average = (of: ArrayLike<number>, l = alternative) => overBoth(data, of, answer, l);
            const wanted = aggregate === "mean" ? average(slope.map((d, r) => (d * x[r]) / p[r]))
              : aggregate === "probability weighted" ? average(slope.map((d, r) => d * x[r])) / average(p)
              : shareElasticity(slope, p, answer, semi ? 1 : overBoth(data, moved(k, ""), alternative || "a", ""));
            close(value.get(a, m), wanted, 2e-9, `${name}, ${aggregate}, ${attribute}, ${answer} by ${move}`);
          });
        });
      }
    }
  }
  function shareElasticity(slope: ArrayLike<number>, p: ArrayLike<number>, answer: string, mean: number): number {
    let [above, below] = [0, 0];
    for (let n = 0; n < data.weight.length; ++n) for (let r = data.situation[n]; r < data.situation[n + 1]; ++r) {
      if (names[data.alternative[r]] !== answer) continue;
      below += data.weight[n] * p[r];
      above += data.weight[n] * slope[r]; // nothing where the mover is not on offer
    }
    return (above * mean) / below;
  }
});

test("their errors are those of the delta method, probabilities in the denominator included", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    for (const aggregate of aggregates) for (const semi of [false, true]) {
      const {tables} = elasticities(fit, {aggregate, semi, attribute: ["price", "income"]});
      tables.forEach(({error, answers, moves}, t) => {
        for (let a = 0; a < answers.length; a += 3) for (let m = 0; m < moves.length; m += 2) {
          close(error.get(a, m) / slowError(fit, (other) => elasticities(other, {aggregate, semi, attribute: ["price", "income"]}).tables[t].value.get(a, m)), 1, 1e-7, `${name}, ${aggregate}`);
        }
      });
    }
  }
});

test("situations one by one, with errors, average to the mean", async () => {
  for (const [, fit] of await faces(data, manyColumns)) for (const semi of [false, true]) {
    const {tables: [{each, value}]} = elasticities(fit, {attribute: "quality", aggregate: "mean", semi, each: true});
    const other = elasticities(fit, {attribute: "quality", aggregate: "share", semi, each: true}).tables[0].each!;
    allClose(other.value, each!.value, 1e-13);
    allClose(other.error, each!.error, 1e-12);
    const weight = new Map(data.situations.map((id, n) => [id, data.weight[n]]));
    const own = [...each!.value.keys()].filter((r) => each!.answer[r] === "c" && each!.move[r] === "a");
    const w = own.map((r) => weight.get(each!.situation[r])!);
    close(own.reduce((sum, r, k) => sum + w[k] * each!.value[r], 0) / w.reduce((a, b) => a + b, 0), value.get(2, 0), 1e-13);
    for (const r of [1, 8]) close(each!.error[r] / slowError(fit, (f) => elasticities(f, {attribute: "quality", semi, each: true}).tables[0].each!.value[r]), 1, 1e-7);
  }
});

test("multinomial logit: own elasticity b x (1 - p), cross elasticity -b x p whatever answers", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality"]});
  const {tables: [{each}]} = elasticities(fit, {attribute: "price", each: true});
  for (let r = 0; r < each!.value.length; ++r) {
    const n = data.situations.indexOf(each!.situation[r]);
    const [from, to] = [data.situation[n], data.situation[n + 1]];
    const utility = Array.from({length: to - from}, (_, j) => Math.exp(fit.theta[0] * data.x[(from + j) * K] + fit.theta[1] * data.x[(from + j) * K + 1]));
    const l = Array.from(data.alternative.subarray(from, to), (a) => names[a]).indexOf(each!.move[r]);
    const p = utility[l] / utility.reduce((a, b) => a + b, 0);
    close(each!.value[r], fit.theta[0] * data.x[(from + l) * K] * (Number(each!.answer[r] === each!.move[r]) - p), 1e-13);
  }
});

test("in full sets, shares answer to all alternatives so that changes cancel: Cournot's rule", async () => {
  const four = read(rows.map((row) => ({...row})).filter((_, k, all) => all.filter((r) => r["situation"] === all[k]["situation"]).length === 4), {weights: "weight"});
  for (const [, fit] of await faces(four, {tier: "mnlIntercepts", attributes: ["price", "quality"]})) {
    const {value} = elasticities(fit, {attribute: "price"}).tables[0];
    // sum_j share_j E_jl = 0, with shares recovered from effects over elasticities of the "share" kind.
    const effect = marginalEffects(fit, {attribute: "price"}).tables[0].value;
    const semi = elasticities(fit, {attribute: "price", semi: true}).tables[0].value;
    for (let l = 0; l < 4; ++l) {
      const shares = [0, 1, 2, 3].map((j) => effect.get(j, l) / semi.get(j, l));
      close(shares.reduce((a, b) => a + b, 0), 1, 1e-13);
      close(shares.reduce((sum, share, j) => sum + share * value.get(j, l), 0), 0, 1e-14);
    }
  }
});

test("in a high price, own elasticity goes as b x for a logit and as b x / (M - 1) for M supports", async () => {
  const [price, b] = [400, -1];
  const dear = read([1, 2, 3].map((_, n) => ["a", "b", "c"].map((alternative, j) => ({person: n, situation: n, alternative, chosen: Number(j === n), price: j === 0 ? price : 1 + j / 4}))).flat());
  const place = {theta: Float64Array.of(b), covariance: (await import("ml-matrix")).Matrix.eye(1, 1)};
  for (const M of [2, 3, 5]) {
    const fit = await maxEnt(dear, {attributes: ["price"]}, {signal: {kind: "supports", support: points(M)}}, place);
    close(elasticities(fit).tables[0].value.get(0, 0), (b * price) / (M - 1), 1e-9, `${M} supports`);
  }
  const logit = await maxEnt(dear, {attributes: ["price"]}, {signal: {kind: "shannon"}}, place);
  close(elasticities(logit).tables[0].value.get(0, 0), b * price, 1e-12);
});

test("cost elasticities of the travellers of ModeCanada at their means are those that mlogit prints", async () => {
  const {fit} = await canadaAtMeans();
  const {value} = elasticities(fit, {attribute: "cost"}).tables[0];
  asPrinted([0, 1, 2].map((j) => value.get(j, j)), ["-0.9131273", "-1.2505014", "-3.1409703"], "cost", 20);
});

test("dummies and centred attributes are said to be what they are", async () => {
  const odd = read(rows.map((row) => ({...row, direct: Number(Number(row["price"]) > 1.5)})));
  const fit = await fitMnl(odd, {attributes: ["quality", "direct"]});
  assert.deepEqual(elasticities(fit).notes.map(({code}) => code), ["explain/dummy", "explain/both-signs"]);
  assert.deepEqual(elasticities(fit, {semi: true}).notes.map(({code}) => code), ["explain/dummy"]);
  await refuses("options/unknown-aggregate", () => elasticities(fit, {aggregate: "shares" as never}), "share");
});
