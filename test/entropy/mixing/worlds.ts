import {fromLong} from "../../../src/data/fromLong.js";
import type {ChoiceData} from "../../../src/data/choiceData.js";
import {source} from "../../../src/math/random.js";

// Six situations of three alternatives (price, quality, choice), small enough to check by hand: sum of prices paid 10.4.
const price = [[1, 2, 3], [2.5, 1.5, 2], [3, 1, 2], [1.2, 2.2, 0.8], [2, 2.4, 1.1], [1.5, 1, 2.6]];
const quality = [[0.2, 0.9, 1.4], [1, 0.3, 0.8], [1.3, 0.1, 0.7], [0.4, 1.1, 0.2], [0.9, 1.2, 0.1], [0.6, 0.3, 1.5]];
const choice = [1, 1, 2, 0, 2, 2];

export const sixRows = price.flatMap((row, n) => row.map((p, j) => ({situation: n, alternative: "abc"[j], price: p, quality: quality[n][j], chosen: Number(choice[n] === j)})));

export const six = fromLong(sixRows, {chosen: "chosen", alternative: "alternative", situation: "situation"});

/**
 * People of two types, price coefficients around -2 (four in ten) and -0.5, quality 0.7 for all; attributes uniform on [-2, 2].
 *
 * @param spread standard deviation within a type
 */
export function twoTypes(people: number, situations: number, seed: number, spread = 0): ChoiceData {
  const rows: Record<string, string | number>[] = [];
  for (let i = 0; i < people; ++i) {
    const stream = source(seed).stream("two types", i);
    const b = (stream.uniform() < 0.4 ? -2 : -0.5) + (spread && spread * stream.normal());
    for (let t = 0; t < situations; ++t) {
      const options = ["a", "b", "c"].map((alternative) => ({person: i, situation: t, alternative, price: 4 * stream.uniform() - 2, quality: 4 * stream.uniform() - 2}));
      const utility = options.map((o) => b * o.price + 0.7 * o.quality - Math.log(-Math.log(stream.uniform())));
      const best = utility.indexOf(Math.max(...utility));
      options.forEach((o, j) => rows.push({...o, chosen: Number(j === best)}));
    }
  }
  return fromLong(rows, {chosen: "chosen", alternative: "alternative", situation: "situation", person: "person", attributes: ["price", "quality"]});
}
