import test from "node:test";
import assert from "node:assert/strict";
import {ChoiceError} from "../../src/errors.js";
import {gaussHermite} from "../../src/integrate/gaussHermite.js";
import {halton} from "../../src/integrate/halton.js";
import {mlhs} from "../../src/integrate/mlhs.js";
import {monteCarlo} from "../../src/integrate/monteCarlo.js";
import type {Nodes, Rule} from "../../src/integrate/rule.js";
import {maybeRule, ruleNames} from "../../src/integrate/shorthand.js";
import {sobol} from "../../src/integrate/sobol.js";
import {trapezoid} from "../../src/integrate/trapezoid.js";
import {cumulative} from "../../src/math/normal.js";
import {source} from "../../src/math/random.js";

// One battery for all rules; how exactly each is expected to do is data.
const personal: Rule[] = [monteCarlo(64), halton(64), halton(64, {scrambled: true}), sobol(64), sobol(50), mlhs(64)];
const shared: Rule[] = [gaussHermite(7), trapezoid(41), sobol(64, {shared: true}), halton(64, {shared: true}), halton(64, {scrambled: true, shared: true})];

const build = (rule: Rule, {dimensions = 2, units = 5, seed = 1} = {}): Nodes => rule.build({dimensions, units, source: source(seed)});

const mean = (nodes: Nodes, unit: number, f: (z: Float64Array) => number): number => {
  const v = nodes.at(unit);
  return nodes.weights.reduce((sum, w, r) => sum + w * f(v.subarray(r * nodes.dimensions, (r + 1) * nodes.dimensions)), 0);
};

const throwsCode = (f: () => unknown, code: string) => assert.throws(f, (error: ChoiceError) => error instanceof ChoiceError && error.code === code);

for (const rule of [...personal, ...shared]) {
  const title = `${rule.name}, ${rule.draws}${shared.includes(rule) ? ", shared" : ""}`;

  test(`${title}: finite nodes and positive weights that sum to 1`, () => {
    const nodes = build(rule, {dimensions: 3});
    assert.equal(nodes.weights.length, nodes.count);
    assert.ok(Math.abs(nodes.weights.reduce((a, b) => a + b) - 1) < 1e-14);
    assert.ok(nodes.weights.every(w => w > 0));
    for (let unit = 0; unit < 5; ++unit) {
      assert.equal(nodes.at(unit).length, nodes.count * 3);
      assert.ok(nodes.at(unit).every(Number.isFinite));
    }
  });

  test(`${title}: the same seed gives the same nodes, in whatever order units are asked`, () => {
    const [forward, backward] = [build(rule), build(rule)];
    const seen = [4, 2, 0, 1, 3].map(unit => [unit, backward.at(unit)] as const);
    for (const [unit, nodes] of seen) assert.deepEqual(nodes, forward.at(unit));
    // Nor do they depend on how many units there are.
    assert.deepEqual(build(rule, {units: 3}).at(2), forward.at(2));
    assert.equal(forward.at(1), forward.at(1));
  });

  test(`${title}: units ${shared.includes(rule) ? "share one set" : "differ"}`, () => {
    const nodes = build(rule);
    assert.equal(nodes.shared, shared.includes(rule));
    if (nodes.shared) assert.equal(nodes.at(0), nodes.at(4));
    else assert.notDeepEqual(nodes.at(0), nodes.at(4));
  });

  test(`${title}: no dimension at all leaves the weights`, () => {
    const nodes = build(rule, {dimensions: 0});
    assert.equal(nodes.at(0).length, 0);
    assert.ok(Math.abs(nodes.weights.reduce((a, b) => a + b) - 1) < 1e-14);
  });
}

for (const rule of personal) {
  test(`${rule.name}, ${rule.draws}: over many units the first moments are those of the normal`, () => {
    const units = 400;
    const nodes = build(rule, {dimensions: 3, units});
    let [m, v, c] = [0, 0, 0];
    for (let unit = 0; unit < units; ++unit) {
      m += mean(nodes, unit, z => z[1]) / units;
      v += mean(nodes, unit, z => z[2] * z[2]) / units;
      c += mean(nodes, unit, z => z[0] * z[1]) / units;
    }
    // Four standard errors of plain Monte Carlo with as many draws.
    const se = 1 / Math.sqrt(units * rule.draws);
    assert.ok(Math.abs(m) < 4 * se, `mean ${m}`);
    assert.ok(Math.abs(v - 1) < 4 * Math.sqrt(2) * se, `variance ${v}`);
    assert.ok(Math.abs(c) < 4 * se, `covariance ${c}`);
  });
}

test("random rules change with the seed; unscrambled Halton does not", () => {
  for (const rule of [monteCarlo(8), halton(8, {scrambled: true}), sobol(8), sobol(8, {shared: true}), mlhs(8)]) assert.notDeepEqual(build(rule, {seed: 1}).at(0), build(rule, {seed: 2}).at(0), rule.name);
  assert.deepEqual(build(halton(8), {seed: 1}).at(0), build(halton(8), {seed: 2}).at(0));
});

test("simulation errors of two units are uncorrelated under Sobol's shifts", () => {
  // Over 400 seeds; a correlation beyond 0.2 is four standard errors away.
  const errors = Array.from({length: 400}, (_, seed) => {
    const nodes = build(sobol(8), {dimensions: 1, units: 2, seed});
    return [0, 1].map(unit => mean(nodes, unit, z => Math.exp(z[0]) / Math.exp(0.5) - 1));
  });
  const product = (i: number, j: number) => errors.reduce((sum, e) => sum + e[i] * e[j], 0);
  assert.ok(Math.abs(product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1))) < 0.2);
});

test("on a smooth integrand in five dimensions Sobol beats Halton, and Halton beats Monte Carlo", () => {
  // E of a logit probability of sum z/sqrt(5) + 1/2, hence one-dimensional: the trapezoid gives it exactly.
  const f = (x: number) => 1 / (1 + Math.exp(-x - 0.5));
  const exact = mean(build(trapezoid(191), {dimensions: 1}), 0, z => f(z[0]));
  const g = (z: Float64Array) => f(z.reduce((a, b) => a + b) / Math.sqrt(5));
  const error = (rule: Rule) => {
    let sum = 0;
    for (let seed = 0; seed < 8; ++seed) sum += (mean(build(rule, {dimensions: 5, units: 1, seed}), 0, g) - exact) ** 2;
    return Math.sqrt(sum / 8);
  };
  const [pseudo, scrambled, owen] = [monteCarlo(1024), halton(1024, {scrambled: true}), sobol(1024)].map(error);
  assert.ok(scrambled < pseudo / 3, `${scrambled} and ${pseudo}`);
  assert.ok(owen < scrambled, `${owen} and ${scrambled}`);
  assert.ok(owen < pseudo / 20, `${owen} and ${pseudo}`);
});

test("MLHS has R equally spaced uniforms in each dimension of each unit", () => {
  const nodes = build(mlhs(50));
  for (let unit = 0; unit < 2; ++unit) {
    for (let d = 0; d < 2; ++d) {
      const u = Array.from({length: 50}, (_, r) => cumulative(nodes.at(unit)[r * 2 + d])).sort((a, b) => a - b);
      for (let r = 1; r < 50; ++r) assert.ok(Math.abs(u[r] - u[r - 1] - 1 / 50) < 1e-14);
      assert.ok(u[0] > 0 && u[0] < 1 / 50);
    }
  }
});

test("a longer Monte Carlo begins with the shorter", () => {
  assert.deepEqual(build(monteCarlo(100)).at(3).subarray(0, 20), build(monteCarlo(10)).at(3));
});

test("a rule is accepted as it is, or by name", () => {
  const rule = sobol(16, {shared: true});
  assert.equal(maybeRule(rule), rule);
  assert.equal(maybeRule(rule, 16), rule);
  for (const name of ruleNames) assert.equal(maybeRule(name, 5).draws, 5);
  assert.equal(maybeRule("scrambledHalton", 5).name, "Halton, scrambled");
  assert.equal(maybeRule("sobol").draws, 512);
  throwsCode(() => maybeRule(rule, 17), "integrate/draws");
});

test("a misspelt rule is met with the nearest", () => {
  assert.throws(() => maybeRule("haltom" as "halton"), (error: ChoiceError) => error.code === "integrate/unknown-rule" && error.hint === 'did you mean "halton"?');
  for (const odd of [7, null, undefined, {}, "toString"]) throwsCode(() => maybeRule(odd as unknown as Rule), "integrate/unknown-rule");
});

test("sizes that make no sense are refused", () => {
  for (const draws of [0, -5, 1.5, NaN, Infinity]) {
    for (const name of ruleNames) throwsCode(() => maybeRule(name, draws), "integrate/draws");
  }
  throwsCode(() => gaussHermite(201), "integrate/draws");
  throwsCode(() => trapezoid(1), "integrate/draws");
  throwsCode(() => trapezoid(9, {range: 0}), "integrate/range");
  throwsCode(() => halton(9, {drop: 0}), "integrate/drop");
  throwsCode(() => halton(9, {drops: 10} as object), "options/unknown");
  throwsCode(() => build(halton(2), {dimensions: 101}), "integrate/dimensions");
  throwsCode(() => build(sobol(2), {dimensions: 257}), "integrate/dimensions");
  throwsCode(() => build(gaussHermite(15), {dimensions: 6}), "integrate/too-many-nodes");
  throwsCode(() => build(monteCarlo(4)).at(5), "integrate/unit");
});

test("too many product nodes: the way out fits", () => {
  assert.throws(() => build(gaussHermite(15), {dimensions: 6}), (error: ChoiceError) => {
    const fits = Number(/^(\d+) points/.exec(error.hint!)![1]);
    assert.ok(fits ** 6 <= 2e6 && (fits + 1) ** 6 > 2e6);
    return true;
  });
});

test("one shared set serves every unit, and is the first unit's own", () => {
  for (const rule of [monteCarlo, mlhs]) {
    const request = {dimensions: 2, units: 5, source: source(3)};
    const [one, own] = [rule(16, {shared: true}).build(request), rule(16).build(request)];
    assert.ok(one.shared && !own.shared);
    assert.deepEqual(one.at(0), one.at(4));
    assert.deepEqual(one.at(0), own.at(0));
    assert.notDeepEqual(own.at(0), own.at(4));
  }
});

test("a rule says whether it is shared, and its nodes agree", () => {
  const request = {dimensions: 2, units: 3, source: source(1)};
  for (const make of [monteCarlo, mlhs, sobol, halton]) for (const shared of [true, false]) {
    const rule = make(8, {shared});
    assert.equal(rule.shared, shared);
    assert.equal(rule.build(request).shared, shared);
  }
});
