import type {Matrix} from "ml-matrix";
import type {Engine} from "../kernels/panel.js";
import type {Multipliers} from "./programme.js";

/** How exactly the conditions of an optimum hold at a solution, each an absolute residual unless it says otherwise. */
export interface Certificate {
  /** |primal - dual| over 1 + |dual|. */
  readonly gap: number;
  /** Largest |ln(pi / prior) + normaliser + s (eta + mu)|, signal and noise: zero by construction of a dual solution, measured for a primal one. */
  readonly stationarity: number;
  /** Largest |b - sum z (p + e) - slack|, over the largest total that z allows. */
  readonly moments: number;
  /** Largest |1 - sum_j p_nj|. */
  readonly addingUp: number;
  /** Largest |sum_j e_nj|; 0 where errors need not sum to zero. */
  readonly errorSum: number;
}

/** One step of a solver, as a convergence plot wants it. */
export interface DualStep {
  readonly iteration: number;
  /** The dual, which falls. */
  readonly value: number;
  /** Largest moment residual, as in the certificate. */
  readonly residual: number;
  /** Length of the step taken, 1 for a whole Newton step. */
  readonly step: number;
  readonly seconds: number;
}

export type SolverName = "joint" | "nested" | "primal";

/** Multipliers that solve a programme, with the proof. */
export interface Solution extends Multipliers {
  /** The dual at the solution, which equals the entropies: -KL where there are priors. */
  readonly value: number;
  /** b - sum z (p + e) + Omega lambda, (K). */
  readonly gradient: Float64Array;
  /** Curvature of the dual in lambda with mu and nu solved for, G + Omega, (K, K). */
  readonly curvature: Matrix;
  /** Entropies of the distributions behind p (pi, or p itself) and behind the errors, weights counted, relative to the priors. */
  readonly entropy: {readonly signal: number; readonly noise: number};
  readonly certificate: Certificate;
  readonly solver: SolverName;
  readonly engine: Engine;
  readonly threads: number;
  readonly iterations: number;
  /** "unbounded": multipliers run away, as totals cannot be met or choices are separated. */
  readonly ending: "converged" | "iterations" | "stopped" | "stuck" | "unbounded";
  readonly path: readonly DualStep[];
}

/** What stands in the cells of one situation at a solution. */
export interface Cells {
  readonly p: Float64Array; // (J)
  readonly errors: Float64Array; // (J), zeros without noise
  /** Var of the support behind p, (J); p itself for shannon: what effects are made of. */
  readonly spread: Float64Array;
  /** Its third central moment, (J); p for shannon. */
  readonly skew: Float64Array;
  /** Distributions behind p, (J, M), and behind the errors, (J, H); absent for shannon, or without noise. */
  readonly pi?: Float64Array;
  readonly w?: Float64Array;
}
