import {fromLong} from "../../src/data/fromLong.js";
import type {ChoiceData} from "../../src/data/choiceData.js";

/** Choices from nested lists: columns[name][n][j], and the alternative chosen in each situation, counted from 0. */
export function choicesOf(columns: Readonly<Record<string, readonly (readonly number[])[]>>, chosen: readonly number[], alternatives = ["a", "b", "c", "d"]): ChoiceData {
  return fromLong(rowsOf(columns, chosen, alternatives), {chosen: "took", alternative: "alternative", situation: "n", attributes: Object.keys(columns)});
}

export function rowsOf(columns: Readonly<Record<string, readonly (readonly number[])[]>>, chosen?: readonly number[], alternatives = ["a", "b", "c", "d"]) {
  const [first] = Object.values(columns);
  return first.flatMap((row, n) => row.map((_, j) => ({n, alternative: alternatives[j], ...(chosen && {took: Number(chosen[n] === j)}), ...Object.fromEntries(Object.entries(columns).map(([name, x]) => [name, x[n][j]]))})));
}

// Three little problems by hand. Their solutions in the tests are those of a program of its own, in another language: the dual
// with mu and nu solved for in every situation by bisection and Newton, lambda by Newton, in double precision; some of them
// confirmed by a primal solver (sequential quadratic programming).
export const prices = [[1, 2, 3], [2.5, 1.5, 2], [3, 1, 2], [1.2, 2.2, 0.8]];
export const qualities = [[0.2, 0.9, 1.4], [1, 0.3, 0.8], [1.3, 0.1, 0.7], [0.4, 1.1, 0.2], [0.9, 1.2, 0.1], [0.6, 0.3, 1.5]];

/** Four situations of three, a price; the total chosen is 5.3. */
export const four = choicesOf({price: prices}, [0, 1, 2, 2]);
/** Five situations of two. */
export const pairs = choicesOf({price: [[1, 2], [2, 1.5], [3, 1], [1.2, 2.2], [2, 2.4]]}, [0, 0, 1, 0, 1]);
/** Six situations of three, price and quality. */
export const six = choicesOf({price: [...prices, [2, 2.4, 1.1], [1.5, 1, 2.6]], quality: qualities}, [1, 1, 2, 0, 2, 2]);
