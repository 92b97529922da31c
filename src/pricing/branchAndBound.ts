import type {Ladder} from "./ladder.js";
import {balanced, edge, layRungs, look} from "./ladderBound.js";
import type {Choice} from "./ladderSearch.js";
import type {Setting} from "./market.js";

/** What a search that bounds found: its best choice, and what no choice exceeds. */
export interface Searched extends Choice {
  readonly bound: number;
  readonly nodes: number;
}

/** Some prices, and an interval of multipliers: the best choice among them earns at most `bound`. */
interface Node {
  /** Which rungs are left, goods one after another, (R). */
  readonly allowed: Uint8Array;
  readonly low: number;
  readonly high: number;
  readonly bound: number;
}

/**
 * The best rungs of a price ladder: the node with the largest bound (eq:ladderBound) is split, in its interval of multipliers
 * where the width of that is to blame, else in the prices of the good in doubt, until no bound exceeds the best choice known
 * by more than rounding, 1e-10 of it.
 *
 * @param known a choice to beat
 * @param most  nodes to look at before giving up: the bound is then that of what is left
 */
export function branchAndBound(laid: Setting, outside: NonNullable<Setting["outside"]>, costs: Float64Array, ladder: Ladder, known: Choice, most: number): Searched {
  const table = layRungs(laid, outside, costs, ladder);
  const {from, margin} = table;
  let best = known;
  const target = () => best.profit + 1e-10 * Math.max(Math.abs(best.profit), 1e-10);
  const consider = (rungs: readonly number[]) => {
    const {shares} = balanced(table, rungs);
    const profit = rungs.reduce((sum, l, j) => sum + margin[from[j] + l] * shares[j], 0);
    if (profit > best.profit) best = {rungs, profit};
  };
  const open: Node[] = [{allowed: new Uint8Array(margin.length).fill(1), low: -Infinity, high: Infinity, bound: Infinity}];
  let nodes = 0;
  for (; open.length && open[0].bound > target() && nodes < most; ++nodes) {
    const node = pop(open);
    const seen = look(table, node.allowed, node.low, node.high, target());
    if (!seen) continue;
    consider(seen.rungs);
    const bound = Math.min(seen.bound, node.bound);
    if (bound <= target()) continue;
    const {allowed, low, high, doubtful} = seen;
    if (doubtful < 0) {
      consider(edge(table, allowed, false));
      continue;
    }
    const narrow = high - low <= 1e-7 * (1 + Math.abs(low));
    if (!narrow && seen.width > 0.3 * (bound - best.profit)) {
      const middle = (low + high) / 2;
      push(open, {allowed, low, high: middle, bound});
      push(open, {allowed, low: middle, high, bound});
      continue;
    }
    const [one, rest] = [allowed.slice(), allowed.slice()];
    const chosen = from[doubtful] + seen.rungs[doubtful];
    for (let r = from[doubtful]; r < from[doubtful + 1]; ++r) (r === chosen ? rest : one)[r] = 0;
    push(open, {allowed: one, low, high, bound});
    push(open, {allowed: rest, low, high, bound});
  }
  return {...best, bound: Math.max(open.length ? open[0].bound : -Infinity, target()), nodes};
}

// A binary heap with the largest bound on top.
function push(heap: Node[], node: Node): void {
  let at = heap.push(node) - 1;
  while (at > 0) {
    const up = (at - 1) >> 1;
    if (heap[up].bound >= heap[at].bound) return;
    [heap[up], heap[at]] = [heap[at], heap[up]];
    at = up;
  }
}

function pop(heap: Node[]): Node {
  const top = heap[0];
  const last = heap.pop()!;
  if (!heap.length) return top;
  heap[0] = last;
  for (let at = 0; ;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    let next = at;
    if (left < heap.length && heap[left].bound > heap[next].bound) next = left;
    if (right < heap.length && heap[right].bound > heap[next].bound) next = right;
    if (next === at) return top;
    [heap[at], heap[next]] = [heap[next], heap[at]];
    at = next;
  }
}
