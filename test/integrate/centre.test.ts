import assert from "node:assert/strict";
import test from "node:test";
import {centre, turn, unmoved} from "../../src/integrate/centre.js";
import {nodesOf, placeSize, type Lattice} from "../../src/kernels/lattice.js";
import {choose} from "../../src/kernels/choose.js";
import {panelKernel} from "../../src/kernels/panel.js";
import {simulate} from "../../src/simulate/simulate.js";
import type {Specification} from "../../src/model/specification.js";
import {problem, somewhere} from "../support/world.js";

const D = 2;
const size = placeSize(D);

function scene(specification: Specification, rule: {rule: "trapezoid" | "sobol"; draws: number}) {
  const {data} = simulate(specification, {people: 4, situations: 5, seed: 11, attributes: ["price", "quality"]});
  const {laid, blend, nodes, found} = problem(data, specification, rule);
  const kernel = choose(laid, blend);
  kernel.lay(nodes.lattice);
  return {scene: {choices: laid, blend, kernel, lattice: nodes.lattice}, theta: somewhere(found, 3), laid, blend};
}

/** One node at z, with weight one: the log-likelihood of a unit there, less |z|²/2. */
function posterior({laid, blend, theta}: ReturnType<typeof scene>, u: number) {
  const kernel = panelKernel(laid, blend);
  const none = new Float64Array(0);
  return (z: readonly number[]) => {
    kernel.lay({dimensions: D, count: 1, nodes: Float64Array.from(z), weights: Float64Array.of(1), set: new Int32Array(laid.weight.length)});
    kernel.begin(theta, 0);
    return kernel.unit(u, none, none) - 0.5 * (z[0] ** 2 + z[1] ** 2);
  };
}

for (const specification of [{tier: "mixed", covariance: "full"}, {tier: "mixed", random: {price: "-lognormal", quality: "normal"}}] as readonly Specification[]) {
  test(`${JSON.stringify(specification)}: a mode is where the log posterior is level, and C C' its inverse curvature`, () => {
    const made = scene(specification, {rule: "sobol", draws: 8});
    const place = new Float64Array(size);
    const seek = centre(made.scene, made.theta, {by: "mode", widen: 1});
    for (let u = 0; u < 4; ++u) {
      seek(u, place);
      const f = posterior(made, u);
      const [a, b] = place;
      const h = 1e-4;
      const slope = [(f([a + h, b]) - f([a - h, b])) / (2 * h), (f([a, b + h]) - f([a, b - h])) / (2 * h)];
      for (const s of slope) assert.ok(Math.abs(s) < 0.02, `slope ${s}`); // it stops a hundredth of a standard deviation away
      const minusH = [
        -(f([a + h, b]) - 2 * f([a, b]) + f([a - h, b])) / h ** 2,
        -(f([a + h, b + h]) - f([a + h, b - h]) - f([a - h, b + h]) + f([a - h, b - h])) / (4 * h ** 2),
        -(f([a, b + h]) - 2 * f([a, b]) + f([a, b - h])) / h ** 2
      ];
      const [c00, c10, c11] = place.subarray(D);
      const V = [c00 * c00, c00 * c10, c10 * c10 + c11 * c11];
      const product = [V[0] * minusH[0] + V[1] * minusH[1], V[0] * minusH[1] + V[1] * minusH[2], V[1] * minusH[1] + V[2] * minusH[2]];
      product.forEach((x, k) => assert.ok(Math.abs(x - [1, 0, 1][k]) < 1e-5, `V (-H) = ${product}`));
    }
  });
}

test("moments are mean and covariance of the posterior: by a fine rule, to its own digits", () => {
  const made = scene({tier: "mixed", covariance: "full"}, {rule: "trapezoid", draws: 61});
  const place = new Float64Array(size);
  const seek = centre(made.scene, made.theta, {by: "moments", widen: 1});
  for (let u = 0; u < 4; ++u) {
    seek(u, place);
    const f = posterior(made, u);
    let [mass, m0, m1, s00, s10, s11] = [0, 0, 0, 0, 0, 0];
    for (let x = -6; x <= 6; x += 0.2) for (let y = -6; y <= 6; y += 0.2) {
      const w = Math.exp(f([x, y]));
      mass += w; m0 += w * x; m1 += w * y; s00 += w * x * x; s10 += w * x * y; s11 += w * y * y;
    }
    [m0, m1] = [m0 / mass, m1 / mass];
    const wanted = [m0, m1, s00 / mass - m0 * m0, s10 / mass - m0 * m1, s11 / mass - m1 * m1];
    const [c00, c10, c11] = place.subarray(D);
    const got = [place[0], place[1], c00 * c00, c00 * c10, c10 * c10 + c11 * c11];
    // Shrinkage towards the prior is as small as the effective nodes are many.
    got.forEach((x, k) => assert.ok(Math.abs(x - wanted[k]) < (k < 2 ? 1e-6 : 0.02), `${got} for ${wanted}`));
  }
});

test("a place moves the nodes, and its weights bring the integral back; signs change neither", () => {
  const made = scene({tier: "mixed"}, {rule: "trapezoid", draws: 41});
  for (const signs of [false, true]) {
    const places = new Float64Array(4 * size);
    for (let u = 0; u < 4; ++u) {
      const place = places.subarray(u * size, (u + 1) * size);
      place.set([0.3 * u, -0.2, 0.9, 0.1 * u, 1.1]);
      if (signs) turn(place, D, u);
    }
    const lattice: Lattice = {...made.scene.lattice, places};
    for (let u = 0; u < 4; ++u) {
      const {nu, weights} = nodesOf(lattice, u);
      let [mass, mean, square] = [0, 0, 0];
      weights.forEach((w, r) => { mass += w; mean += w * nu[2 * r]; square += w * nu[2 * r + 1] ** 2; });
      for (const [got, wanted] of [[mass, 1], [mean, 0], [square, 1]]) assert.ok(Math.abs(got - wanted) < 1e-9, `unit ${u}: ${got}`);
    }
  }
});

test("signs differ from unit to unit, and an unmoved place is the prior", () => {
  const place = new Float64Array(placeSize(3));
  const seen = new Set<string>();
  for (let u = 0; u < 64; ++u) {
    unmoved(place, 3);
    assert.deepEqual([...place], [0, 0, 0, 1, 0, 1, 0, 0, 1]);
    turn(place, 3, u);
    seen.add([place[3], place[5], place[8]].join());
  }
  assert.equal(seen.size, 8);
});
