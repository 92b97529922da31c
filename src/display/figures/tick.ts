import {brief, scientific} from "../format.js";

/** A number on an axis, with a true minus. */
export const tick = (x: number): string => (Math.abs(x) >= 1e5 ? scientific(x, 2) : brief(x)).replaceAll("-", "\u2212");
