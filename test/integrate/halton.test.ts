import test from "node:test";
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {halton, vanDerCorput} from "../../src/integrate/halton.js";
import {cumulative, quantile} from "../../src/math/normal.js";
import {source} from "../../src/math/random.js";

const reference = JSON.parse(readFileSync(new URL("../reference/rules.json", import.meta.url), "utf8"));

test("the van der Corput sequences begin as they should", () => {
  reference.halton.index0to7.forEach((point: number[], n: number) =>
    point.forEach((u, d) => assert.ok(Math.abs(vanDerCorput(reference.halton.bases[d])(n) - u) < 2e-16))
  );
});

test("uniforms and normals are those of xlogit", () => {
  // xlogit 0.2.7, MixedLogit()._generate_halton_draws(3, 4, 3)[person, variable, draw]; normals by scipy 1.17.1, norm.ppf.
  const uniforms = [0.1484375, 0.4115226337448559, 0.032];
  uniforms.forEach((u, d) => assert.equal(vanDerCorput([2, 3, 5][d])(100), u));
  const nodes = halton(4).build({dimensions: 3, units: 3, source: source(1)});
  const known = new Map([
    [0, [[-1.0431582633184535, -0.22362993661985414, -1.8521798587690466], [0.3811054547635565, 0.6583892117551795, -0.7322762047230995], [-0.2573935261009383, -0.8804772521053178, -0.1712845859315065], [1.2726986411905359, 0.056764855168731865, 0.3371550769952776]]],
    [2, [[-0.8031725655979178, -2.133035542006622, 0.44544250629172016], [0.5561255936186914, -0.3858760385063096, 1.1358962211673127], [-0.09807215248866107, 0.4764625859636392, -1.2159604197073188], [1.7616704103630672, -1.1379436020961395, -0.4901892317152093]]]
  ]);
  for (const [person, values] of known) values.flat().forEach((z, k) => assert.ok(Math.abs(nodes.at(person)[k] - z) < 2e-15, `person ${person}, ${k}`));
});

test("one long sequence is cut person by person", () => {
  const cut = halton(10).build({dimensions: 2, units: 3, source: source(1)});
  const whole = halton(30).build({dimensions: 2, units: 1, source: source(1)});
  assert.deepEqual([0, 1, 2].flatMap(person => [...cut.at(person)]), [...whole.at(0)]);
  const later = halton(10, {drop: 110, shared: true}).build({dimensions: 2, units: 3, source: source(1)});
  assert.deepEqual(later.at(2), cut.at(1));
  // The leading 0 is among the 100 that are dropped.
  assert.equal(cut.at(0)[1], quantile(vanDerCorput(3)(100)));
});

test("the bases are the primes in order", () => {
  const nodes = halton(1).build({dimensions: 100, units: 1, source: source(1)});
  for (const [d, prime] of [[17, 61], [18, 67], [99, 541]]) assert.equal(nodes.at(0)[d], quantile(vanDerCorput(prime)(100)));
});

test("scrambled, every block of p^k draws is still even, and dimensions in large primes are no longer parallel", () => {
  const rule = halton(81, {drop: 0, scrambled: true});
  const nodes = rule.build({dimensions: 40, units: 2, source: source(4)}).at(1);
  const cells = Array.from({length: 81}, (_, r) => Math.floor(cumulative(nodes[r * 40 + 1]) * 81));
  assert.equal(new Set(cells).size, 81);
  const correlation = (z: Float64Array, a: number, b: number) => {
    const column = (d: number) => Array.from({length: z.length / 40}, (_, r) => cumulative(z[r * 40 + d]) - 0.5);
    const dot = (x: number[], y: number[]) => x.reduce((sum, v, r) => sum + v * y[r], 0);
    const [x, y] = [column(a), column(b)];
    return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
  };
  const plain = halton(81, {drop: 1}).build({dimensions: 40, units: 1, source: source(4)}).at(0);
  assert.ok(correlation(plain, 38, 39) > 0.99);
  assert.ok(Math.abs(correlation(nodes, 38, 39)) < 0.5);
});
