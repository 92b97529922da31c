import type {Bundle} from "../rich.js";
import {cardToHtml} from "./dress/html.js";
import {cardToLatex} from "./dress/latex.js";
import {cardToMarkdown} from "./dress/markdown.js";
import {cardToPlain} from "./dress/plain.js";
import type {Picture, Table} from "./table.js";

/** A piece of a line: our words, or something to be set apart. */
export type Inline = string | {readonly number: string; readonly strong?: boolean} | {readonly strong: string} | {readonly code: string} | {readonly label: string} | {readonly picture: Picture};

/** A line under a table. A warning is visible without opening anything, and says so in words. */
export interface Line {
  readonly line: readonly Inline[];
  readonly tone: "status" | "warning" | "foot" | "heading";
}

/** What only the curious need: folded away in HTML, left out elsewhere. */
export interface Details {
  readonly summary: string;
  readonly facts: readonly (readonly [name: string, value: readonly Inline[]])[];
  readonly tables?: readonly Table[];
}

export type Block = {readonly table: Table} | Line | Details;

/** What a result shows: tables, lines, and details, in one column. */
export type Card = readonly Block[];

/** The card in all its dresses. */
export const cardBundle = (card: Card): Bundle => ({
  "text/plain": cardToPlain(card),
  "text/html": cardToHtml(card),
  "text/markdown": cardToMarkdown(card),
  "text/latex": cardToLatex(card)
});

/** Joins pieces with " · ". */
export const dotted = (...pieces: readonly (readonly Inline[])[]): Inline[] =>
  pieces.filter((p) => p.length).flatMap((p, i) => (i ? [" · ", ...p] : [...p]));
