import {quote} from "../errors.js";
import type {ChoiceError} from "../errors.js";
import type {Bundle} from "../rich.js";
import {cardToHtml} from "./dress/html.js";
import {cardToMarkdown} from "./dress/markdown.js";
import {label, number, words} from "./table.js";
import type {Table} from "./table.js";
import type {Card, Line} from "./card.js";

const most = 8;

/**
 * An error as a card: the call, what was seen, what was wanted, a way out, and where. The plain text is the message itself.
 *
 * @example
 * errorCard(error)["text/html"]
 */
export function errorCard(error: ChoiceError): Bundle {
  const {at, saw, want, hint, code, places} = error;
  const line = (head: string, text: string): Line => ({tone: "status", line: [{strong: head}, " ", {label: text}]});
  const card: Card = [
    {tone: "warning", line: [{strong: "✗ This call could not be done"}, " ", {code: at}]},
    line("Seen:", saw),
    line("Wanted:", want),
    ...(hint ? [hint.endsWith("?") ? line("Or", hint) : line("Try:", hint)] : []),
    ...(places.length > 1 ? [{table: where(error)}] : []),
    {tone: "foot", line: [`ChoiceError ${code}`]}
  ];
  return {"text/plain": `${error.name}: ${error.message}`, "text/html": cardToHtml(card), "text/markdown": cardToMarkdown(card)};
}

function where({places}: ChoiceError): Table {
  const left = places.length - most;
  return {
    caption: left > 0 ? `The first ${most} of ${places.length} places` : "Places",
    columns: [{head: "Row", align: "right"}, {head: "Column", align: "left"}, {head: "Value", align: "left"}],
    groups: [{
      title: "",
      rows: places.slice(0, most).map(({row, column, value}) => [
        row === undefined ? words("") : number(String(row)),
        label(column ?? ""),
        value === undefined ? words("") : label(quote(value))
      ])
    }]
  };
}
