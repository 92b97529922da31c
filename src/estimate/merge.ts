import type {ChoiceFacts} from "../data/choiceData.js";
import type {Breathe} from "../kernels/mnl.js";

/**
 * The same choices without attributes, in which situations that offer the same alternatives and end in the same choice are
 * one, of the weight of all: as good as all of them to a model of intercepts alone, and seldom many.
 */
export async function merge(data: ChoiceFacts, breathe?: Breathe): Promise<ChoiceFacts> {
  const {alternative, chosen, situation, weight} = data;
  const first: number[] = []; // the situation that stands for each group
  const total: number[] = [];
  const known = new Map<number, number[]>(); // groups by hash
  for (let n = 0; n < weight.length; ++n) {
    const hash = hashOf(data, n);
    let alike = known.get(hash);
    if (!alike) known.set(hash, alike = []);
    let group = alike.find((g) => same(data, n, first[g]));
    if (group === undefined) {
      alike.push(group = first.length);
      first.push(n);
      total.push(0);
    }
    total[group] += weight[n];
    if (n % 4096 === 0) await breathe?.();
  }
  const pointers = new Int32Array(first.length + 1);
  first.forEach((n, g) => { pointers[g + 1] = pointers[g] + situation[n + 1] - situation[n]; });
  const rows = new Int32Array(pointers[first.length]);
  first.forEach((n, g) => rows.set(alternative.subarray(situation[n], situation[n + 1]), pointers[g]));
  return {
    ...data, attributes: [], x: new Float64Array(0), alternative: rows, situation: pointers,
    chosen: Int32Array.from(first, (n, g) => pointers[g] + chosen[n] - situation[n]),
    person: Int32Array.from({length: first.length + 1}, (_, g) => g), panel: false, people: first, situations: first, weight: Float64Array.from(total)
  };
}

/** Of the alternatives on offer and the choice made, in whole numbers of 32 bits (FNV-1a). */
function hashOf({alternative, chosen, situation}: ChoiceFacts, n: number): number {
  let hash = 0x811c9dc5 ^ (chosen[n] - situation[n]);
  for (let row = situation[n]; row < situation[n + 1]; ++row) hash = Math.imul(hash ^ alternative[row], 0x01000193);
  return hash;
}

function same({alternative, chosen, situation}: ChoiceFacts, n: number, m: number): boolean {
  const [from, other] = [situation[n], situation[m]];
  const size = situation[n + 1] - from;
  if (situation[m + 1] - other !== size || chosen[n] - from !== chosen[m] - other) return false;
  for (let row = 0; row < size; ++row) if (alternative[from + row] !== alternative[other + row]) return false;
  return true;
}
