import {quote} from "../errors.js";
import type {ChoiceError, Place} from "../errors.js";
import type {Bundle} from "../rich.js";
import {cardToHtml} from "./dress/html.js";
import {cardToMarkdown} from "./dress/markdown.js";
import {label, number, words} from "./table.js";
import type {Cell, Column, Table} from "./table.js";
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
    ...(places.length > 1 && toldBy(places).length ? [{table: where(error)}] : []),
    {tone: "foot", line: [`ChoiceError ${code}`]}
  ];
  return {"text/plain": `${error.name}: ${error.message}`, "text/html": cardToHtml(card), "text/markdown": cardToMarkdown(card)};
}

const columns: readonly {readonly column: Column; readonly of: keyof Place; readonly cell: (place: Place) => Cell}[] = [
  {column: {head: "Row", align: "right"}, of: "row", cell: ({row}) => number(String(row))},
  {column: {head: "Column", align: "left"}, of: "column", cell: ({column}) => label(column!)},
  {column: {head: "Value", align: "left"}, of: "value", cell: ({value}) => label(quote(value))}
];

/** Columns of which some place says something. */
const toldBy = (places: readonly Place[]) => columns.filter(({of}) => places.slice(0, most).some((place) => place[of] !== undefined));

function where({places}: ChoiceError): Table {
  const left = places.length - most;
  const [first, told] = [places.slice(0, most), toldBy(places)];
  return {
    caption: left > 0 ? `The first ${most} of ${places.length} places` : "Places",
    columns: told.map(({column}) => column),
    groups: [{title: "", rows: first.map((place) => told.map(({of, cell}) => (place[of] === undefined ? words("") : cell(place))))}]
  };
}
