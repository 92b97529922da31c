import type {Entropies} from "../entropy/maxEntFit.js";
import type {EntropyTableFacts} from "../explain/entropyTable.js";
import type {Bundle} from "../rich.js";
import {shareBar} from "./bars.js";
import {cardBundle, dotted} from "./card.js";
import {count, evenly, fixed, nothing, plainly} from "./format.js";
import {label, number, words} from "./table.js";
import type {Cell, Table} from "./table.js";

const bit = Math.LN2;

/** Entropies of a fit in both units, and as parts of what they could be. */
export function entropiesTable(kind: "logit" | "supports", {signal, noise, p, normalized, information}: Entropies): Table {
  const write = evenly([signal, noise, p].filter((x) => x > 0), 3);
  const row = (name: string, how: string, nats: number, part: number, index = NaN): Cell[] => [
    words(name, {title: how}), number(write(nats)), number(write(nats / bit)), number(fixed(part, 4)), number(Number.isNaN(index) ? "" : fixed(index, 4))
  ];
  return {
    caption: "Entropies of the fit",
    columns: [
      {head: "Of", align: "left"}, {head: "Nats", align: "right"}, {head: "Bits", align: "right"},
      {head: "Normalised", title: "over what it would be with nothing known: 1 is uniform, 0 certain", align: "right"},
      {head: "Information index", title: "one minus the normalised entropy (Soofi 1992); the pseudo-R² of some programs", align: "right"}
    ],
    groups: [{title: "", rows: [
      ...(kind === "supports" ? [row("supports", "distributions behind the probabilities", signal, normalized.signal)] : []),
      ...(Number.isNaN(normalized.noise) ? [] : [row("errors", "distributions behind the errors", noise, normalized.noise)]),
      row("choices", "the probabilities themselves", p, normalized.p, information)
    ]}]
  };
}

/** So many lines are shown; more would be no table to read. */
const most = 24;

/** Entropies in all, by situation or by alternative. */
export function entropyCard(facts: EntropyTableFacts): Bundle {
  const {by, units, labels} = facts;
  const left = labels.length - most;
  return cardBundle([
    {table: lines(facts)},
    ...(left > 0 ? [{table: spreadTable(facts)}, {tone: "foot", line: [`The first ${most} of ${count(labels.length, "situation", "situations")}; all are in the columns of this record.`]} as const] : []),
    {tone: "foot", line: dotted([units], by === "alternative" ? ["parts of single alternatives may exceed what equal shares would give"] : [], ["S = 1 is uniform, 0 certain; I = 1 − S(p)"])}
  ]);
}

const captions = {total: "Entropies of all choices", situation: "Entropies by situation", alternative: "Entropies by alternative"} as const;

function lines({by, labels, weight, signal, noise, p, most: top, normalized, information}: EntropyTableFacts): Table {
  const apart = signal.some((value, l) => value !== p[l]);
  const noisy = noise.some((value) => value !== 0);
  const weighted = by === "alternative" || weight.some((w) => w !== 1);
  const write = evenly([...(apart ? signal.slice(0, most) : []), ...(noisy ? noise.slice(0, most) : []), ...p.slice(0, most)].filter((x) => x > 0), 3);
  const pair = (on: boolean, of: Float64Array, part: Float64Array, l: number): Cell[] => (on ? [number(write(of[l])), number(fixed(part[l], 3))] : []);
  const S = (title: string) => ({head: "S", title, align: "right"}) as const;
  return {
    caption: captions[by],
    columns: [
      {head: by === "total" ? "Of" : by === "situation" ? "Situation" : "Alternative", align: "left"},
      ...(weighted ? [{head: "Weight", title: by === "alternative" ? "of the situations that offer it" : "of the situations", align: "right"} as const] : []),
      ...(apart ? [{head: "Supports", align: "right"} as const, S("of supports, over what it would be with nothing known")] : []),
      ...(noisy ? [{head: "Errors", align: "right"} as const, S("of errors, over what it would be with nothing known")] : []),
      {head: "Choices", title: "- sum p ln p", align: "right"}, S("of choices, over what it would be at equal shares"),
      {head: "At most", title: "entropy of choices at equal shares", align: "right"},
      {head: "I", title: "information index 1 - S(p)", align: "right"},
      {head: "", align: "left", drawing: true}
    ],
    groups: [{title: "", rows: labels.slice(0, most).map((name, l) => [
      by === "total" ? words("all choices") : label(String(name)), ...(weighted ? [number(plainly(weight[l]))] : []),
      ...pair(apart, signal, normalized.signal, l), ...pair(noisy, noise, normalized.noise, l), ...pair(true, p, normalized.p, l),
      number(write(top.p[l])), number(fixed(information[l], 3)),
      information[l] >= 0 ? words("", {picture: shareBar(information[l], 1, `information index ${fixed(information[l], 3)}`)}) : words("")
    ])}]
  };
}

/** How the normalised entropies of many lines lie. */
function spreadTable({normalized}: EntropyTableFacts): Table {
  const sorted = normalized.p.filter((x) => !Number.isNaN(x)).sort();
  const at = (part: number): string => (sorted.length ? fixed(sorted[Math.round(part * (sorted.length - 1))], 3) : nothing);
  return {
    caption: "Normalised entropy of choices over all situations",
    columns: ["Least", "First quarter", "Median", "Third quarter", "Greatest"].map((head) => ({head, align: "right"}) as const),
    groups: [{title: "", rows: [[0, 0.25, 0.5, 0.75, 1].map((part) => number(at(part)))]}]
  };
}
