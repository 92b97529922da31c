import type {Order} from "./mixture.js";
import {addCurvature, addScore, logitInto} from "./logit.js";
import {nodesInto, pointLattice, type Inner, type Lattice} from "./lattice.js";
import {add, clear, finishInto, mixture, type Mixture} from "./mixture.js";
export type {Order};

/** Choices as the kernels read them: differences to the chosen row, and pointers. */
export interface Choices {
  /** Differences z_j - z_chosen, (rows not chosen, C), row-major; perhaps taken when first asked for, and then kept. */
  readonly d: Float64Array;
  /** Writes them with columns in another order, without keeping them. */
  differencesInto?(to: Float64Array, order: readonly number[]): void;
  /** Pointers from situations to rows of d, (N + 1). */
  readonly row: Int32Array;
  /** Pointers from units (what is integrated together: people, or situations) to situations, (U + 1). */
  readonly unit: Int32Array;
  readonly columns: number;
  /** Weight of each unit, (U), where sums over units are asked for; default 1. */
  readonly weight?: Float64Array;
  /** Rows of the largest situation, when these are a part of more: kernels cut their work by it, alike for all parts. */
  readonly largest?: number;
}

/** The coefficients at a node, with their derivatives: filled by `Coefficients.at`. */
export interface Point {
  readonly b: Float64Array; // (C)
  /** db_c / dtheta_p for the one column c that parameter p belongs to, (P). */
  readonly jacobian: Float64Array;
  /** d²b_c / dtheta_p dtheta_q where p and q belong to one column, (P, P), lower triangle; zero elsewhere. */
  readonly curve: Float64Array;
}

/** A parameter times a number of the node. */
export interface Load {
  readonly p: number;
  /** The dimension whose number it multiplies. */
  readonly at: number;
}

/** How one column's coefficient comes from an index, theta_location + sum of loads, said in a way that a compiled kernel can follow. */
export interface ColumnPlan {
  readonly location: number;
  /** "fixed" without a node; the index itself, sign exp of it, the index where sign allows and zero elsewhere; or given by \`given\`. */
  readonly shape: "fixed" | "index" | "exp" | "censored" | "given";
  readonly sign?: 1 | -1;
  /** The dimension that enters the index with weight one. */
  readonly whole?: number;
  readonly between: readonly Load[];
  readonly within: readonly Load[];
  /** The coefficient and its derivatives by location and spread (b, l, s, ll, ls, ss), from both and the number of the node. */
  given?(out: Float64Array, location: number, spread: number, node: number, order: Order): void;
}

/** How a node becomes coefficients. Each parameter belongs to exactly one column. */
export interface Coefficients {
  readonly size: number; // P
  readonly columns: number; // C
  /** The column of each parameter, (P). */
  readonly owner: Int32Array;
  /** Parameters of the columns that are not linear in their parameters: only these have a `curve`. */
  readonly bent: readonly Int32Array[];
  /** The same, column by column, as a plan. */
  readonly plan: readonly ColumnPlan[];
  /** Fills `point` for the node at nu[atNu…] between units and eta[atEta…] within them. */
  at(theta: Float64Array, nu: Float64Array, atNu: number, eta: Float64Array, atEta: number, point: Point, order: Order): void;
}

/** Where results go: arrays over all units and blocks of units, which several kernels may share. */
export interface Results {
  /** Log-likelihoods, not weighted, (U). */
  readonly value: Float64Array;
  /** Effective numbers of nodes, (U). */
  readonly effective: Float64Array;
  /** Weighted scores, (U, P). */
  readonly scores: Float64Array;
  /** Weighted sums over each block of the outer products of scores and of Hessians, lower triangles, (B, 2, P (P + 1) / 2). */
  readonly curvature: Float64Array;
}

/** Which kernel computes: the compiled one, or the readable one that defines it. */
export type Engine = "wasm" | "typescript";

/** The log-likelihood of units, one at a time: first nodes are laid, then a point is taken, then units are asked for. */
export interface PanelKernel {
  readonly engine: Engine;
  /** Nodes to average over, from now on. */
  lay(lattice: Lattice): void;
  /** The parameters (P) to compute at, from now on, and how much to compute. */
  begin(theta: Float64Array, order: Order): void;
  /**
   * Log-likelihood of one unit (eq:panel); adds its score to g (P) and its Hessian to the lower triangle of h (P, P):
   *
   *   L_i = log sum_r w_r prod_t P_it(b_ir)                                       between only
   *   L_i = log sum_r w_r prod_t sum_s v_s P_it(b_irts)                           between and within (eq:nested)
   */
  unit(u: number, g: Float64Array, h: Float64Array): number;
  /**
   * Units from … to of one block in one go, where a kernel can: the results of each go to its place, counted from `first`, and
   * their sums onto those that begin at `sums` in `curvature`. Returns the first unit that has to be asked for by itself, or `to`.
   */
  run?(from: number, to: number, results: Results, first: number, sums: number): number;
  /** Effective number of nodes of the unit computed last: 1 / sum_r pi_r², of R. Few means that few nodes did all the work. */
  effective(): number;
  /** Fills out (R) with the share pi_r of each node in the likelihood of a unit, which sum to one, and returns its log-likelihood. */
  shares(u: number, out: Float64Array): number;
  /**
   * Mean (D) and covariance (lower triangle) of a unit's nodes, each counted by its share, and its effective number of nodes;
   * NaN, and nothing filled, where the definition has to be asked. Only where a kernel can do it faster than through `shares`.
   */
  moments?(u: number, mean: Float64Array, covariance: Float64Array): number;
}

/** The readable kernel: the definition that any faster one is tested against. */
export function panelKernel(choices: Choices, coefficients: Coefficients): PanelKernel {
  const {d, row, unit} = choices;
  let lattice = pointLattice(unit.length - 1);
  let z = new Float64Array(0); // nodes of the unit at hand, (R, D)
  let w = new Float64Array(1); // and their weights, (R)
  let eta = new Float64Array(0);
  let logs = new Float64Array(1); // log-likelihood at each of its nodes, (R)
  let theta = new Float64Array(coefficients.size);
  let order: Order = 0;
  const {columns: C, size: P} = coefficients;
  const point: Point = {b: new Float64Array(C), jacobian: new Float64Array(P), curve: new Float64Array(P * P)};
  const s = new Float64Array(C);
  const H = new Float64Array(C * C);
  const m = new Float64Array(C);
  const p = new Float64Array(largestSet(row));
  const weighted = new Float64Array(p.length * C);
  const u = new Float64Array(P); // gradient and Hessian of the log-likelihood at one node
  const k = new Float64Array(P * P);
  const HJ = new Float64Array(P);
  const owned = Array.from({length: C}, (_, c) => Int32Array.from(coefficients.owner.keys()).filter((a) => coefficients.owner[a] === c));
  const over: Mixture = mixture(P);
  const inner: Mixture = mixture(P);
  const uAll = new Float64Array(P); // their sums over situations, when nodes are nested
  const kAll = new Float64Array(P * P);

  /** log P of situation n at the point, adding to s and H. */
  function situation(n: number, order: Order): number {
    const logP = logitInto(p, d, row[n], row[n + 1], point.b);
    if (order === 1) addScore(s, d, row[n], row[n + 1], p);
    if (order === 2) addCurvature(s, H, d, row[n], row[n + 1], p, weighted, m);
    return logP;
  }

  /** From derivatives in b to derivatives in theta: u = J's, k = J'HJ + sum_c s_c d²b_c. */
  function chain(order: Order, k: Float64Array): void {
    const {owner, bent} = coefficients;
    const {jacobian: J, curve} = point;
    if (order > 0) for (let a = 0; a < P; ++a) u[a] = s[owner[a]] * J[a];
    if (order < 2) return;
    for (let c = 1; c < C; ++c) for (let f = 0; f < c; ++f) H[f * C + c] = H[c * C + f];
    for (let c = 0; c < C; ++c) {
      // One row of HJ serves all parameters of a column, and leaves a plain loop inside.
      for (let e = 0, from = c * C; e < P; ++e) HJ[e] = H[from + owner[e]] * J[e];
      const own = owned[c];
      for (let m = 0; m < own.length; ++m) {
        const a = own[m];
        const Ja = J[a];
        const from = a * P;
        for (let e = 0; e <= a; ++e) k[from + e] = Ja * HJ[e];
      }
    }
    for (const own of bent) {
      for (const a of own) for (const e of own) if (e <= a) k[a * P + e] += s[owner[a]] * curve[a * P + e];
    }
  }

  function forget(order: Order): void {
    if (order > 0) s.fill(0);
    if (order > 1) H.fill(0);
  }

  function between(i: number): void {
    const {dimensions: D, count: R} = lattice;
    for (let r = 0; r < R; ++r) {
      coefficients.at(theta, z, r * D, eta, 0, point, order);
      forget(order);
      let L = 0;
      for (let n = unit[i]; n < unit[i + 1]; ++n) L += situation(n, order);
      chain(order, k);
      logs[r] = L;
      add(over, w[r], L, u, k, order);
    }
  }

  /** The nodes within situation n and outer node r, node s of S. */
  function within({nodes, dimensions: E, count: S, by}: Inner, n: number, s: number, r: number): void {
    const R = lattice.count;
    const at = by === "all" ? s * E : (n * S + s) * E;
    for (let e = 0; e < E; ++e) eta[e] = by === "node" ? nodes[(at + e) * R + r] : nodes[at + e];
  }

  function nested(i: number, inside: Inner): void {
    const {dimensions: D, count: R} = lattice;
    for (let r = 0; r < R; ++r) {
      let L = 0;
      uAll.fill(0);
      if (order > 1) kAll.fill(0);
      for (let n = unit[i]; n < unit[i + 1]; ++n) {
        clear(inner, order);
        for (let s = 0; s < inside.count; ++s) {
          within(inside, n, s, r);
          coefficients.at(theta, z, r * D, eta, 0, point, order);
          forget(order);
          const logP = situation(n, order);
          chain(order, k);
          add(inner, inside.weights[s], logP, u, k, order);
        }
        L += finishInto(uAll, kAll, inner, order);
      }
      logs[r] = L;
      add(over, w[r], L, uAll, kAll, order);
    }
  }

  function average(i: number): void {
    clear(over, order);
    nodesInto(z, w, lattice, i);
    if (lattice.inner) nested(i, lattice.inner);
    else between(i);
  }

  return {
    engine: "typescript",
    lay(given) {
      lattice = given;
      z = new Float64Array(given.count * given.dimensions);
      w = new Float64Array(given.count);
      logs = new Float64Array(given.count);
      eta = new Float64Array(given.inner?.dimensions ?? 0);
    },
    begin(point, much) {
      theta = point.slice();
      order = much;
    },
    unit(i, g, h) {
      average(i);
      return finishInto(g, h, over, order);
    },
    effective: () => (over.total * over.total) / over.squares,
    shares(i, out) {
      const asked = order;
      order = 0;
      average(i);
      order = asked;
      for (let r = 0; r < out.length; ++r) out[r] = (w[r] * Math.exp(logs[r] - over.top)) / over.total;
      return over.top + Math.log(over.total);
    }
  };
}

/** Rows of the situation that has most. */
export function largestSet(row: Int32Array): number {
  let most = 0;
  for (let n = 0; n + 1 < row.length; ++n) most = Math.max(most, row[n + 1] - row[n]);
  return most;
}
