import {ChoiceError} from "../errors.js";
import {sharedNodes} from "./nodes.js";
import type {Nodes} from "./rule.js";

/** Nodes and weights in one dimension. */
export interface Line {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const MOST_NODES = 2e6;

/**
 * The product of a one-dimensional rule with itself: every combination of nodes, with the product of their weights. The last
 * dimension runs fastest.
 *
 * @throws {ChoiceError} integrate/too-many-nodes when there would be more than two million
 */
export function product(at: string, {nodes, weights}: Line, dimensions: number): Nodes {
  const points = nodes.length;
  const count = points ** dimensions;
  if (count > MOST_NODES) {
    const most = Math.floor(MOST_NODES ** (1 / dimensions));
    throw new ChoiceError("integrate/too-many-nodes", {
      at,
      saw: `${points} points in each of ${dimensions} dimensions: ${count.toPrecision(3)} nodes`,
      want: `at most ${MOST_NODES} nodes`,
      hint: `${most >= 3 ? `${most} points or fewer, or ` : ""}sobol(1024), whose size does not grow with the dimension`
    });
  }
  const v = new Float64Array(count * dimensions); // (r, d)
  const w = new Float64Array(count); // (r)
  for (let r = 0; r < count; ++r) {
    let rest = r;
    let weight = 1;
    for (let d = dimensions - 1; d >= 0; --d) {
      const k = rest % points;
      rest = (rest - k) / points;
      v[r * dimensions + d] = nodes[k];
      weight *= weights[k];
    }
    w[r] = weight;
  }
  return sharedNodes(dimensions, v, w);
}
