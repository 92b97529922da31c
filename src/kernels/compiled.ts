import {placeSize, pointLattice, type Lattice} from "./lattice.js";
import {instantiate, page, type WasmMemory, type WasmModule} from "./module.js";
import {largestSet, panelKernel, type Choices, type Coefficients, type ColumnPlan, type Order, type PanelKernel} from "./panel.js";

/** What assembly/panel.ts exports. */
interface Exports {
  fillTable(table: number): void;
  configure(frame: number): void;
  scratchVectors(C: number, K: number, D: number, A: number, S: number, largest: number): number;
  momentCount(D: number, largest: number, straight: boolean): number;
  unit(n0: number, n1: number, order: number, set: number, weights: number, place: number, shares: boolean, moments: boolean): void;
  placed(at: number): void;
  units(from: number, to: number, order: number): number;
}

/** 1/256 octaves in a unit of utility: what the compiled exponential counts in. */
const perUtility = 256 / Math.LN2;
/** Beyond this a sum of exponentials may have been cut off: the definition is asked instead. */
const hottest = 2 ** 980;
/** Below this squares of weights vanish, and nodes far behind others lose digits: the definition is asked instead. */
const faintest = 1e-140;
const frameWords = 43;
/** Units that one run may have. */
const longestRun = 32;
/** From a vector of scratch to the next. */
const vectorBytes = 512;
const doubles = (count: number) => Math.ceil(count) * 8;
const shapes = {fixed: 0, index: 0, exp: 1, censored: 2, given: 3} as const;

/**
 * The compiled kernel: the same numbers as the definition in `panel.ts`, to 1e-12 relative, some twenty times faster. A unit
 * whose utilities pass its chosen ones by 679, or whose likelihood is not a number that can be squared, is handed to the
 * definition itself.
 *
 * All of its data live in one WebAssembly memory; `choices` may be let go of once it is made.
 */
export function compiledPanelKernel(module: WasmModule, choices: Choices, coefficients: Coefficients): PanelKernel {
  const {columns: C, size: P, plan} = coefficients;
  const [U, N] = [choices.unit.length - 1, choices.row.length - 1];
  const order: number[] = [...plan.keys()].sort((a, b) => Number(plan[a].shape === "fixed") - Number(plan[b].shape === "fixed")); // random columns first
  const K = plan.filter(({shape}) => shape !== "fixed").length;
  const effects = effectsOf(plan, order);
  const A = effects.count;
  const unit = choices.unit.slice();
  const counts = nonEmpty(choices);
  const largest = Math.max(1, choices.largest ?? largestSet(choices.row));
  const given = order.slice(0, K).flatMap((c, k) => (plan[c].shape === "given" ? [{plan: plan[c], own: [plan[c].location, ...plan[c].between.map(({p}) => p)], c}] : []));

  const {memory, exports} = instantiate<Exports>(module, 0);
  const arena = arenaOf(memory);
  const table = arena.take(2048);
  exports.fillTable(table);
  const frame = arena.take(frameWords * 4);
  const out = arena.take(doubles(4 + P + P * P));
  const theta = arena.take(doubles(P));
  const fixed = arena.take(doubles(C - K));
  const half = (P * (P + 1)) / 2;
  const heads = arena.take(doubles(3 * longestRun));
  const runScores = arena.take(doubles(P * longestRun));
  const totals = arena.take(doubles(2 * half));
  const ownWeights = arena.take(doubles(U));
  arena.numbers(ownWeights, U).fill(1);
  if (choices.weight) arena.numbers(ownWeights, U).set(choices.weight);
  const pointers = arena.take(4 * (U + 1));
  arena.ints(pointers, U + 1).set(unit);
  const row = arena.take(4 * (N + 1));
  arena.ints(row, N + 1).set(choices.row);
  const entries = choices.row[N] * C;
  const d = arena.take(doubles(entries));
  if (choices.differencesInto) choices.differencesInto(arena.numbers(d, entries), order);
  else permuted(arena.numbers(d, entries), choices.d, order);
  const ints = (values: readonly number[]) => {
    const at = arena.take(4 * Math.max(1, values.length));
    arena.ints(at, values.length).set(values);
    return at;
  };
  const random = order.slice(0, K);
  const shape = ints(random.map((c) => shapes[plan[c].shape] * (plan[c].sign ?? 1) || 0).map((value, k) => (plan[random[k]].shape === "given" ? 3 : value)));
  const location = ints(random.map((c) => (plan[c].shape === "given" ? 6 * given.findIndex((item) => item.c === c) : plan[c].location)));
  const whole = ints(random.map((c) => plan[c].whole ?? -1));
  const loads = ints(pointed(random.map((c) => (plan[c].shape === "given" ? [] : plan[c].between.map(({p, at}) => [p, at])))));
  const inside = ints(pointed(random.map((c) => plan[c].within.map(({p, at}) => [p, at]))));
  const effect = ints(effects.of);
  const node = ints(effects.of.map((_, p) => effects.node[p] ?? givenNode(p)));
  const first = ints(grouped(effects.of, A));
  const carried = ints(effects.carried.flat());
  const curve = ints([3 * given.length, ...given.flatMap(({own: [m, s]}, g) => [m, m, 6 * g + 3, s, m, 6 * g + 4, s, s, 6 * g + 5])]);
  const mark = arena.mark();

  /** Parameters of a given column multiply its slopes, which the caller computes. */
  function givenNode(p: number): number {
    const g = given.findIndex(({own}) => own.includes(p));
    return -2 - (6 * g + 1 + given[g].own.indexOf(p));
  }

  let lattice = pointLattice(U);
  let [R, sets, weights, places, slopes, kept, moments] = [0, 0, 0, 0, 0, 0, 0];
  let placesAt = 0; // room for places, taken when first needed
  let weightSets = false;
  let much: Order = 0;
  let point = new Float64Array(P);
  let filled = -1; // the set whose slopes are there
  let definition: {readonly u: number; readonly kernel: PanelKernel} | undefined;
  let asked = {effective: 0};
  lay(lattice);

  function lay(next: Lattice): void {
    const same = R > 0 && next.nodes === lattice.nodes && next.weights === lattice.weights && next.set === lattice.set && next.inner === lattice.inner;
    lattice = next;
    definition = undefined;
    if (same) {
      exports.placed(places = next.places ? writePlaces(next.places, next.dimensions) : 0);
      return;
    }
    placesAt = 0;
    const {dimensions: D, count, nodes, weights: w, places: placed, inner} = next;
    arena.release(mark);
    R = Math.ceil(count / 8) * 8;
    const G = D ? nodes.length / (D * count) : 1;
    // Nodes are filled up to a multiple of eight with the last one, which then weighs nothing.
    sets = arena.take(doubles(G * D * R));
    for (let g = 0, to = 0; g < G * D; ++g, to += R) arena.numbers(sets, G * D * R).fill(nodes[(g + 1) * count - 1], to, to + R).set(nodes.subarray(g * count, (g + 1) * count), to);
    weightSets = w.length > count;
    const W = w.length / count;
    weights = arena.take(doubles(W * R));
    for (let g = 0, to = 0; g < W; ++g, to += R) arena.numbers(weights, W * R).fill(0, to, to + R).set(w.subarray(g * count, (g + 1) * count), to);
    slopes = arena.take(doubles(6 * given.length * R));
    arena.numbers(slopes, 6 * given.length * R).fill(0);
    kept = arena.take(doubles(R));
    const setOf = arena.take(4 * U);
    arena.ints(setOf, U).set(next.set);
    const S = inner?.count ?? 0;
    const eta = inner ? writeInner(inner.nodes, inner.by === "node" ? count : 1) : 0;
    const within = arena.take(doubles(S));
    arena.numbers(within, S).set(inner?.weights ?? []);
    const straight = K > 0 && S === 0 && random.every((c) => plan[c].shape === "index");
    moments = arena.take(doubles(exports.momentCount(D, largest, straight)));
    const vectors = exports.scratchVectors(C, K, D, A, S, largest);
    // Scratch stays within the second level of cache, and within the first where it can.
    const B = Math.min(R, Math.max(8, Math.min(64, Math.floor(49152 / (vectors * 8) / 8) * 8)));
    const scratch = arena.take(vectors * vectorBytes);
    arena.numbers(scratch, (vectors * vectorBytes) / 8).fill(0);
    const by = inner ? ["all", "situation", "node"].indexOf(inner.by) : 0;
    arena.ints(frame, frameWords).set([C, K, D, R, P, A, B, S, inner?.dimensions ?? 0, row, d, table, fixed, theta, shape, location, whole, loads, inside, effect, node, first, carried, slopes, curve, eta, within, by, out, kept, scratch, largest, straight ? 1 : 0, moments, pointers, setOf, ownWeights, sets, weights, weightSets ? R * 8 : 0, heads, runScores, totals]);
    exports.configure(frame);
    filled = -1;
    exports.placed(places = placed ? writePlaces(placed, D) : 0);
  }

  /** Places, with the logarithm of |C| behind each triangle, in the units of the exponential. */
  function writePlaces(placed: Float64Array, D: number): number {
    const size = placeSize(D);
    placesAt ||= arena.take(doubles(U * (size + 1)));
    const to = arena.numbers(placesAt, U * (size + 1));
    for (let u = 0; u < U; ++u) {
      to.set(placed.subarray(u * size, (u + 1) * size), u * (size + 1));
      let log = 0;
      for (let l = 0; l < D; ++l) log += Math.log(Math.abs(placed[u * size + D + (l * (l + 3)) / 2]));
      to[u * (size + 1) + size] = perUtility * log;
    }
    return placesAt;
  }

  /** Nodes within, each run of `count` outer nodes padded. */
  function writeInner(nodes: Float64Array, count: number): number {
    const stride = count === 1 ? 1 : R;
    const rows = nodes.length / count;
    const at = arena.take(doubles(rows * stride));
    const to = arena.numbers(at, rows * stride).fill(0);
    for (let k = 0; k < rows; ++k) {
      to.fill(nodes[(k + 1) * count - 1], k * stride, (k + 1) * stride);
      to.set(nodes.subarray(k * count, (k + 1) * count), k * stride);
    }
    return at;
  }

  /** What the given columns are at the nodes of a set: coefficients, slopes, second derivatives. */
  function give(set: number): void {
    if (filled === set || !given.length) return;
    const {dimensions: D, count, nodes} = lattice;
    const to = arena.numbers(slopes, 6 * given.length * R);
    const six = new Float64Array(6);
    given.forEach(({plan: {given: fill, between}, own}, g) => {
      const from = (set * D + between[0].at) * count;
      for (let r = 0; r < count; ++r) {
        fill!(six, point[own[0]], point[own[1]], nodes[from + r], much);
        for (let k = 0; k < 6; ++k) to[(6 * g + k) * R + r] = six[k];
      }
      for (let k = 0; k < 6; ++k) to.fill(six[k], (6 * g + k) * R + count, (6 * g + k + 1) * R);
    });
    filled = set;
  }

  let sums = new Float64Array(0);
  let views: {readonly heads: Float64Array; readonly scores: Float64Array; readonly totals: Float64Array} | undefined;

  function run(u: number, much: Order, also?: "shares" | "moments"): {readonly sums: Float64Array; readonly log: number} {
    const {dimensions: D, set} = lattice;
    give(set[u]);
    exports.unit(unit[u], unit[u + 1], much, sets + set[u] * D * R * 8, weights + (weightSets ? set[u] * R * 8 : 0), places && places + u * (placeSize(D) + 1) * 8, also === "shares", also === "moments");
    if (!sums.length) sums = arena.numbers(out, 4 + P + P * P); // the memory has grown, and the old view is empty
    return {sums, log: sums[3] < hottest && Math.abs(sums[0]) > faintest ? Math.log(sums[0]) - Math.LN2 * (sums[2] - 1023 * counts[u]) : NaN};
  }

  /** The definition over one unit alone, whose rows are read back. */
  function defined(u: number): PanelKernel {
    if (definition?.u !== u) {
      const [from, to] = [unit[u], unit[u + 1]];
      const rows = arena.ints(row, N + 1).slice(from, to + 1);
      const own = new Float64Array((rows[rows.length - 1] - rows[0]) * C);
      const packed = arena.numbers(d, rows[rows.length - 1] * C).subarray(rows[0] * C);
      for (let at = 0; at < own.length; at += C) order.forEach((c, k) => { own[at + c] = packed[at + k]; });
      const kernel = panelKernel({d: own, row: rows.map((r) => r - rows[0]), unit: Int32Array.of(0, to - from), columns: C}, coefficients);
      kernel.lay(only(lattice, u, from, to));
      definition = {u, kernel};
    }
    definition.kernel.begin(point, much);
    return definition.kernel;
  }

  return {
    engine: "wasm",
    lay,
    begin(next, order_) {
      point = next.slice();
      much = order_;
      filled = -1;
      definition = undefined;
      arena.numbers(theta, P).set(point.map((value) => value * perUtility));
      arena.numbers(fixed, C - K).set(order.slice(K).map((c) => point[plan[c].location] * perUtility));
    },
    unit(u, g, h) {
      const {sums, log} = run(u, much);
      asked = {effective: (sums[0] * sums[0]) / sums[1]};
      if (!Number.isFinite(log)) {
        const kernel = defined(u);
        const value = kernel.unit(0, g, h);
        asked = {effective: kernel.effective()};
        return value;
      }
      if (much === 0) return log;
      const all = sums[0];
      const own = 4 + P;
      for (let p = 0; p < P; ++p) g[p] += sums[4 + p] /= all;
      if (much > 1) for (let p = 0; p < P; ++p) for (let q = 0, at = p * P; q <= p; ++q) h[at + q] += sums[own + at + q] / all - sums[4 + p] * sums[4 + q];
      return log;
    },
    run(from, to, {value, effective, scores, curvature}, first, at) {
      if (given.length) return from; // their slopes are computed here, set by set
      if (!views?.heads.length) views = {heads: arena.numbers(heads, 3 * longestRun), scores: arena.numbers(runScores, P * longestRun), totals: arena.numbers(totals, 2 * half)};
      const {heads: head, scores: own, totals: sum} = views;
      const used = much * half;
      if (used) sum.set(curvature.subarray(at, at + used));
      const end = exports.units(from, to, much);
      for (let u = from, k = 0; u < end; ++u, k += 3) {
        value[first + u] = Math.log(head[k]) - Math.LN2 * (head[k + 2] - 1023 * counts[u]);
        effective[first + u] = (head[k] * head[k]) / head[k + 1];
      }
      if (!used) return end;
      scores.set(own.subarray(0, (end - from) * P), (first + from) * P);
      curvature.set(sum.subarray(0, used), at);
      return end;
    },
    effective: () => asked.effective,
    moments(u, mean, square) {
      const {sums, log} = run(u, 0, "moments");
      if (!Number.isFinite(log)) return NaN;
      const D = mean.length;
      const from = arena.numbers(moments, 1 + D + square.length);
      for (let d = 0; d < D; ++d) mean[d] = from[1 + d] / sums[0];
      for (let d = 0, at = 0; d < D; ++d) for (let e = 0; e <= d; ++e, ++at) square[at] = from[1 + D + at] / sums[0] - mean[d] * mean[e];
      return (sums[0] * sums[0]) / sums[1];
    },
    shares(u, to) {
      const {sums, log} = run(u, 0, "shares");
      if (!Number.isFinite(log)) return defined(u).shares(0, to);
      const from = arena.numbers(kept, R);
      for (let r = 0; r < to.length; ++r) to[r] = from[r] / sums[0];
      return log;
    }
  };
}

/** A lattice cut down to one unit, its nodes shared with the whole. */
function only({dimensions, count, nodes, weights, set, places, inner}: Lattice, u: number, from: number, to: number): Lattice {
  const size = placeSize(dimensions);
  const strip = inner && inner.by !== "all" ? inner.count * inner.dimensions * (inner.by === "node" ? count : 1) : 0;
  return {
    dimensions, count, nodes, weights, set: set.slice(u, u + 1),
    ...(places && {places: places.subarray(u * size, (u + 1) * size)}),
    ...(inner && {inner: strip ? {...inner, nodes: inner.nodes.subarray(from * strip, to * strip)} : inner})
  };
}

/** Effects: the columns in their new order, then each pair of a column and a dimension within that moves it. */
function effectsOf(plan: readonly ColumnPlan[], order: readonly number[]): {readonly count: number; readonly of: number[]; readonly node: (number | undefined)[]; readonly carried: [number, number][]} {
  const of: number[] = [];
  const node: (number | undefined)[] = [];
  const carried: [number, number][] = [];
  order.forEach((c, k) => {
    const {location, between, within, shape} = plan[c];
    of[location] = k;
    node[location] = shape === "given" ? undefined : -1;
    for (const {p, at} of between) [of[p], node[p]] = [k, shape === "given" ? undefined : at];
    for (const {p, at} of within) [of[p], node[p]] = [order.length + carried.push([k, at]) - 1, -1];
  });
  return {count: order.length + carried.length, of, node, carried};
}

/** Lists within one list: where each begins, then all. */
function pointed(lists: readonly (readonly (readonly number[])[])[]): number[] {
  const starts = [0];
  for (const list of lists) starts.push(starts[starts.length - 1] + list.length);
  return [...starts, ...lists.flat(2)];
}

/** Parameters by their effect: where each effect begins, then the parameters. */
function grouped(of: readonly number[], A: number): number[] {
  const lists = Array.from({length: A}, (_, a) => [...of.keys()].filter((p) => of[p] === a));
  return pointed(lists.map((list) => list.map((p) => [p])));
}

function permuted(to: Float64Array, from: Float64Array, order: readonly number[]): void {
  const C = order.length;
  for (let at = 0; at < from.length; at += C) for (let k = 0; k < C; ++k) to[at + k] = from[at + order[k]];
}

/** Situations with somebody to choose from, of each unit. */
function nonEmpty({row, unit}: Choices): Int32Array {
  return Int32Array.from({length: unit.length - 1}, (_, u) => {
    let count = 0;
    for (let n = unit[u]; n < unit[u + 1]; ++n) if (row[n + 1] > row[n]) ++count;
    return count;
  });
}

/** Memory handed out from the bottom up; what was taken after a mark is given back at once. */
function arenaOf(memory: WasmMemory) {
  let top = page;
  return {
    take(bytes: number): number {
      const at = top;
      top = Math.ceil((top + bytes) / 16) * 16;
      const lacking = top - memory.buffer.byteLength;
      if (lacking > 0) memory.grow(Math.ceil(lacking / page));
      return at;
    },
    mark: () => top,
    release(mark: number) { top = mark; },
    numbers: (at: number, count: number) => new Float64Array(memory.buffer, at, count),
    ints: (at: number, count: number) => new Int32Array(memory.buffer, at, count)
  };
}
