import type {Order} from "./mixture.js";
import {addCurvature, addScore, logitInto} from "./logit.js";
import {add, clear, finishInto, mixture, type Mixture} from "./mixture.js";
export type {Order};

/** Choices as the kernels read them: differences to the chosen row, and pointers. */
export interface Choices {
  /** Differences z_j - z_chosen, (rows not chosen, C), row-major. */
  readonly d: Float64Array;
  /** Pointers from situations to rows of d, (N + 1). */
  readonly row: Int32Array;
  /** Pointers from units (what is integrated together: people, or situations) to situations, (U + 1). */
  readonly unit: Int32Array;
  readonly columns: number;
}

/** The coefficients at a node, with their derivatives: filled by `Coefficients.at`. */
export interface Point {
  readonly b: Float64Array; // (C)
  /** db_c / dtheta_p for the one column c that parameter p belongs to, (P). */
  readonly jacobian: Float64Array;
  /** d²b_c / dtheta_p dtheta_q where p and q belong to one column, (P, P), lower triangle; zero elsewhere. */
  readonly curve: Float64Array;
}

/** How a node becomes coefficients. Each parameter belongs to exactly one column. */
export interface Coefficients {
  readonly size: number; // P
  readonly columns: number; // C
  /** The column of each parameter, (P). */
  readonly owner: Int32Array;
  /** Parameters of the columns that are not linear in their parameters: only these have a `curve`. */
  readonly bent: readonly Int32Array[];
  /** Fills `point` for the node at nu[atNu…] between units and eta[atEta…] within them. */
  at(theta: Float64Array, nu: Float64Array, atNu: number, eta: Float64Array, atEta: number, point: Point, order: Order): void;
}

/** Nodes of one unit: (R, D) with weights (R); within it, for each node and situation, (S, E) with weights (S). */
export interface UnitNodes {
  readonly nu: Float64Array;
  readonly weights: Float64Array;
  readonly dimensions: number;
  readonly within?: {
    readonly eta: Float64Array;
    readonly weights: Float64Array;
    readonly dimensions: number;
    /** Where the nodes of node r and situation t of the unit begin, in numbers: shared nodes answer 0. */
    start(r: number, t: number): number;
  };
}

export interface PanelKernel {
  /**
   * Log-likelihood of one unit (eq:panel); adds its score to g (P) and its Hessian to the lower triangle of h (P, P):
   *
   *   L_i = log sum_r w_r prod_t P_it(b_ir)                                       between only
   *   L_i = log sum_r w_r prod_t sum_s v_s P_it(b_irts)                           between and within (eq:nested)
   */
  unit(theta: Float64Array, u: number, nodes: UnitNodes, g: Float64Array, h: Float64Array, order: Order): number;
  /** Effective number of nodes of the unit computed last: 1 / sum_r pi_r², of R. Few means that few nodes did all the work. */
  effective(): number;
}

const none = new Float64Array(0);

/** The readable kernel: the definition that any faster one is tested against. */
export function panelKernel(choices: Choices, coefficients: Coefficients): PanelKernel {
  const {d, row, unit} = choices;
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

  /** From derivatives in b to derivatives in theta: u = J's, k = J'HJ + sum_c s_c d²b_c; added to k when `onto` is true. */
  function chain(order: Order, k: Float64Array, onto: boolean): void {
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
        if (onto) for (let e = 0; e <= a; ++e) k[from + e] += Ja * HJ[e];
        else for (let e = 0; e <= a; ++e) k[from + e] = Ja * HJ[e];
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

  function between(theta: Float64Array, i: number, {nu, weights, dimensions}: UnitNodes, order: Order): void {
    for (let r = 0; r < weights.length; ++r) {
      coefficients.at(theta, nu, r * dimensions, none, 0, point, order);
      forget(order);
      let L = 0;
      for (let n = unit[i]; n < unit[i + 1]; ++n) L += situation(n, order);
      chain(order, k, false);
      add(over, weights[r], L, u, k, order);
    }
  }

  function nested(theta: Float64Array, i: number, {nu, weights, dimensions, within}: UnitNodes, order: Order): void {
    for (let r = 0; r < weights.length; ++r) {
      let L = 0;
      uAll.fill(0);
      if (order > 1) kAll.fill(0);
      for (let n = unit[i]; n < unit[i + 1]; ++n) {
        const start = within!.start(r, n - unit[i]);
        if (within!.weights.length === 1) {
          // One node is its own average: no mixture to take.
          coefficients.at(theta, nu, r * dimensions, within!.eta, start, point, order);
          forget(order);
          L += situation(n, order);
          chain(order, kAll, true);
          if (order > 0) for (let a = 0; a < P; ++a) uAll[a] += u[a];
          continue;
        }
        clear(inner, order);
        for (let e = 0; e < within!.weights.length; ++e) {
          coefficients.at(theta, nu, r * dimensions, within!.eta, start + e * within!.dimensions, point, order);
          forget(order);
          const logP = situation(n, order);
          chain(order, k, false);
          add(inner, within!.weights[e], logP, u, k, order);
        }
        L += finishInto(uAll, kAll, inner, order);
      }
      add(over, weights[r], L, uAll, kAll, order);
    }
  }

  return {
    unit(theta, i, nodes, g, h, order) {
      clear(over, order);
      (nodes.within ? nested : between)(theta, i, nodes, order);
      return finishInto(g, h, over, order);
    },
    effective: () => (over.total * over.total) / over.squares
  };
}

function largestSet(row: Int32Array): number {
  let most = 0;
  for (let n = 0; n + 1 < row.length; ++n) most = Math.max(most, row[n + 1] - row[n]);
  return most;
}
