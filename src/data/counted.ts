import {shown} from "../rich.js";
import type {ChoiceData} from "./choiceData.js";

/**
 * The choices that count: without situations of weight zero, and without people who have no others. What has no weight
 * neither identifies nor separates anything, and is no person, cluster or observation.
 *
 * @returns the data themselves when everything counts
 */
export function counted(data: ChoiceData): ChoiceData {
  const {weight, situation, person, attributes, alternative, x, sourceRow, chosen} = data;
  if (weight.every((w) => w > 0)) return data;
  const K = attributes.length;
  const keep = [...weight.keys()].filter((n) => weight[n] > 0);
  const rows = keep.flatMap((n) => Array.from({length: situation[n + 1] - situation[n]}, (_, j) => situation[n] + j));
  const pointers = Int32Array.from([0, ...keep]);
  const chosenRows = new Int32Array(keep.length);
  keep.forEach((n, m) => {
    pointers[m + 1] = pointers[m] + situation[n + 1] - situation[n];
    chosenRows[m] = pointers[m] + chosen[n] - situation[n];
  });
  const people: number[] = [];
  const ends = [0];
  for (let i = 0; i + 1 < person.length; ++i) {
    let count = 0;
    for (let n = person[i]; n < person[i + 1]; ++n) if (weight[n] > 0) ++count;
    if (!count) continue;
    people.push(i);
    ends.push(ends[ends.length - 1] + count);
  }
  const kept = new Float64Array(rows.length * K);
  rows.forEach((row, r) => kept.set(x.subarray(row * K, (row + 1) * K), r * K));
  return shown("choices", {
    ...data,
    x: kept,
    alternative: Int32Array.from(rows, (row) => alternative[row]),
    sourceRow: Int32Array.from(rows, (row) => sourceRow[row]),
    situation: pointers,
    chosen: chosenRows,
    weight: Float64Array.from(keep, (n) => weight[n]),
    person: Int32Array.from(ends),
    people: people.map((i) => data.people[i]),
    situations: keep.map((n) => data.situations[n]),
    ...(data.times && {times: keep.map((n) => data.times![n])}),
    ...(data.clusters && {clusters: people.map((i) => data.clusters![i])}),
    notes: [...data.notes, {level: "info", code: "data/no-weight", text: `${weight.length - keep.length} situations have no weight and are left out.`}]
  });
}
