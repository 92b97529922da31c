import {oneLine} from "../escape.js";
import {width, wrap} from "../width.js";

/** Names as lines of at most so many columns: in a margin, where a longer one would be cut. */
export const inMargin = (name: string, most = 30): string => wrap(oneLine(name), most).join("\n");

/** How many lines the tallest of some names takes. */
export const tallest = (names: readonly string[]): number => Math.max(1, ...names.map((name) => name.split("\n").length));

/** Room for such names, in pixels. */
export const marginOf = (names: readonly string[]): number => 22 + 6.7 * Math.max(4, ...names.flatMap((name) => name.split("\n").map(width)));
