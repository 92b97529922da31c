import {hasModes, turn, unmoved} from "../../integrate/centre.js";
import {placeSize, type Lattice} from "../../kernels/lattice.js";
import {branch} from "../../math/random.js";
import {nodesFor, placed, type Ground} from "./ground.js";

/** Nodes from which places are found: enough that a covariance in so many dimensions can be told, in families without modes from the prior alone. */
export const scouts = ({blend}: Pick<Ground, "blend">): number => (hasModes(blend) ? (blend.dimensions > 6 ? 128 : 64) : blend.dimensions > 2 ? 512 : 256);

/** Nodes to find places from. */
export const scouting = (ground: Ground): Lattice => nodesFor(ground, {by: "centred", draws: scouts(ground)}, branch(ground.source, "scouts")).lattice;

/** A share of effective nodes that says: places found elsewhere are good enough to take moments from. */
const fair = 0.3;

const median = (x: Float64Array): number => x.slice().sort()[x.length >> 1];

/** A share of effective nodes under the prior that says: these choices leave the prior nearly as it was. */
const weak = 0.2;

/**
 * Where the nodes of each unit belong at theta: the moments of its posterior, taken from nodes at its mode or from those of
 * the prior, whichever serve that unit better.
 *
 * A mode and its curvature describe a peaked posterior well, and are useless for a plateau: one choice only cuts the prior
 * off, and a proposal as narrow as the curvature at its top misses the tail, without its own nodes noticing. So the prior
 * is preferred as soon as it does passably.
 */
export async function locate(ground: Ground, theta: Float64Array, before?: Float64Array, base = scouting(ground)): Promise<Float64Array> {
  const {blend, units: {weight: {length: U}}} = ground;
  const R = base.count;
  let places: Float64Array | undefined;
  if (hasModes(blend)) {
    if (before) {
      // Places found nearby serve, once their own moments are taken here.
      await ground.lay(placed(base, before));
      if (median((await ground.evaluate(theta, 0)).effective) >= fair * R) return ground.centre(theta, "moments", 1.2);
    }
    await ground.lay(base);
    const prior = (await ground.evaluate(theta, 0)).effective;
    await ground.lay(placed(base, before));
    places = await ground.centre(theta, "mode");
    await ground.lay(placed(base, places));
    const mode = (await ground.evaluate(theta, 0)).effective;
    const size = placeSize(blend.dimensions);
    for (let u = 0; u < U; ++u) if (prior[u] >= weak * R || prior[u] >= mode[u]) {
      const place = places.subarray(u * size, (u + 1) * size);
      unmoved(place, blend.dimensions);
      turn(place, blend.dimensions, u);
    }
  }
  await ground.lay(placed(base, places));
  return ground.centre(theta, "moments", 1.2);
}

/** Nodes that tell the D (D + 1) / 2 numbers of a covariance to some ten per cent; as many again for very fine integrals. */
const enough = (D: number, draws: number): number => Math.min(1024, Math.max(128, 2 ** Math.ceil(Math.log2(2 * D * (D + 1))), draws / 2));

/** The same, better: moments once more, from more nodes at the places found before. What this costs, every later evaluation saves. */
export async function refined(ground: Ground, theta: Float64Array, places: Float64Array, draws: number, round: number): Promise<Float64Array> {
  const base = nodesFor(ground, {by: "centred", draws: enough(ground.blend.dimensions, draws)}, branch(ground.source, `scouts/${round}`)).lattice;
  await ground.lay(placed(base, places));
  return ground.centre(theta, "moments", 1.15);
}
