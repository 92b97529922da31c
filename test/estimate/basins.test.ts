import assert from "node:assert/strict";
import test from "node:test";
import {Matrix} from "ml-matrix";
import {settle} from "../../src/estimate/passes/basins.js";
import type {Ground} from "../../src/estimate/passes/ground.js";
import type {Journey} from "../../src/estimate/passes/journey.js";
import type {Summit} from "../../src/optimize/climb.js";

/** Climbs that end where they start; curvature with a cross term, which changes its sign with that of the spread. */
async function settled(starts: readonly Float64Array[]) {
  const ground = {blend: {of: {parameters: [{role: "mean", column: 0}, {role: "spread", column: 0, on: 0}]}}} as unknown as Ground;
  let theta = starts[0];
  const going = {get theta() { return theta; }, positions: [0, 1], goesOn: () => true, from(there: Float64Array) { theta = there; }} as unknown as Journey;
  return settle(ground, {starts}, going, async () => {
    const cross = -90 * Math.sign(theta[1]);
    return {theta, at: {value: -1, gradient: new Float64Array(2), hessian: new Matrix([[-100, cross], [cross, -100]])}} as unknown as Summit;
  });
}

test("two ends are one basin or two, whatever the sign of the spread at the first", async () => {
  for (const sign of [1, -1]) {
    // In standard errors to each parameter: 2.0 across the ridge, 0.4 along it.
    assert.equal((await settled([Float64Array.of(0, sign), Float64Array.of(0.2, 1.2)])).length, 2, `across, ${sign}`);
    assert.equal((await settled([Float64Array.of(0, sign), Float64Array.of(0.2, 0.8)])).length, 1, `along, ${sign}`);
  }
});
