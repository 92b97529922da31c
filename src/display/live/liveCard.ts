import type {Step} from "../../optimize/ending.js";
import type {Subject} from "../../live.js";
import type {Bundle} from "../../rich.js";
import {climbs} from "../climbs.js";
import {escapeHtml, oneLine} from "../escape.js";
import {methodName} from "../fitCard.js";
import {brief, fixed} from "../format.js";
import {remaining} from "./remaining.js";
import {duration, traceSvg} from "./trace.js";

/** A fit as it stands while it runs. */
export interface Standing {
  readonly subject: Subject;
  readonly steps: readonly Step[];
  /** Seconds since it began. */
  readonly elapsed: number;
  /** The user has asked it to stop. */
  readonly asked: boolean;
  /** Whether an interrupt would be heard. */
  readonly hears: boolean;
}

const color = "color:var(--jp-content-font-color1,var(--vscode-editor-foreground,inherit))";

/** What a notebook shows of a fit that runs: where it stands, how fast it goes, and the path so far. No picture has to be decoded. */
export function liveCard(standing: Standing): Bundle {
  const {subject: {call, kind}, steps, asked, hears} = standing;
  const {value, distance} = climbs[kind];
  const drawn = steps.length > 1; // the figure then says the two numbers
  const words = facts(standing, !drawn);
  const hint = asked ? "Stopping: its best so far is coming." : hears ? "Interrupt the cell to stop here and keep the best so far." : "";
  const strong = `<b>${escapeHtml(oneLine(call))}</b>`;
  const figure = drawn ? `\n${traceSvg({steps, value, distance, goal: goalOf(standing)})}` : "";
  const html = `<div class="tex2jax_ignore mathjax_ignore" style="font-size:13px;line-height:1.5;font-variant-numeric:tabular-nums;${color}"><div>${strong} · ${words.map(escapeHtml).join(" · ")}</div>${figure}${hint && `\n<div style="font-size:12px;opacity:.75">${hint}</div>`}</div>`;
  return {"text/plain": plain(standing), "text/html": html};
}

/** The same as one line. */
export const plain = (standing: Standing): string => `${oneLine(standing.subject.call)}: ${facts(standing, true).join(", ").replaceAll("\u2212", "-")}`;

function facts(standing: Standing, numbers: boolean): string[] {
  const {subject, steps, elapsed} = standing;
  const took = `${duration(elapsed)} so far`;
  const last = steps[steps.length - 1];
  if (!last) return ["getting ready", took];
  const {value, distance} = climbs[subject.kind];
  const [name, unit] = distance.split(", ");
  const lower = (text: string) => `${text[0].toLowerCase()}${text.slice(1)}`;
  const goal = goalOf(standing) ?? -Infinity;
  // The climb itself ends by the decrement, a squared distance; slopes are as small well before.
  const there = Number.isFinite(last.decrement) ? goal > 0 && last.decrement <= goal ** 2 : last.gradientNorm <= goal;
  const left = remaining(steps, goalOf(standing));
  return [
    `iteration ${last.iteration}`,
    ...(last.pass === undefined ? [] : [`round ${last.pass}`]),
    ...(last.draws === undefined ? [] : [`${last.draws} draws`]),
    ...(numbers ? [`${lower(value)} ${fixed(last.logLikelihood, 2).replace("-", "\u2212")}`, `${lower(name)} ${brief(last.gradientNorm, 2).replace("-", "\u2212")}${unit ? ` ${unit.replace("in ", "of ")}` : ""}`] : []),
    ...(last.method === "start" ? [] : [`${methodName(last.method)} step`]),
    took,
    ...(there ? [last.pass === undefined ? "at the summit, errors to come" : "at the summit of this round"] : left !== undefined ? [`about ${duration(left)} to the summit`] : []),
    ...(subject.seconds === undefined ? [] : [`at most ${duration(Math.max(0, subject.seconds - elapsed))} more`])
  ];
}

const goalOf = ({subject: {kind, tolerance}, steps}: Standing): number | undefined => climbs[kind].goal?.(tolerance, steps.some(({pass}) => pass !== undefined));
