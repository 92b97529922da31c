import type {PersonTastesFacts} from "../entropy/mixing/tastesByPerson.js";
import {readings} from "../entropy/mixing/readings.js";
import type {TastesFacts} from "../entropy/mixing/tastes.js";
import type {Bundle} from "../rich.js";
import {cardBundle} from "./card.js";
import type {Line} from "./card.js";
import {brief, count, evenly, percent} from "./format.js";
import {label, number} from "./table.js";
import type {Table} from "./table.js";

/** The points that a mixture mixes, coefficient by coefficient, with what their base weights say before any data. */
export const tastesCard = (tastes: TastesFacts): Bundle => cardBundle([
  {tone: "heading", line: [`Tastes: ${tastes.words}`]},
  {table: coefficients(tastes)}
]);

function coefficients(tastes: TastesFacts): Table {
  const {names, points, axes, logBase} = tastes;
  const base = new Map(readings(tastes, logBase.map(Math.exp)).map(({name, value}) => [name, value]));
  return {
    caption: "Coefficients, by the base weights",
    columns: [
      {head: "Coefficient", align: "left"}, {head: "Points", align: "right"}, {head: "From", align: "right"}, {head: "To", align: "right"},
      {head: "Mean", align: "right"}, {head: "SD", align: "right"}, {head: "Below zero", align: "right"}
    ],
    groups: [{title: "", rows: names.map((name, d) => {
      const [mean, sd, below] = [`mean[${name}]`, `sd[${name}]`, `P(${name} < 0)`].map((reading) => base.get(reading) ?? 0);
      const [low, high] = [points[d].reduce((least, x) => Math.min(least, x), Infinity), points[d].reduce((most, x) => Math.max(most, x), -Infinity)];
      return [label(name), number(String(axes ? axes[d].length : points[d].length)), number(brief(low, 4)), number(brief(high, 4)), number(brief(mean)), number(brief(sd)), number(percent(below))];
    })}]
  };
}

/** So many people are shown; more would be no table to read. */
const most = 12;

/** Everybody's tastes: how they lie over people, and those of the first few. */
export function personTastesCard(facts: PersonTastesFacts): Bundle {
  const {people, information, effective} = facts;
  const sorted = (values: Float64Array): Float64Array => values.slice().sort();
  const [nats, tastes] = [sorted(information), sorted(effective)];
  const middle = people.length >> 1;
  const coarse: Line[] = tastes[middle] < 2 ? [{tone: "warning", line: ["⚠ Half of these posteriors sit on fewer than two points: the grid is coarser than what the choices say."]}] : [];
  return cardBundle([
    {table: overPeople(facts)},
    {tone: "status", line: [`Choices say ${brief(nats[0])} to ${brief(nats[nats.length - 1])} nats of a person's tastes, ${brief(nats[middle])} in the middle; a posterior is spread over ${brief(tastes[middle])} points, ${brief(tastes[0])} at least`]},
    ...coarse,
    {table: firstPeople(facts)},
    ...(people.length > most ? [{tone: "foot", line: [`The first ${most} of ${count(people.length, "person", "people")}; all are in the columns of this record.`]} as const] : [])
  ]);
}

function overPeople({names, people, means, sds}: PersonTastesFacts): Table {
  const D = names.length;
  return {
    caption: `Tastes of ${count(people.length, "person", "people")}, given their choices`,
    columns: [
      {head: "Coefficient", align: "left"}, {head: "Mean", title: "of posterior means", align: "right"}, {head: "SD between", title: "of posterior means, over people", align: "right"},
      {head: "SD within", title: "root mean square of the posterior standard deviations: what is not known of a person", align: "right"},
      {head: "Least", title: "posterior mean", align: "right"}, {head: "Median", title: "posterior mean", align: "right"}, {head: "Greatest", title: "posterior mean", align: "right"}
    ],
    groups: [{title: "", rows: names.map((name, d) => {
      const own = people.map((_, u) => means[u * D + d]).sort((a, b) => a - b);
      const mean = own.reduce((sum, b) => sum + b, 0) / own.length;
      const between = Math.sqrt(own.reduce((sum, b) => sum + (b - mean) ** 2, 0) / own.length);
      const within = Math.sqrt(people.reduce<number>((sum, _, u) => sum + sds[u * D + d] ** 2, 0) / own.length);
      const write = evenly([between, within].filter((x) => x > 0), 2);
      return [label(name), ...[mean, between, within, own[0], own[own.length >> 1], own[own.length - 1]].map((x) => number(write(x)))];
    })}]
  };
}

function firstPeople({names, people, means, sds, information, effective}: PersonTastesFacts): Table {
  const D = names.length;
  const writes = names.map((_, d) => evenly(Array.from(people.slice(0, most), (__, u) => sds[u * D + d]).filter((x) => x > 0), 2));
  return {
    caption: "Posterior means and standard deviations",
    columns: [
      {head: "Person", align: "left"},
      ...names.flatMap((name) => [{head: name, headKind: "label", align: "right"} as const, {head: "", align: "right", joined: true} as const]),
      {head: "Nats", title: "what the choices said of the tastes", align: "right"}, {head: "Points", title: "that share the posterior", align: "right"}
    ],
    groups: [{title: "", rows: people.slice(0, most).map((person, u) => [
      label(String(person)), ...names.flatMap((_, d) => [number(writes[d](means[u * D + d])), number(`(${writes[d](sds[u * D + d])})`)]),
      number(brief(information[u])), number(brief(effective[u]))
    ])}]
  };
}
