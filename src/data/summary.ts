import {expectFields, listed, quote} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import type {ChoiceFacts, Note} from "./choiceData.js";
import {hasher} from "./hash.js";

/** The middle of a list of counts and its ends. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** How an alternative fares: counts of situations, and shares of them. */
export interface AlternativeSummary {
  readonly name: string;
  /** Situations that chose it, and their share of all. */
  readonly chosen: number;
  readonly share: number;
  /** Situations that offered it, and the share of those that chose it (NaN when never offered). */
  readonly available: number;
  readonly shareWhenAvailable: number;
}

/** What an attribute looks like over rows, the outside option's aside. */
export interface AttributeSummary {
  readonly name: string;
  readonly mean: number;
  /** Standard deviation, divided by the number of rows less one. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Share of situations in which it differs between alternatives (the outside option included). */
  readonly variesWithin: number;
  /**
   * "alternative": differs within some situation. "situation": only between situations, so that it can enter with one
   * coefficient per alternative alone. "constant": one value everywhere.
   */
  readonly kind: "alternative" | "situation" | "constant";
}

/** What a data set holds, and what looks odd about it. Counts are unweighted. */
export interface SummaryFacts {
  readonly people: number;
  readonly situations: number;
  readonly rows: number;
  readonly panel: boolean;
  readonly situationsPerPerson: Spread;
  readonly choiceSetSize: Spread;
  readonly alternatives: readonly AlternativeSummary[];
  readonly attributes: readonly AttributeSummary[];
  /** What looks odd; the notes of the data themselves stay with the data. */
  readonly odd: readonly Note[];
  readonly hash: string;
}

/** What choices hold, counted: it draws itself. */
export type Summary = SummaryFacts & Shown;

/**
 * Counts, shares, availability and the spread of attributes: what am I holding?
 *
 * @param data choices from `fromLong` or `fromWide`
 * @returns a record that shows itself; `odd` lists what deserves a look before a model is fitted
 * @example
 * const {data} = simulate({tier: "mnl"}, {people: 50, situations: 4});
 * summary(data).situations // 200
 */
export function summary(data: ChoiceFacts): Summary {
  expectFields("data/not-choices", "summary(data)", data, ["alternatives", "chosen", "situation"], "choices", "summary(fromLong(frame, {…}))");
  const N = data.situation.length - 1;
  const perPerson = spread(gaps(data.person));
  const setSize = spread(gaps(data.situation));
  const alternatives = summarizeAlternatives(data, N);
  const attributes = data.attributes.map((_, k) => summarizeAttribute(data, k, N));
  return shown("summary", {
    people: data.person.length - 1,
    situations: N,
    rows: data.alternative.length,
    panel: data.panel,
    situationsPerPerson: perPerson,
    choiceSetSize: setSize,
    alternatives,
    attributes,
    odd: [...oddAlternatives(alternatives), ...oddAttributes(attributes), ...oddSituations(data, N), ...oddPeople(data)],
    hash: data.hash
  });
}

function summarizeAlternatives(data: ChoiceFacts, N: number): AlternativeSummary[] {
  const J = data.alternatives.length;
  const [chosen, available] = [new Int32Array(J), new Int32Array(J)];
  for (const j of data.alternative) ++available[j];
  for (const row of data.chosen) ++chosen[data.alternative[row]];
  return data.alternatives.map((name, j) => ({
    name, chosen: chosen[j], share: chosen[j] / N, available: available[j], shareWhenAvailable: chosen[j] / available[j]
  }));
}

function summarizeAttribute({attributes, x, alternative, situation, outside}: ChoiceFacts, k: number, N: number): AttributeSummary {
  const K = attributes.length;
  let [count, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  let [low, high] = [Infinity, -Infinity]; // over all rows, the outside option's too
  let varying = 0;
  for (let n = 0; n < N; ++n) {
    const first = x[situation[n] * K + k];
    let varies = false;
    for (let r = situation[n]; r < situation[n + 1]; ++r) {
      const value = x[r * K + k];
      if (value !== first) varies = true;
      if (value < low) low = value;
      if (value > high) high = value;
      if (alternative[r] === outside) continue;
      // Welford's running mean and sum of squares: no cancellation at large values.
      const gap = value - mean;
      mean += gap / ++count;
      squares += gap * (value - mean);
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (varies) ++varying;
  }
  const kind = varying > 0 ? "alternative" : low < high ? "situation" : "constant";
  return {name: attributes[k], mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, min, max, variesWithin: varying / N, kind};
}

function* oddAlternatives(alternatives: readonly AlternativeSummary[]): Generator<Note> {
  for (const {name, chosen, available, shareWhenAvailable} of alternatives) {
    if (chosen === 0) yield warning("never-chosen", `Alternative ${quote(name)} is never chosen: its intercept would run to minus infinity.`);
    else if (chosen === available) yield warning("always-chosen", `Alternative ${quote(name)} is chosen wherever it is on offer: its intercept would run to infinity.`);
    else if (shareWhenAvailable > 0.95) yield info("nearly-always", `Alternative ${quote(name)} is chosen in ${percent(shareWhenAvailable)} of the situations that offer it; the others say little.`);
  }
}

function* oddAttributes(attributes: readonly AttributeSummary[]): Generator<Note> {
  for (const {name, kind, min, max, variesWithin} of attributes) {
    const most = Math.max(Math.abs(min), Math.abs(max));
    if (kind === "constant") yield warning("constant", `Attribute ${quote(name)} is ${min} everywhere: nothing can be learned from it.`);
    else if (kind === "situation") yield info("case-specific", `Attribute ${quote(name)} never differs within a situation: give it a coefficient per alternative (byAlternative: true) or let it interact.`);
    else if (variesWithin < 0.05) yield info("hardly-varies", `Attribute ${quote(name)} differs within ${percent(variesWithin)} of situations only.`);
    if (most > 1e4) yield info("large-scale", `Attribute ${quote(name)} reaches ${Number(most.toPrecision(3))}: coefficients will be tiny. Try scale: {${quote(name)}: ${factor(most)}}.`);
    else if (most > 0 && most < 1e-4) yield info("small-scale", `Attribute ${quote(name)} stays below ${Number(most.toPrecision(3))}: coefficients will be huge. Try scale: {${quote(name)}: ${factor(most)}}.`);
  }
}

function* oddSituations(data: ChoiceFacts, N: number): Generator<Note> {
  const {x, situation, person, people, panel, situations} = data;
  const K = data.attributes.length;
  let flat = 0;
  for (let n = 0; n < N && K > 0; ++n) {
    let same = true;
    for (let at = situation[n] * K + K; same && at < situation[n + 1] * K; ++at) same = x[at] === x[at - K];
    if (same) ++flat;
  }
  if (flat > 0) yield info("identical-alternatives", `${flat} of ${N} situations offer alternatives that are alike in every attribute; they inform intercepts only.`);

  const known = new Map<string, number>();
  const repeats: number[] = [];
  for (let i = 0; i + 1 < person.length; ++i) {
    if (panel) known.clear();
    for (let n = person[i]; n < person[i + 1]; ++n) {
      const print = fingerprint(data, n);
      if (known.has(print)) repeats.push(n);
      else known.set(print, i);
    }
  }
  if (repeats.length > 0 && K > 0) {
    const one = panel ? `situation ${quote(situations[repeats[0]])} of person ${quote(people[owner(person, repeats[0])])}` : `situation ${quote(situations[repeats[0]])}`;
    const text = `${repeats.length} of ${N} situations repeat an earlier one${panel ? " of the same person" : ""} in every attribute and the choice, such as ${one}.`;
    yield panel ? warning("duplicated-situations", `${text} Were rows copied?`) : info("duplicated-situations", text);
  }
}

function* oddPeople({panel, person, people, chosen, alternative, alternatives}: ChoiceFacts): Generator<Note> {
  if (!panel) return;
  const I = people.length;
  const once = gaps(person).filter((count) => count === 1).length;
  if (once === I) yield warning("one-situation-each", "Each person has one situation: tastes that differ between people can hardly be told from noise.");
  else if (once > 0) yield info("one-situation", `${once} of ${I} people have one situation only.`);
  const loyal: number[] = [];
  for (let i = 0; i < I; ++i) {
    const count = person[i + 1] - person[i];
    const first = alternative[chosen[person[i]]];
    if (count > 1 && chosen.subarray(person[i], person[i + 1]).every((row) => alternative[row] === first)) loyal.push(i);
  }
  if (loyal.length > 0 && alternatives.length > 1) {
    yield info("same-choice", `${loyal.length} of ${I} people choose the same alternative every time, such as ${listed(loyal.slice(0, 3).map((i) => quote(people[i])))}.`);
  }
}

function fingerprint({x, attributes, situation, alternative, chosen}: ChoiceFacts, n: number): string {
  const K = attributes.length;
  return hasher()
    .numbers(alternative.subarray(situation[n], situation[n + 1]))
    .numbers(x.subarray(situation[n] * K, situation[n + 1] * K))
    .numbers([chosen[n] - situation[n]])
    .digest();
}

const owner = (person: Int32Array, n: number) => person.findIndex((start, i) => start <= n && n < person[i + 1]);

const gaps = (pointers: Int32Array) => pointers.subarray(1).map((end, i) => end - pointers[i]);

function spread(counts: Int32Array): Spread {
  const sorted = counts.slice().sort();
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
  return {min: sorted[0], median, max: sorted[sorted.length - 1]};
}

const factor = (most: number) => Number(`1e${-Math.floor(Math.log10(most))}`);
const percent = (share: number) => `${Number((100 * share).toFixed(1))}%`;
const info = (code: string, text: string): Note => ({level: "info", code: `data/${code}`, text});
const warning = (code: string, text: string): Note => ({level: "warning", code: `data/${code}`, text});
