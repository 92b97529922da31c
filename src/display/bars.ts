import type {Picture} from "./table.js";

/** The stretch of numbers that a column of bars shows. */
export interface Axis {
  readonly low: number;
  readonly high: number;
}

export interface Interval {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/**
 * An axis for intervals that includes zero. One wild interval does not flatten the others: the axis ends at six times the
 * typical reach, and what goes beyond is cut with an arrow.
 */
export function intervalAxis(intervals: readonly Interval[]): Axis | undefined {
  const reach = intervals.map(({low, high}) => Math.max(Math.abs(low), Math.abs(high))).filter((r) => Number.isFinite(r)).sort((a, b) => a - b);
  if (!reach.length) return undefined;
  const limit = 6 * reach[reach.length >> 1] || reach[reach.length - 1] || 1;
  const low = Math.max(-limit, Math.min(0, ...intervals.map((d) => d.low)));
  const high = Math.min(limit, Math.max(0, ...intervals.map((d) => d.high)));
  return low < high ? {low, high} : {low: -1, high: 1};
}

const wide = 116;
const tall = 12;
const cells = 17;
const stairs = 24;

/** A dot with its interval over a line at zero: filled when the interval leaves zero out, hollow when not. */
export function intervalBar({low, middle, high}: Interval, axis: Axis, words: string): Picture {
  const out = low > 0 || high < 0;
  const at = (x: number): string => (5 + ((Math.min(axis.high, Math.max(axis.low, x)) - axis.low) / (axis.high - axis.low)) * (wide - 10)).toFixed(1);
  const arrows = (low < axis.low ? '<path d="M5 3 1 6l4 3z" fill="#3b7dd8"/>' : "") + (high > axis.high ? `<path d="M${wide - 5} 3l4 3-4 3z" fill="#3b7dd8"/>` : "");
  const inside = middle >= axis.low && middle <= axis.high;
  const dot = inside ? `<circle cx="${at(middle)}" cy="6" r="3" ${out ? 'fill="#3b7dd8"' : 'stroke-width="1.5"'}/>` : "";
  const svg =
    `<svg width="${wide}" height="${tall}" fill="none" stroke="#3b7dd8" role="img" aria-label="${words}"><path d="M${at(0)} 0v${tall}" stroke="currentColor" stroke-opacity=".4"/>` +
    `<path d="M${at(low)} 6H${at(high)}" stroke-width="2"/>${arrows}${dot}</svg>`;
  return {svg, text: intervalText({low, middle, high}, axis)};
}

function intervalText({low, middle, high}: Interval, axis: Axis): string {
  const at = (x: number): number => Math.min(cells - 1, Math.max(0, Math.round(((x - axis.low) / (axis.high - axis.low)) * (cells - 1))));
  const line = Array<string>(cells).fill("·");
  for (let c = at(low); c <= at(high); ++c) line[c] = "─";
  line[at(0)] = line[at(0)] === "─" ? "┼" : "│";
  line[at(middle)] = low > 0 || high < 0 ? "●" : "○";
  if (low < axis.low) line[0] = "◂";
  if (high > axis.high) line[cells - 1] = "▸";
  return line.join("");
}

/** A share of a whole as a bar. */
export function shareBar(share: number, most: number, words: string): Picture {
  const part = most > 0 && Number.isFinite(share) ? share / most : 0;
  const svg =
    `<svg width="84" height="10" role="img" aria-label="${words}"><path d="M.5 0v10" stroke="currentColor" stroke-opacity=".4"/>` +
    `<rect x="1" y="1" width="${(82 * part).toFixed(1)}" height="8" fill="#3b7dd8"/></svg>`;
  const eighths = Math.round(part * 80);
  return {svg, text: "█".repeat(eighths >> 3) + ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths & 7]};
}

/** Lengths one after the other: what each is drawn as, in a picture and in characters. */
const parts = [
  {svg: 'fill="#3b7dd8"', character: "█"},
  {svg: 'fill="none" stroke="#3b7dd8"', character: "▒"},
  {svg: 'fill="none" stroke="#3b7dd8" stroke-dasharray="2 1.5"', character: "░"}
] as const;

/**
 * One step of a stair: lengths that begin where the step before ended. The first is filled, the second hollow, the third
 * hollow and dashed.
 *
 * @param lengths none negative but for rounding
 */
export function stepBar(from: number, lengths: readonly number[], axis: Axis, words: string): Picture {
  const span = axis.high - axis.low || 1;
  const part = (x: number): number => Math.min(1, Math.max(0, (x - axis.low) / span));
  let [at, drawn, text] = [from, "", "·".repeat(Math.round(part(from) * stairs))];
  lengths.forEach((length, k) => {
    const [left, right] = [1 + part(at) * (wide - 2), 1 + part(at + length) * (wide - 2)];
    if (length > 0) drawn += `<rect x="${left.toFixed(1)}" y="1.5" width="${Math.max(0.6, right - left).toFixed(1)}" height="9" ${parts[k].svg}/>`;
    text += parts[k].character.repeat(Math.max(0, Math.round(part(at + length) * stairs) - text.length));
    at += length;
  });
  return {svg: `<svg width="${wide}" height="${tall}" role="img" aria-label="${words}"><path d="M.5 0v${tall}" stroke="currentColor" stroke-opacity=".4"/>${drawn}</svg>`, text};
}

/** A run of numbers as a small line inside a sentence, or as blocks where there are no drawings. */
export function sparkline(values: readonly number[], most = 40): Picture {
  const finite = values.filter((v) => Number.isFinite(v));
  if (finite.length < 2) return {svg: "", text: ""};
  const step = Math.max(1, finite.length / most);
  const picked = Array.from({length: Math.min(most, finite.length)}, (_, i) => finite[Math.min(finite.length - 1, Math.round(i * step))]);
  const low = Math.min(...picked);
  const span = Math.max(...picked) - low || 1;
  const points = picked.map((v, i) => `${((i / (picked.length - 1)) * 76 + 2).toFixed(1)},${(12 - ((v - low) / span) * 10).toFixed(1)}`);
  const svg = `<svg width="80" height="14" role="img" aria-label="from first to last"><polyline points="${points.join(" ")}" fill="none" stroke="#3b7dd8" stroke-width="1.5"/></svg>`;
  return {svg, text: picked.map((v) => "▁▂▃▄▅▆▇█"[Math.round(((v - low) / span) * 7)]).join("")};
}
