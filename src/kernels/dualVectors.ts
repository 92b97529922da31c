import {layout, type DualEngine, type Move} from "./dual.js";
import {dualDefinition} from "./dualDefinition.js";
import {rests, type DualPart, type DualRun} from "./dualPart.js";
import {instantiate, page, type WasmModule} from "./module.js";
import type {Tilted} from "./support.js";

/** What `assembly/dual.ts` offers. */
interface Exports {
  fillTable(table: number): void;
  dualScratch(J: number, K: number, M: number): number;
  dualPlaces(at: number): void;
  dual(move: number, length: number, J: number, pairs: number, restMu: number, restNu: number): void;
}

/** A memory with room for one run, and where things are in it, in doubles. */
interface Room {
  readonly exports: Exports;
  readonly numbers: Float64Array;
  readonly lambda: number;
  readonly data: number;
  readonly prior: number;
  readonly weight: number;
  readonly stood: number;
  readonly tried: number;
  /** From a number of mu to that of nu. */
  readonly most: number;
  readonly sums: Float64Array;
}

type Given = Exclude<Move, {kind: "again"}>;

/**
 * The dual in WebAssembly. One run of situations at a time is copied into its memory, two side by side, as
 * `assembly/dual.ts` reads them: of the data no copy is kept. A run whose numbers end, and situations whose probabilities are
 * forced to an end of their points, are summed by the definition.
 *
 * @throws {RangeError} where there is no memory for a run
 */
export function dualVectors(module: WasmModule, part: DualPart): DualEngine {
  const {moments: K, runs, mu, nu} = part;
  const room = makeRoom(module, part);
  const rest = rests(part);
  let stood = new Float64Array(K); // lambda last accepted
  let along = new Float64Array(K);
  let at = 0; // which of two standings is where multipliers stand
  let move: Given = {kind: "settle", lambda: stood};
  return {
    engine: "wasm",
    runs: runs.length,
    begin(next) {
      if (next.kind === "step") along = next.along;
      move = next.kind === "again" ? {...next, kind: "step", along} : next;
      [move.lambda, stood, along].forEach((values, k) => room.numbers.set(values, room.lambda + k * K));
    },
    sum(k) {
      const run = runs[k];
      const rested = rest(run.J);
      const pairs = (run.to - run.from + 1) >> 1;
      if (!rested) return byDefinition(part, run, move, stood, at);
      lay(room, part, run);
      for (const [standing, from, given] of [[mu, 0, "mu"], [nu, room.most, "nu"]] as const) {
        if (standing) gather(room.numbers, (move.kind === "given" ? room.tried : room.stood) + from, move.kind === "given" ? move[given] : standing[at], part, run);
      }
      room.exports.dual(["given", "settle", "step"].indexOf(move.kind), move.kind === "step" ? move.length : 0, run.J, pairs, rested.mu, rested.nu);
      if (!room.sums.every(Number.isFinite)) return byDefinition(part, run, move, stood, at);
      for (const [standing, from] of [[mu, 0], [nu, room.most]] as const) if (standing) scatter(standing[1 - at], room.numbers.subarray(room.tried + from), part, run);
      return room.sums;
    },
    accept() {
      at = 1 - at;
      stood = move.lambda.slice();
    },
    multipliers: () => ({mu: mu?.[at] ?? new Float64Array(part.row.length), nu: nu?.[at] ?? new Float64Array(part.row.length)})
  };
}

/** Copies the rows and weights of a run. One past its end is the last again, of no weight. */
function lay({numbers, data, prior, weight: weights}: Room, {z, moments: K, row, weight, signal}: DualPart, {J, from, to}: DualRun): void {
  copyRows(numbers, data, z, row, J, K, from, to);
  if (signal.kind === "shannon" && signal.logPrior) copyRows(numbers, prior, signal.logPrior, row, J, 1, from, to);
  numbers.set(weight.subarray(from, to), weights);
  if ((to - from) % 2) numbers[weights + to - from] = 0;
}

function copyRows(numbers: Float64Array, at: number, values: Float64Array, row: Int32Array, J: number, width: number, from: number, to: number): void {
  const size = J * width;
  const count = to - from;
  if (row[to - 1] - row[from] === (count - 1) * J) numbers.set(values.subarray(row[from] * width, row[from] * width + count * size), at);
  else for (let l = from, o = at; l < to; ++l) for (let c = row[l] * width, end = c + size; c < end; ++c, ++o) numbers[o] = values[c];
  if (count % 2) numbers.copyWithin(at + count * size, at + (count - 1) * size, at + count * size);
}

/** Multipliers of a run, that past its end like the last. */
function gather(numbers: Float64Array, to: number, values: Float64Array, {whose, first}: DualPart, run: DualRun): void {
  const count = run.to - run.from;
  if (whose) for (let l = 0; l < count; ++l) numbers[to + l] = values[whose[run.from + l]];
  else numbers.set(values.subarray(first + run.from, first + run.to), to);
  if (count % 2) numbers[to + count] = numbers[to + count - 1];
}

function scatter(values: Float64Array, from: Float64Array, {whose, first}: DualPart, run: DualRun): void {
  const count = run.to - run.from;
  if (whose) for (let l = 0; l < count; ++l) values[whose[run.from + l]] = from[l];
  else values.set(from.subarray(0, count), first + run.from);
}

/** A run by the definition: from where its multipliers stood, if it comes from there. */
function byDefinition(part: DualPart, run: DualRun, move: Given, stood: Float64Array, at: number): Float64Array {
  const {z, moments: K, row, weight, signal, noise, mu, nu} = part;
  const {J, from, to} = run;
  const count = to - from;
  const rows = (values: Float64Array, width: number) => {
    const out = new Float64Array(count * J * width);
    for (let l = 0; l < count; ++l) out.set(values.subarray(row[from + l] * width, (row[from + l] + J) * width), l * J * width);
    return out;
  };
  const own = (values: Float64Array | undefined) => {
    const out = new Float64Array(count + 1);
    if (values) gather(out, 0, values, part, run);
    return out.subarray(0, count);
  };
  const engine = dualDefinition({
    z: rows(z, K), moments: K, situation: Int32Array.from({length: count + 1}, (_, l) => l * J), weight: weight.slice(from, to), noise,
    signal: signal.kind === "shannon" && signal.logPrior ? {kind: "shannon", logPrior: rows(signal.logPrior, 1)} : signal
  });
  if (move.kind === "step") {
    engine.begin({kind: "given", lambda: stood, mu: own(mu?.[at]), nu: own(nu?.[at])});
    engine.sum(0);
    engine.accept();
  }
  engine.begin(move.kind === "given" ? {...move, mu: own(mu && move.mu), nu: own(nu && move.nu)} : move);
  const sums = engine.sum(0);
  engine.accept();
  const tried = engine.multipliers();
  if (mu) scatter(mu[1 - at], tried.mu, part, run);
  if (nu) scatter(nu[1 - at], tried.nu, part, run);
  return sums;
}

/** Room for the largest run of a part: table, multipliers of moments, supports, one run, its sums and scratch. */
function makeRoom(module: WasmModule, {moments: K, runs, signal, noise}: DualPart): Room {
  const {memory, exports} = instantiate<Exports>(module, 0);
  const most = (of: (run: DualRun) => number) => runs.reduce((all, run) => Math.max(all, of(run)), 0);
  const pairs = ({from, to}: DualRun) => (to - from + 1) >> 1;
  let end = page;
  const take = (doubles: number) => {
    const at = end;
    end += 16 * Math.ceil(doubles / 2);
    return at;
  };
  const {size} = layout(K);
  const own = signal.kind === "supports" ? spelled(signal.support, 1) : undefined;
  const off = noise && spelled(noise.support, 0);
  const widest = 2 * most(pairs);
  const rows = 2 * most((run) => pairs(run) * run.J);
  const places = {
    table: take(256), lambda: take(3 * K), signal: own ? take(own.length) : 0, noise: off ? take(off.length) : 0, data: take(rows * K),
    prior: signal.kind === "shannon" && signal.logPrior ? take(rows) : 0, weight: take(widest), stood: take(2 * widest), tried: take(2 * widest), sums: take(size)
  };
  const M = Math.max(signal.kind === "supports" ? signal.support.points.length : 0, noise?.support.points.length ?? 0);
  const scratch = take(most(({J}) => exports.dualScratch(J, K, M)) / 8);
  const words = take(8);
  memory.grow(Math.ceil(end / page) - 1);
  const numbers = new Float64Array(memory.buffer);
  if (own) numbers.set(own, places.signal >>> 3);
  if (off) numbers.set(off, places.noise >>> 3);
  const {table, lambda, data, prior, weight, stood, tried, sums} = places;
  new Int32Array(memory.buffer).set([K, table, lambda, places.signal, places.noise, Number(noise?.sumToZero ?? false), data, prior, weight, stood, tried, widest >> 1, sums, scratch], words >>> 2);
  exports.fillTable(table);
  exports.dualPlaces(words);
  return {exports, numbers, lambda: lambda >>> 3, data: data >>> 3, prior: prior >>> 3, weight: weight >>> 3, stood: stood >>> 3, tried: tried >>> 3, most: widest, sums: numbers.subarray(sums >>> 3, (sums >>> 3) + size)};
}

/** A residual beyond this part of the range of the points is solved away; a spread below that part of its square tells no step. */
const astray = 0.1;
const flat = 1e-8;
/** Log priors that differ by more are taken as they come: sums of powers would lose digits. */
const uneven = Math.log(1000);

/** A support as `assembly/tilt.ts` reads it: vectors of two equal numbers. */
function spelled({points, logPrior}: Tilted, target: number): Float64Array {
  const M = points.length;
  const [low, high] = [points[0], points[M - 1]];
  const gap = (high - low) / (M - 1);
  const off = 4 * 2 ** -53 * Math.max(Math.abs(low), Math.abs(high));
  const spaced = points.every((s, m) => Math.abs(s - low - gap * m) <= off) && Math.max(...logPrior) - Math.min(...logPrior) <= uneven;
  const even = logPrior.every((q) => q === logPrior[0]);
  const shape = !spaced ? 0 : even && (M === 2 || M === 3 || M === 5) ? M : 1;
  const range = high - low;
  const vectors = [low, high, gap, gap * gap, (-gap * 256) / Math.LN2, logPrior[0], logPrior[M - 1], target, astray * range, flat * range * range, 0];
  points.forEach((s, m) => vectors.push(...(spaced ? [Math.exp(logPrior[m] - logPrior[0]), Math.exp(logPrior[M - 1 - m] - logPrior[M - 1])] : [s, logPrior[m]])));
  const out = Float64Array.from({length: 2 * vectors.length}, (_, at) => vectors[at >> 1]);
  new Int32Array(out.buffer).set([shape, M], 40);
  return out;
}
