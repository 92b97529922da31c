import type {RevenueEffectFacts} from "../explain/revenue.js";
import type {Bundle} from "../rich.js";
import {cardBundle, dotted} from "./card.js";
import {align, brief, count, decimalsFor, evenly, nothing, sureOf} from "./format.js";
import {noteLines} from "./notes.js";
import {label, number, words} from "./table.js";

/** What prices do to revenue. */
export function revenueCard({price, model, revenue, revenueError, rows, situations, weight, level, errors, notes}: RevenueEffectFacts): Bundle {
  const sure = sureOf(level);
  const uncertain = rows.filter(({error, effect}) => error > 1e-9 * Math.abs(effect)); // not by rounding alone
  const scales = uncertain.length ? uncertain.map(({error}) => error) : rows.map(({effect}) => effect);
  const decimals = Math.min(6, decimalsFor(scales)(NaN));
  const write = (x: number): string => (Number.isFinite(x) ? align(x, decimals, decimals).text : nothing);
  const elastic = evenly(rows.map(({elasticityError, elasticity}) => (elasticityError > 0 ? elasticityError : elasticity)), 3);
  return cardBundle([
    {tone: "heading", line: ["Expected revenue ", {number: brief(revenue, 6)}, ...(revenueError > 0 ? [` (standard error ${brief(revenueError)})`] : [])]},
    {table: {
      caption: `What raising ${price} does to revenue`,
      columns: [
        {head: "Raised for", align: "left"},
        {head: "Effect", title: "change of revenue for one unit more, summed over situations", align: "right"},
        {head: "SE", title: "standard error by the delta method", align: "right"},
        {head: `${sure} interval`, align: "right"},
        {head: "Paid", title: "by those who choose as before", align: "right"},
        {head: "Choices", title: "what changed choices bring", align: "right"},
        {head: "Elasticity", title: "per cent of revenue for one per cent more in each situation", align: "right"},
        {head: "", align: "right", joined: true}
      ],
      groups: [{title: "", rows: rows.map(({move, effect, error, low, high, price: paid, choices, elasticity, elasticityError}, r) => [
        r === rows.length - 1 && move === "all" ? words("all together") : label(move), number(write(effect)), number(write(error)), number(Number.isFinite(low) ? `[${write(low)}, ${write(high)}]` : nothing),
        number(write(paid)), number(write(choices)), number(elastic(elasticity)), number(elasticityError >= 0 ? `(${elastic(elasticityError)})` : "")
      ])}]
    }},
    ...noteLines(notes),
    {tone: "foot", line: dotted([{label: model}], [`${count(situations, "situation", "situations")}${weight === situations ? "" : ` of weight ${Number(weight.toPrecision(6))}`}`], [{label: `errors: ${errors}`}])}
  ]);
}
