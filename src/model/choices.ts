import type {ChoiceFacts} from "../data/choiceData.js";
import {ChoiceError} from "../errors.js";
import type {Choices} from "../kernels/panel.js";
import type {Design} from "./design.js";

/** What an objective sums over: choices for the kernels, with weights and owners of the units. */
export interface Units extends Choices {
  /** Weight of each unit, (U). */
  readonly weight: Float64Array;
  /** The person each unit belongs to, (U). */
  readonly person: Int32Array;
  readonly people: number;
}

/**
 * Lays a design out for the kernels: differences to the chosen row, and units that are integrated together. With random
 * columns in a panel a unit is a person; otherwise it is a situation, whose score is still summed by person.
 *
 * @throws {ChoiceError} model/unequal-weights when the situations of a person who is integrated as one differ in weight
 */
export function units(data: ChoiceFacts, {columns, z, panel}: Design, at = "fit(data)"): Units {
  const {situation, chosen, person, weight} = data;
  const [N, C, I] = [situation.length - 1, columns.length, person.length - 1];
  const together = panel && columns.some((column) => column.distribution);
  const d = new Float64Array((situation[N] - N) * C);
  const row = new Int32Array(N + 1);
  let to = 0;
  for (let n = 0; n < N; ++n) {
    for (let from = situation[n]; from < situation[n + 1]; ++from) {
      if (from === chosen[n]) continue;
      for (let c = 0; c < C; ++c) d[to * C + c] = z[from * C + c] - z[chosen[n] * C + c];
      ++to;
    }
    row[n + 1] = to;
  }
  const owner = new Int32Array(N);
  for (let i = 0; i < I; ++i) owner.fill(i, person[i], person[i + 1]);
  if (!together) {
    return {d, row, unit: Int32Array.from({length: N + 1}, (_, n) => n), columns: C, weight, person: owner, people: I};
  }
  for (let i = 0; i < I; ++i) {
    for (let n = person[i]; n < person[i + 1]; ++n) {
      if (weight[n] === weight[person[i]]) continue;
      throw new ChoiceError("model/unequal-weights", {
        at, saw: `person ${String(data.people[i])} has situations of weight ${weight[person[i]]} and ${weight[n]}`,
        want: "one weight per person: the person's situations are one observation of a mixed logit", hint: "weight by person, or use panel: false"
      });
    }
  }
  return {d, row, unit: person, columns: C, weight: Float64Array.from({length: I}, (_, i) => weight[person[i]]), person: Int32Array.from({length: I}, (_, i) => i), people: I};
}
