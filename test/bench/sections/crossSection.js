import {distance, fitHead, fitRows, longer, race, seconds, total} from "../race.js";
import {reference, referenceWords} from "../reference.js";
import {median} from "../rounds.js";

export const title = "A cross-section, a whole fit";

export async function run(shop) {
  const people = shop.size(500, 4000);
  const problem = {maker: "simulated", people, situations: 1, alternatives: 3, attributes: 7, random: 3, seed: 2024};
  const R = shop.size(100, 500);
  const fine = await reference(shop, "crossSection", problem, shop.size({options: {integration: "centred", draws: 512}, seeds: [11, 12]}, {options: {integration: "centred", draws: 8192}, seeds: [11, 12, 13, 14]}));
  const path = await shop.problem(problem);
  const once = {rounds: 1};
  const records = await race(shop, path, [
    {name: "ours, as it comes", program: "ours", options: {}},
    {name: `xlogit, ${R} Halton draws`, program: "xlogit", options: {draws: R}},
    {name: "ours, one thread", program: "ours", options: {}, threads: 1, ...once},
    {name: `ours, ${R} Halton draws`, program: "ours", options: {rule: "halton", draws: R}, ...once},
    {name: `TorchDCM, ${R} draws shared by all, one thread`, program: "torchdcm", options: {draws: R}, threads: 1, ...once}
  ], {rounds: shop.size(1, 7), limit: shop.size(60, 120)});
  const [ours, xlogit] = records;
  const {rms} = distance(ours.cold[0].estimates, fine);
  const cold = median(ours.cold.map(total));
  const faster = longer(xlogit, ours);
  return {
    words: [
      `A simulated world: ${people.toLocaleString("en")} people with one situation of three alternatives each, seven attributes, the first three with independent normal coefficients.`,
      referenceWords(fine),
      ...(faster ? [`xlogit takes ${faster.toFixed(1)} times as long as ours.`] : [])
    ],
    tables: [{head: fitHead, rows: fitRows(records, fine)}],
    targets: [{what: `a cross-section of ${people.toLocaleString("en")} × 3, three normals, at 0.1 standard errors`, want: "at most 0.5 s", got: `${seconds(cold)} s at ${rms.toPrecision(2)} standard errors`, met: cold <= 0.5 && rms <= 0.1}],
    data: {records}
  };
}
