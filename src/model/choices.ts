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
  const [C, I] = [columns.length, person.length - 1];
  const together = panel && columns.some((column) => column.distribution);
  // What has no weight is not there: it neither identifies nor separates anything.
  const counted = Array.from({length: weight.length}, (_, n) => n).filter((n) => weight[n] > 0);
  const N = counted.length;
  const d = new Float64Array(counted.reduce((sum, n) => sum + situation[n + 1] - situation[n] - 1, 0) * C);
  const row = new Int32Array(N + 1);
  let to = 0;
  counted.forEach((n, m) => {
    for (let from = situation[n]; from < situation[n + 1]; ++from) {
      if (from === chosen[n]) continue;
      for (let c = 0; c < C; ++c) d[to * C + c] = z[from * C + c] - z[chosen[n] * C + c];
      ++to;
    }
    row[m + 1] = to;
  });
  const owner = new Int32Array(weight.length);
  for (let i = 0; i < I; ++i) owner.fill(i, person[i], person[i + 1]);
  const owners = Int32Array.from(counted, (n) => owner[n]);
  const weights = Float64Array.from(counted, (n) => weight[n]);
  const common = {d, row, columns: C, people: I};
  if (!together) return {...common, unit: Int32Array.from({length: N + 1}, (_, n) => n), weight: weights, person: owners};
  const first = counted.flatMap((_, m) => (m === 0 || owners[m] !== owners[m - 1] ? [m] : []));
  counted.forEach((_, m) => {
    const start = m > 0 && owners[m] === owners[m - 1] ? m - 1 : m;
    if (weights[m] === weights[start]) return;
    throw new ChoiceError("model/unequal-weights", {
      at, saw: `person ${String(data.people[owners[m]])} has situations of weight ${weights[start]} and ${weights[m]}`,
      want: "one weight per person: the person's situations are one observation of a mixed logit", hint: "weight by person, or use panel: false"
    });
  });
  return {...common, unit: Int32Array.from([...first, N]), weight: Float64Array.from(first, (m) => weights[m]), person: Int32Array.from(first, (m) => owners[m])};
}
