import type {ChoiceFacts} from "../data/choiceData.js";
import {ChoiceError} from "../errors.js";
import type {Situations} from "../kernels/mnl.js";
import type {Choices} from "../kernels/panel.js";
import type {Design} from "./design.js";

/** What an objective sums over: choices for the kernels, with weights and owners of the units. */
export interface Units extends Choices {
  /** Weight of each unit, (U). */
  readonly weight: Float64Array;
  /** The person each unit belongs to, (U). */
  readonly person: Int32Array;
  readonly people: number;
  /** The same choices with every situation by itself, its weight and its person: what a model without draws is made of. */
  readonly situations: Situations;
}

/**
 * Lays a design out for the kernels: differences to the chosen row, and units that are integrated together. With random
 * columns in a panel a unit is a person; otherwise it is a situation, whose score is still summed by person. Differences
 * are taken when first asked for: a model without draws never does.
 *
 * @throws {ChoiceError} model/unequal-weights when the situations of a person who is integrated as one differ in weight
 */
export function units(data: ChoiceFacts, {columns, z, panel}: Design, at = "fit(data)"): Units {
  const {situation, chosen, person, weight} = data;
  const [N, C, I] = [situation.length - 1, columns.length, person.length - 1];
  const together = panel && columns.some((column) => column.distribution);
  const owner = new Int32Array(N);
  for (let i = 0; i < I; ++i) for (let n = person[i]; n < person[i + 1]; ++n) owner[n] = i;
  const situations = {z, columns: C, situation, chosen, weight, person: owner, people: I};
  if (!together) return laid(situations, counting(N + 1), weight, owner);
  for (let i = 0; i < I; ++i) {
    for (let n = person[i]; n < person[i + 1]; ++n) {
      if (weight[n] === weight[person[i]]) continue;
      throw new ChoiceError("model/unequal-weights", {
        at, saw: `person ${String(data.people[i])} has situations of weight ${weight[person[i]]} and ${weight[n]}`,
        want: "one weight per person: the person's situations are one observation of a mixed logit", hint: "weight by person, or use panel: false"
      });
    }
  }
  return laid(situations, person, Float64Array.from({length: I}, (_, i) => weight[person[i]]), counting(I));
}

function counting(length: number): Int32Array {
  const out = new Int32Array(length);
  for (let n = 0; n < length; ++n) out[n] = n;
  return out;
}

function laid(situations: Situations, unit: Int32Array, weight: Float64Array, person: Int32Array): Units {
  const {columns, people, situation} = situations;
  const N = situation.length - 1;
  let d: Float64Array | undefined;
  return {
    get d() {
      if (!d) differencesInto(d = new Float64Array((situation[N] - N) * columns), situations);
      return d;
    },
    differencesInto: (to, order) => differencesInto(to, situations, order),
    row: situation.map((from, n) => from - n), // each situation before has one chosen row
    unit, columns, weight, person, people, situations
  };
}

/** Differences to the chosen row, for the rows not chosen, (rows, C). */
function differencesInto(d: Float64Array, {z, columns: C, situation, chosen}: Situations, order: readonly number[] = [...Array(C).keys()]): void {
  for (let n = 0, to = 0; n < chosen.length; ++n) {
    const base = chosen[n] * C;
    for (let from = situation[n] * C; from < situation[n + 1] * C; from += C) {
      if (from === base) continue;
      for (let c = 0; c < C; ++c, ++to) d[to] = z[from + order[c]] - z[base + order[c]];
    }
  }
}
