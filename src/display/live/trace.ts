import type {Step} from "../../optimize/ending.js";
import {escapeHtml} from "../escape.js";
import {brief, fixed} from "../format.js";

/** A path so far: what is drawn while a fit runs. */
export interface Trace {
  readonly steps: readonly Step[];
  readonly value: string;
  readonly distance: string;
  readonly goal?: number;
}

const [wide, tall, gap] = [300, 118, 24];
const [top, bottom, side] = [20, 20, 6];
const most = 240; // points to a line: more would not be seen
const line = "#3b7dd8";

/**
 * Both numbers of a path by iteration, side by side, in the colours of the page they stand on. Drawn without Plot, in less
 * than a millisecond: the studio takes a second to open, which a fit that runs should not wait for.
 */
export function traceSvg({steps, value, distance, goal}: Trace): string {
  const end = Math.max(1, steps.length ? steps[steps.length - 1].iteration : 1);
  const finite = steps.filter(({logLikelihood}) => Number.isFinite(logLikelihood));
  const slopes = steps.filter(({gradientNorm}) => gradientNorm > 0 && Number.isFinite(gradientNorm));
  const log = ({gradientNorm}: Step) => Math.log10(gradientNorm);
  const left = panel(value, finite, ({logLikelihood}) => logLikelihood, end, (y) => fixed(y, decimals(finite)));
  const right = panel(distance, slopes, log, end, (y) => brief(10 ** y, 2), goal === undefined ? undefined : Math.log10(goal));
  const width = 2 * wide + gap;
  return `<svg width="${width}" height="${tall}" viewBox="0 0 ${width} ${tall}" role="img" aria-label="${escapeHtml(`${value} and ${distance} by iteration`)}" fill="currentColor" font-size="11" style="max-width:100%;height:auto">${left}<g transform="translate(${wide + gap} 0)">${right}</g></svg>`;
}

function panel(title: string, steps: readonly Step[], y: (step: Step) => number, end: number, write: (y: number) => string, goal?: number): string {
  const points = thinned(steps);
  const values = points.map(y);
  const heading = `<text x="${side}" y="12">${escapeHtml(title)}</text>`;
  if (!values.length) return heading;
  let [low, high] = [Math.min(...values, goal ?? Infinity), Math.max(...values, goal ?? -Infinity)];
  if (high - low < 1e-9 * (1 + Math.abs(high))) [low, high] = [low - 0.5, high + 0.5];
  const X = (step: Step) => (side + (step.iteration / end) * (wide - 2 * side)).toFixed(1);
  const Y = (v: number) => (top + 6 + ((high - v) / (high - low)) * (tall - top - bottom - 12)).toFixed(1);
  const dots = points.length > 60 ? [] : points.map((step) => `<circle cx="${X(step)}" cy="${Y(y(step))}" r="2" fill="${line}"/>`);
  const lines = runs(points).filter((run) => run.length > 1).map((run) => `<polyline points="${run.map((step) => `${X(step)},${Y(y(step))}`).join(" ")}" fill="none" stroke="${line}" stroke-width="1.6" stroke-linejoin="round"/>`);
  const last = points[points.length - 1];
  const soft = 'stroke="currentColor" stroke-opacity=".35"';
  const written = (v: number, x: number, at: number, anchor: string) => `<text x="${x}" y="${at}" text-anchor="${anchor}" fill-opacity=".75">${escapeHtml(write(v).replace("-", "\u2212"))}</text>`;
  return [
    heading,
    `<path d="M${side} ${tall - bottom + 2}H${wide - side}" ${soft}/>`,
    `<text x="${side}" y="${tall - 5}" fill-opacity=".75">0</text><text x="${wide - side}" y="${tall - 5}" text-anchor="end" fill-opacity=".75">iteration ${end}</text>`,
    goal === undefined ? "" : `<path d="M${side} ${Y(goal)}H${wide - side}" ${soft} stroke-dasharray="4 3"/><text x="${side}" y="${Number(Y(goal)) - 3}" fill-opacity=".75">goal</text>`,
    ...lines, ...dots,
    `<circle cx="${X(last)}" cy="${Y(y(last))}" r="3.4" fill="${line}"/>`,
    written(y(last), wide - side, 12, "end")
  ].join("");
}

/** Stretches on one set of nodes: what is not comparable is not joined. */
function runs(points: readonly Step[]): Step[][] {
  const out: Step[][] = [];
  for (const step of points) {
    const run = out[out.length - 1];
    if (run && run[0].pass === step.pass) run.push(step);
    else out.push([step]);
  }
  return out;
}

function thinned(steps: readonly Step[]): readonly Step[] {
  if (steps.length <= most) return steps;
  return Array.from({length: most}, (_, k) => steps[Math.round((k * (steps.length - 1)) / (most - 1))]);
}

/** Decimals only where the whole walk is short. */
function decimals(steps: readonly Step[]): number {
  const values = steps.map(({logLikelihood}) => logLikelihood);
  return Math.max(...values) - Math.min(...values) > 20 ? 1 : 3;
}

/** "3.2 s", "2 min 5 s", "1 h 12 min": whole units where they are many. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${brief(Math.max(0.1, seconds), 2)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds) % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
