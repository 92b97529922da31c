import {ChoiceError, kindOf, quote} from "../errors.js";
import {entropy} from "./entropy.js";
import {supports} from "./supports.js";

/**
 * What it costs a representative consumer to give a good the share x: a strictly convex function phi on (0, 1), with what
 * demand and pricing ask of it (eq:consumer). `entropy` makes logit demand; `supports(M)` the demand of supports for
 * probabilities; `fitPerturbations` learns one from prices and shares.
 */
export interface Perturbation {
  readonly name: string;
  /** phi(x), up to a constant. */
  value(x: number): number;
  /** phi'(x), increasing. */
  slope(x: number): number;
  /** phi''(x). */
  curvature(x: number): number;
  /** phi'''(x). */
  third(x: number): number;
  /** The x with phi'(x) = y: share at a net utility of y. Above 1 where no share within (0, 1) has so steep a cost. */
  share(y: number): number;
  /** d share / dy = 1 / phi''. */
  response(y: number): number;
  /** An upper bound of |d2 share / dy2| from y = low to y = high; Infinity where phi' has a kink between. */
  bend(low: number, high: number): number;
  /** Where phi' has kinks, if it has. */
  readonly knots?: readonly number[];
}

/** A perturbation, or a short word for one. */
export type PerturbationChoice = "entropy" | {readonly supports: number | ArrayLike<number>} | Perturbation;

const fields = ["value", "slope", "curvature", "third", "share", "response", "bend"] as const;

/** "entropy", {supports: 5} or a perturbation, as a perturbation. */
export function maybePerturbation(at: string, option: string, choice: PerturbationChoice): Perturbation {
  if (choice === "entropy") return entropy;
  if (typeof choice === "object" && choice !== null) {
    if ("supports" in choice && Object.keys(choice).length === 1) return supports(choice.supports);
    if (fields.every((field) => typeof (choice as Perturbation)[field] === "function")) return choice as Perturbation;
  }
  throw new ChoiceError("pricing/perturbation", {
    at, value: choice, saw: `${option}: ${typeof choice === "object" ? kindOf(choice) : quote(choice)}`,
    want: "a perturbation", hint: `${option}: "entropy", ${option}: {supports: 5}, or what fitPerturbations found`
  });
}
