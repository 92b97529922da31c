import {shown} from "../rich.js";
import type {Shown} from "../rich.js";

/** A figure is its kind and its numbers; it is drawn when it is looked at. */
export interface FigureFacts<D extends object = object> {
  /** Which drawing: "convergence", "coefficients", "shares". */
  readonly figure: string;
  /** The numbers behind the picture, to draw it differently. */
  readonly facts: D;
}

export type Figure<D extends object = object> = FigureFacts<D> & Shown;

/** A figure of a kind. */
export const figure = <D extends object>(kind: string, facts: D): Figure<D> => shown("figure", {figure: kind, facts});
