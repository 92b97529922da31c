import {wantsChoices} from "../data/offers.js";
import type {Breathe} from "../kernels/mnl.js";
import {Stopped} from "../optimize/climb.js";
import {heldOut, widths} from "./crossValidate.js";
import type {Laid} from "./fitEntropy.js";
import type {NoiseFacts} from "./maxEntFit.js";
import type {Programme} from "./programme.js";
import {solve, type SolveOptions} from "./solve.js";
import type {NoiseShape} from "./supports.js";

/** A programme with noise of half-width v. */
export const noisy = (programme: Programme, {at, sumToZero}: NoiseShape, v: number): Programme => ({...programme, noise: {support: at(v), sumToZero}});

/** Situations of a programme, weights counted, and the width that goes with so many. */
const rootOf = ({weight}: Programme): number => 1 / Math.sqrt(weight.reduce((sum, w) => sum + w, 0));

/**
 * The noise with its width found. A search that is stopped leaves it at 1/√N.
 *
 * @throws {ChoiceError} data/no-choices where the width is to be found by choices that are not known
 */
export async function settled(shape: NoiseShape, {bare, data, chosen, asked, call}: Pick<Laid, "bare" | "data" | "chosen" | "asked" | "call">, solver: SolveOptions, seed: number, breathe: Breathe): Promise<NoiseFacts> {
  const {v, points, sumToZero} = shape;
  const facts = {points, sumToZero};
  if (typeof v === "number") return {...facts, v, how: "given"};
  const unit = rootOf(bare);
  const usual: NoiseFacts = {...facts, v: unit, how: "1/√N"};
  if (v === "1/√N") return usual;
  if (!chosen || asked.given.some(Boolean)) throw wantsChoices(call, `noise of a cross-validated width${chosen ? " beside totals given from outside" : ""}`);
  try {
    const values = await heldOut(bare, {
      chosen: data.chosen, person: data.person, seed, breathe,
      noisy: (part, c) => noisy(part, shape, c * rootOf(part)),
      solve: async (part) => {
        const {lambda, ending} = await solve(part, solver);
        if (ending === "stopped") throw new Stopped();
        return lambda;
      }
    });
    return {...facts, v: widths[values.indexOf(Math.max(...values))] * unit, how: "cross-validated", tried: widths.map((c, k) => ({v: c * unit, heldOut: values[k]}))};
  } catch (error) {
    if (error instanceof Stopped) return usual;
    throw error;
  }
}
