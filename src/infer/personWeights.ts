import type {ChoiceData} from "../data/choiceData.js";

/** Mean weight of each person's situations, (I), as `Asymptotic` asks for it; undefined when all are one. */
export function personWeights({weight, person}: Pick<ChoiceData, "weight" | "person">): Float64Array | undefined {
  if (weight.every((w) => w === 1)) return undefined;
  return Float64Array.from({length: person.length - 1}, (_, i) => {
    const own = weight.subarray(person[i], person[i + 1]);
    return own.reduce((sum, w) => sum + w, 0) / own.length;
  });
}
