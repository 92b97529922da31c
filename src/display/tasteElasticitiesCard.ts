import type {TasteElasticitiesFacts} from "../entropy/mixing/tasteElasticities.js";
import type {Bundle} from "../rich.js";
import {cardBundle} from "./card.js";
import {percent} from "./format.js";
import {squareTable} from "./squareTable.js";

/** Elasticities of shares under a mixture, row answers, column moves; diversion and derivatives folded away. */
export function tasteElasticitiesCard({attribute, alternatives, shares, elasticities, errors, derivatives, diversion}: TasteElasticitiesFacts): Bundle {
  const known = errors.some((row) => row.some((error) => error !== null));
  const names = alternatives.map((name, j) => ({name, below: `share ${percent(shares[j])}`}));
  return cardBundle([
    {table: squareTable(`Elasticities of shares, ${attribute} moves`, names, elasticities, errors)},
    {tone: "status", line: ["Per cent of the row's share for a per cent more ", {label: attribute}, " of the column, in every situation"]},
    {summary: "Diversion and derivatives", facts: [], tables: [
      squareTable("Diversion: of what the column loses, the part that goes to the row", alternatives.map((name) => ({name})), diversion),
      squareTable(`Change of the row's share for a unit more ${attribute} of the column`, alternatives.map((name) => ({name})), derivatives)
    ]},
    {tone: "foot", line: [known ? "standard errors in parentheses: delta method, tastes and shared coefficients" : "no errors: not asked for, or the fit has none"]}
  ]);
}
