import assert from "node:assert/strict";
import test from "node:test";
import {marginalEffects} from "../../src/explain/marginalEffects.js";
import {substitution, rowsOf} from "../../src/explain/substitution.js";
import {differential, push} from "../../src/explain/differential.js";
import {gradientOf} from "../../src/math/derivative.js";
import {close, allClose, refuses} from "../support/world.js";
import {fitMaxEntMixedMoments} from "../../src/entropy/mixing/fitMaxEntMixedMoments.js";
import {tasteGrid} from "../../src/entropy/mixing/tastes.js";
import {elasticities} from "../../src/explain/elasticities.js";
import {fitMixed, fitMnl} from "../../src/estimate/tiers.js";
import {faces, manyColumns, raggedData} from "./fixture.js";

const data = raggedData(12);

test("probabilities of every kind of fit add up to one, and their answers to nothing", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const s = substitution(fit, "test");
    for (let n = 0; n < s.weight.length; ++n) {
      const {p} = s.react(n, rowsOf(s, n));
      close(p.reduce((a, b) => a + b, 0), 1, 1e-14, name);
      assert.ok(p.every((x) => x > 0 && x < 1));
    }
  }
});

test("answers of one situation are derivatives, in utilities and then in coefficients", async () => {
  for (const [name, fit] of await faces(data, manyColumns)) {
    const s = substitution(fit, "test");
    const C = s.columns.length;
    for (let n = 0; n < 4; ++n) {
      const z = rowsOf(s, n);
      const J = z.length / C;
      const d = differential(s.react(n, z), z);
      const dz = Float64Array.from({length: J * C}, (_, at) => Math.sin(1 + at));
      const rise = Float64Array.from({length: J}, (_, j) => { let sum = 0; for (let c = 0; c < C; ++c) sum += dz[j * C + c] * s.beta[c]; return sum; });
      const {effect, gradient} = push(d, rise, dz);
      const h = 1e-5;
      const at = (t: number) => s.react(n, z.map((value, k) => value + t * dz[k])).p;
      const [up, down] = [at(h), at(-h)];
      for (let j = 0; j < J; ++j) close(effect[j], (up[j] - down[j]) / (2 * h), 1e-9, name);
      for (let j = 0; j < J; ++j) {
        const byBeta = gradientOf((theta) => {
          const other = substitution({...fit, theta} as typeof fit, "test");
          const moved = differential(other.react(n, z), z);
          const up = Float64Array.from({length: J}, (_, l) => { let sum = 0; for (let c = 0; c < C; ++c) sum += dz[l * C + c] * theta[c]; return sum; });
          return push(moved, up, dz).effect[j];
        }, fit.theta, () => 1e-5);
        allClose(gradient.subarray(j * C, (j + 1) * C), byBeta, 1e-9, `${name}, gradient`);
        const slope = gradientOf((theta) => substitution({...fit, theta} as typeof fit, "test").react(n, z).p[j], fit.theta, () => 1e-5);
        allClose(d.slope.subarray(j * C, (j + 1) * C), slope, 1e-9, `${name}, slope`);
      }
    }
  }
});

test("a fit with random coefficients is refused, and so is what is no fit", async () => {
  const mixed = await fitMixed(data, {attributes: ["price"], draws: 8, threads: 1});
  await refuses("explain/mixed", () => marginalEffects(mixed), "price");
  await refuses("infer/not-a-fit", () => marginalEffects(data as never));
  await refuses("infer/not-a-fit", () => marginalEffects(Promise.resolve() as never), "await");
});

test("a mixture over tastes is sent to the effects that it has", async () => {
  const mixture = await fitMaxEntMixedMoments(data, {tastes: tasteGrid({price: {from: -3, to: 1, points: 7}}), sensitivity: false});
  for (const effects of [marginalEffects, elasticities]) await refuses("explain/mixed", () => effects(mixture as never), 'tasteElasticities(fit, "price")');
});

test("errors nobody knows are refused where they were asked for; attributes may be spelt as in fits", async () => {
  const fit = await fitMnl(data, {attributes: ["price", "quality"]});
  await refuses("infer/unknown-errors", () => marginalEffects(fit, {errors: "boo" as never}), "marginalEffects(fit");
  for (const effects of [marginalEffects, elasticities]) assert.deepEqual(effects(fit, {attributes: ["quality"]}).tables, effects(fit, {attribute: "quality"}).tables);
});
