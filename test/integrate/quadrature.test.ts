import test from "node:test";
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {gaussHermite, hermiteLine} from "../../src/integrate/gaussHermite.js";
import type {Nodes, Rule} from "../../src/integrate/rule.js";
import {trapezoid} from "../../src/integrate/trapezoid.js";
import {source} from "../../src/math/random.js";

const reference = JSON.parse(readFileSync(new URL("../reference/rules.json", import.meta.url), "utf8"));

const build = (rule: Rule, dimensions: number): Nodes => rule.build({dimensions, units: 1, source: source(1)});

const mean = ({at, weights, dimensions}: Nodes, f: (z: Float64Array) => number): number =>
  weights.reduce((sum, w, r) => sum + w * f(at(0).subarray(r * dimensions, (r + 1) * dimensions)), 0);

test("Gauss-Hermite nodes and weights have the digits of the table", () => {
  for (const [n, half] of Object.entries<[string, string][]>(reference.gaussHermite)) {
    const {nodes, weights} = hermiteLine(Number(n));
    assert.equal(nodes.length, Number(n));
    half.forEach(([x, w], i) => {
      const k = (Number(n) >> 1) + i;
      assert.ok(Math.abs(nodes[k] - +x) <= 1e-15 * +x, `${n}: node ${x}`);
      assert.ok(Math.abs(weights[k] / +w - 1) < (Number(n) > 100 ? 2e-14 : 1e-14), `${n}: weight ${w}`);
      const mirror = Number(n) - 1 - k;
      assert.ok(nodes[mirror] + nodes[k] === 0 && weights[mirror] === weights[k]);
    });
  }
});

test("for every size up to 200 nodes ascend and weights sum to 1", () => {
  for (let n = 1; n <= 200; ++n) {
    const {nodes, weights} = hermiteLine(n);
    assert.ok(nodes.every((x, k) => k === 0 || x > nodes[k - 1]), `${n}`);
    assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 2e-15, `${n}`);
    assert.ok(n < 2 || Math.abs(weights.reduce((sum, w, k) => sum + w * nodes[k] ** 2, 0) - 1) < 1e-14, `${n}`);
  }
});

test("Gauss-Hermite is exact to degree 2n - 1 and not beyond", () => {
  const nodes = build(gaussHermite(5), 1);
  let moment = 1; // E z^k = (k - 1)!!
  for (let k = 2; k <= 8; k += 2) {
    moment *= k - 1;
    assert.ok(Math.abs(mean(nodes, z => z[0] ** k) / moment - 1) < 1e-14);
    assert.ok(Math.abs(mean(nodes, z => z[0] ** (k + 1))) < 1e-13);
  }
  // Short by n! of the monic polynomial's norm.
  assert.ok(Math.abs(mean(nodes, z => z[0] ** 10) - (945 - 120)) < 1e-10);
});

test("a product integrates mixed moments, its last dimension running fastest", () => {
  const nodes = build(gaussHermite(4), 3);
  assert.equal(nodes.count, 64);
  assert.ok(Math.abs(mean(nodes, z => z[0] ** 2 * z[1] ** 4 * z[2] ** 6) - 45) < 1e-12);
  const {nodes: line} = hermiteLine(4);
  assert.deepEqual([...nodes.at(0).subarray(0, 6)], [line[0], line[0], line[0], line[0], line[0], line[1]]);
});

test("with no dimension a product is one node of weight 1", () => {
  const nodes = build(gaussHermite(9), 0);
  assert.deepEqual([nodes.count, nodes.weights[0], nodes.at(0).length], [1, 1, 0]);
});

test("the trapezoid is exact to rounding for analytic integrands, also narrow ones", () => {
  const nodes = build(trapezoid(191), 1);
  // E exp(a z) = exp(a^2/2)
  for (const a of [0.5, 1, 2]) assert.ok(Math.abs(mean(nodes, z => Math.exp(a * z[0])) / Math.exp((a * a) / 2) - 1) < 1e-13);
  // E exp(-(c z - 1)^2/2) = exp(-1/(2(1 + c^2)))/sqrt(1 + c^2), a spike of width 1/5, on which 15 Gauss-Hermite nodes fail.
  const c = 5;
  const spike = (z: Float64Array) => Math.exp(-((c * z[0] - 1) ** 2) / 2);
  const exact = Math.exp(-1 / (2 * (1 + c * c))) / Math.sqrt(1 + c * c);
  assert.ok(Math.abs(mean(nodes, spike) / exact - 1) < 1e-13);
  assert.ok(Math.abs(mean(build(gaussHermite(15), 1), spike) / exact - 1) > 1e-2);
  const two = build(trapezoid(101), 2);
  assert.ok(Math.abs(mean(two, z => Math.exp(z[0] - z[1] / 2)) / Math.exp(0.625) - 1) < 1e-13);
});
