import {bySize} from "./bySize.js";
import type {Breathe, MnlEngine, Situations} from "./mnl.js";
import {instantiate, page, type WasmModule} from "./module.js";
import type {Order} from "./panel.js";

/** What `assembly/mnl.ts` offers. */
interface Exports {
  fillTable(table: number): void;
  multinomialScratch(C: number, m: number): number;
  multinomial(order: Order, C: number, m: number, pairs: number, b: number, data: number, weight: number, scratch: number, table: number, sums: number, scores: number): void;
}

/** Situations of one size that are summed together: their order is fixed, and so are the bits of their sums. */
interface Run {
  /** Alternatives beside the chosen one. */
  readonly m: number;
  /** Situations order[from … to). */
  readonly from: number;
  readonly to: number;
  /** Of situations: the last may lack its second. */
  readonly pairs: number;
}

/** Runs that share a memory, and where each has its data and weights, in bytes. */
interface Part {
  readonly exports: Exports;
  readonly numbers: Float64Array;
  readonly runs: readonly (Run & {readonly data: number; readonly weight: number})[];
  readonly places: Places;
}

interface Places {
  readonly table: number;
  readonly b: number;
  readonly sums: number;
  readonly scores: number;
  readonly scratch: number;
}

/** A run is a matter of a millisecond or two. */
const work = 2 ** 21;

/**
 * Multinomial logit in WebAssembly. Lays differences to the chosen row out in pairs of situations of one size, as
 * `assembly/mnl.ts` reads them: its memory holds the one copy that is made of the data.
 *
 * @param most bytes of data in one memory, far below the four gigabytes that it may have; beyond, there are several
 * @throws {RangeError} where there is not so much memory
 */
export async function mnlVectors(module: WasmModule, situations: Situations, breathe?: Breathe, most = 2 ** 30): Promise<MnlEngine> {
  const {columns: C, person, situation} = situations;
  const order = bySize(situation);
  const parts: Part[] = [];
  await breathe?.();
  for (const runs of shares(cut(order, situation, C), C, most)) {
    const part = place(module, runs, C);
    for (const run of part.runs) {
      lay(part.numbers, run, situations, order);
      await breathe?.();
    }
    parts.push(part);
  }
  const whose = parts.flatMap((part) => part.runs.map((run) => ({part, run})));
  let much: Order = 0;
  return {
    engine: "wasm",
    runs: whose.length,
    begin(b, order) {
      much = order;
      for (const {numbers, places} of parts) numbers.set(b, places.b >>> 3);
    },
    sum(k, scores) {
      const {part: {exports, numbers, places}, run: {m, from, to, pairs, data, weight}} = whose[k];
      exports.multinomial(much, C, m, pairs, places.b, data, weight, places.scratch, places.table, places.sums, scores ? places.scores : 0);
      const out = numbers.subarray(places.sums >>> 3, (places.sums >>> 3) + 1 + C + 2 * C * C);
      // The kernel gives sum_j w p d d' where the Hessian is sum w s s' less that.
      for (let at = 1 + C + C * C; at < out.length; ++at) out[at] = out[at - C * C] - out[at];
      if (scores) for (let l = 0; l < to - from; ++l) {
        const own = person[order[from + l]] * C;
        for (let c = 0, at = (places.scores >>> 3) + (l >> 1) * 2 * C + (l & 1); c < C; ++c, at += 2) scores[own + c] += numbers[at];
      }
      return out;
    }
  };
}

/** Fills the data and weights of a run; what is past its end stays zero. */
function lay(numbers: Float64Array, {m, from, to, data, weight: weights}: Part["runs"][number], {z, columns: C, situation, chosen, weight}: Situations, order: Int32Array): void {
  for (let l = 0; l < to - from; ++l) {
    const n = order[from + l];
    numbers[(weights >>> 3) + l] = weight[n];
    const base = chosen[n] * C;
    const end = situation[n + 1] * C;
    for (let row = situation[n] * C, at = (data >>> 3) + (l >> 1) * 2 * m * C + (l & 1); row < end; row += C) {
      if (row === base) continue;
      for (let c = 0; c < C; ++c, at += 2) numbers[at] = z[row + c] - z[base + c];
    }
  }
}

/** Runs of one size each; a choice of one says nothing, and stands in none. */
function cut(order: Int32Array, situation: Int32Array, C: number): Run[] {
  const size = (at: number) => situation[order[at] + 1] - situation[order[at]];
  const runs: Run[] = [];
  for (let from = 0; from < order.length;) {
    const m = size(from) - 1;
    const longest = 2 * Math.max(1, Math.min(512, Math.floor(work / ((m + 1) * (C * C + 8 * C + 32)))));
    let to = from;
    while (to < order.length && to - from < longest && size(to) === m + 1) ++to;
    if (m > 0) runs.push({m, from, to, pairs: (to - from + 1) >> 1});
    from = to;
  }
  return runs;
}

const bytes = ({m, pairs}: Run, C: number) => 16 * pairs * (m * C + 1);

/** Cuts runs into shares that fit into a memory each. */
function shares(runs: readonly Run[], C: number, most: number): Run[][] {
  const out: Run[][] = [];
  let held = Infinity;
  for (const run of runs) {
    if (held + bytes(run, C) > most) {
      out.push([]);
      held = 0;
    }
    out[out.length - 1].push(run);
    held += bytes(run, C);
  }
  return out;
}

/** A memory for runs: table, coefficients, sums, scores, scratch, then data. */
function place(module: WasmModule, runs: readonly Run[], C: number): Part {
  const {memory, exports} = instantiate<Exports>(module, 0);
  const [pairs, m] = [runs.reduce((most, run) => Math.max(most, run.pairs), 0), runs.reduce((most, run) => Math.max(most, run.m), 0)];
  let end = page;
  const take = (size: number) => {
    const at = end;
    end += 16 * Math.ceil(size / 16);
    return at;
  };
  const places = {table: take(2048), b: take(8 * C), sums: take(8 * (1 + C + 2 * C * C)), scores: take(16 * C * pairs), scratch: take(exports.multinomialScratch(C, m))};
  const laid = runs.map((run) => ({...run, data: take(16 * run.pairs * run.m * C), weight: take(16 * run.pairs)}));
  memory.grow(Math.ceil(end / page) - 1);
  exports.fillTable(places.table);
  return {exports, numbers: new Float64Array(memory.buffer), runs: laid, places};
}
