import {escapeHtml} from "../../display/escape.js";
import type {Cell, Notebook, Output} from "../ipynb.js";
import type {Key} from "./restore.js";
import type {Role} from "./roles.js";
import {failureOf, tellable, total, type Score} from "./score.js";

interface Outcome {
  readonly scores: readonly Score[];
  /** Why there is nothing to show but that. */
  readonly why?: string;
  readonly ran?: {readonly notebook: Notebook; readonly roles: readonly (Role | undefined)[]};
}

/**
 * A graded submission as its student may see it: the points first, then the notebook as it ran, with the points of each
 * graded cell below it. Hidden tests are left out, and with them all that their cells printed or showed.
 */
export function feedback({released, roles: order}: Key, {scores, why, ran}: Outcome): Notebook {
  const cells = (ran?.notebook.cells ?? []).map((cell, i): Cell => {
    const role = ran!.roles[i];
    const score = role && scores.find(({name}) => name === role.id);
    const source = role?.locked ? released.cells[order.findIndex((other) => other?.id === role.id)].source : cell.source;
    if (cell.cell_type !== "code") return {...cell, source};
    const failure = failureOf(cell);
    const kept = score?.hidden ? [failure && tellable(cell, failure)].filter((output) => output !== undefined) : (cell.outputs ?? []);
    // An error is told in its place; the page need not call the whole run a failure.
    const tags = [...(cell.metadata.tags ?? []), "raises-exception"].filter((tag) => tag !== "hide-input" && tag !== "remove-input");
    return {...cell, source, metadata: {...cell.metadata, tags}, outputs: score ? [...kept, shown(line(score))] : kept};
  });
  const head: Cell = {id: "points", cell_type: "code", execution_count: null, metadata: {tags: ["hide-input"]}, source: "", outputs: [shown(table(scores, why))]};
  return {cells: [head, ...cells.map((cell) => (cell.id === "points" ? {...cell, id: "points-"} : cell))], metadata: released.metadata, nbformat: 4, nbformat_minor: 5};
}

const shown = (html: string): Output => ({output_type: "display_data", data: {"text/html": html, "text/plain": html.replace(/<[^>]*>/g, " ").trim()}, metadata: {}});

const points = ({score, max, byHand}: Score): string => (byHand ? `to be read, up to ${max}` : `${score} of ${max}`);

const line = (score: Score): string => `<p><b>${escapeHtml(score.name)}: ${points(score)}</b>${score.output === "" ? "" : ` · ${escapeHtml(firstPart(score.output))}`}</p>`;

const firstPart = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)} …` : text).split("\n")[0];

function table(scores: readonly Score[], why: string | undefined): string {
  const rows = scores.map((score) => `<tr><td>${escapeHtml(score.name)}</td><td>${points(score)}</td><td>${why === undefined ? escapeHtml(firstPart(score.output)) : ""}</td></tr>`).join("");
  return `<h1>${total(scores, "score")} of ${total(scores, "max")} points</h1>${why === undefined ? "" : `<p>${escapeHtml(why)}</p>`}<table><thead><tr><th>Question</th><th>Points</th><th></th></tr></thead><tbody>${rows}</tbody></table>`;
}
