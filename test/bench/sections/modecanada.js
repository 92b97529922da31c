import {fitHead, fitRows, race, seconds, total} from "../race.js";
import {median} from "../rounds.js";

export const title = "ModeCanada: ragged sets";

export async function run(shop) {
  const R = shop.size(8, 32);
  const path = await shop.problem({maker: "modecanada"});
  const once = {rounds: 1};
  const records = await race(shop, path, [
    {name: `ours, ${R} Sobol draws, plain`, program: "ours", options: {rule: "sobol", draws: R}},
    {name: `xlogit, ${R} Halton draws, sets filled up`, program: "xlogit", options: {draws: R}},
    {name: `ours, ${R} Sobol draws, centred`, program: "ours", options: {integration: "centred", draws: R}, ...once},
    {name: "ours, as it comes", program: "ours", options: {}, ...once},
    {name: `ours, ${R} Halton draws`, program: "ours", options: {rule: "halton", draws: R}, ...once},
    {name: `TorchDCM, ${R} draws shared by all, one thread`, program: "torchdcm", options: {draws: R}, threads: 1, ...once}
  ], {rounds: shop.size(1, 7), limit: shop.size(60, 120)});
  const cold = median(records[0].cold.map(total));
  return {
    words: ["4,324 travellers with two, three or four modes on offer; constants, and normal coefficients of cost, time in and out of the vehicle, and frequency. Three of the four spreads are zero at the maximum, where climbing is slow."],
    tables: [{head: fitHead, rows: fitRows(records)}],
    targets: [{what: `ModeCanada, ragged, mixed, R = ${R}`, want: "at most 0.3 s", got: `${seconds(cold)} s`, met: cold <= 0.3}],
    data: {records}
  };
}
