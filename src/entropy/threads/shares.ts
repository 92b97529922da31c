import type {DualPart, DualRun} from "../../kernels/dualPart.js";

/** Consecutive runs of a part, [from, to). */
export interface Share {
  readonly from: number;
  readonly to: number;
}

/** Cuts runs into consecutive shares of about the same number of cells; at most one for each run. */
export function shares(runs: readonly DualRun[], count: number): Share[] {
  const most = Math.min(count, runs.length);
  const cells = [0];
  for (const {J, from, to} of runs) cells.push(cells[cells.length - 1] + J * (to - from));
  const out: Share[] = [];
  for (let k = 0, to = 0; k < most; ++k) {
    const from = to;
    const wanted = (cells[runs.length] * (k + 1)) / most;
    const last = runs.length - (most - k - 1);
    for (to = from + 1; to < last && cells[to + 1] <= wanted; ++to);
    out.push({from, to: k + 1 < most ? to : runs.length});
  }
  return out;
}

/**
 * A share as a part of its own. Memory that threads can share is shared; of other z it has a copy, of the rows that it needs.
 *
 * @returns the part, and the buffers that no one else has
 */
export function shareOf(part: DualPart, {from, to}: Share): {readonly part: DualPart; readonly own: readonly ArrayBuffer[]} {
  const {z, moments: K, signal, whose} = part;
  const [start, end] = [part.runs[from].from, part.runs[to - 1].to];
  const runs = part.runs.slice(from, to).map((run) => ({J: run.J, from: run.from - start, to: run.to - start}));
  const weight = part.weight.slice(start, end);
  const row = part.row.slice(start, end);
  const mine = whose?.slice(start, end);
  const rest = {...part, runs, weight, whose: mine, first: part.first + start};
  const own = [weight, ...(mine ? [mine] : [])].map(({buffer}) => buffer as ArrayBuffer);
  const logPrior = signal.kind === "shannon" ? signal.logPrior : undefined;
  if (shared(z) && (!logPrior || shared(logPrior))) return {part: {...rest, row}, own: [...own, row.buffer as ArrayBuffer]};
  const copied = (values: Float64Array, width: number) => {
    const out = new Float64Array(runs.reduce((sum, run) => sum + run.J * (run.to - run.from), 0) * width);
    let at = 0;
    for (const run of runs) for (let l = run.from; l < run.to; ++l, at += run.J * width) for (let c = 0, o = row[l] * width; c < run.J * width; ++c, ++o) out[at + c] = values[o];
    return out;
  };
  const rows = copied(z, K);
  const priors = logPrior && copied(logPrior, 1);
  const places = new Int32Array(row.length);
  let at = 0;
  for (const run of runs) for (let l = run.from; l < run.to; ++l, at += run.J) places[l] = at;
  return {part: {...rest, z: rows, row: places, ...(priors && {signal: {kind: "shannon" as const, logPrior: priors}})}, own: [...own, ...[rows, places, ...(priors ? [priors] : [])].map(({buffer}) => buffer as ArrayBuffer)]};
}

const shared = ({buffer}: Float64Array) => typeof SharedArrayBuffer !== "undefined" && (buffer as ArrayBufferLike) instanceof SharedArrayBuffer;
