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
  const keep = Int32Array.from(weight.keys()).filter((n) => weight[n] > 0); // situations
  const pointers = new Int32Array(keep.length + 1);
  keep.forEach((n, m) => { pointers[m + 1] = pointers[m] + situation[n + 1] - situation[n]; });
  const rows = new Int32Array(pointers[keep.length]);
  const chosenRows = new Int32Array(keep.length);
  keep.forEach((n, m) => {
    for (let row = situation[n], to = pointers[m]; row < situation[n + 1]; ++row, ++to) rows[to] = row;
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
  rows.forEach((row, r) => { for (let k = 0; k < K; ++k) kept[r * K + k] = x[row * K + k]; });
  return shown("choices", {
    ...data,
    x: kept,
    alternative: rows.map((row) => alternative[row]),
    sourceRow: rows.map((row) => sourceRow[row]),
    situation: pointers,
    chosen: chosenRows,
    weight: weight.filter((w) => w > 0),
    person: Int32Array.from(ends),
    people: people.map((i) => data.people[i]),
    situations: Array.from(keep, (n) => data.situations[n]),
    ...(data.times && {times: Array.from(keep, (n) => data.times![n])}),
    ...(data.clusters && {clusters: people.map((i) => data.clusters![i])}),
    notes: [...data.notes, {level: "info", code: "data/no-weight", text: `${weight.length - keep.length} situations have no weight and are left out.`}]
  });
}
