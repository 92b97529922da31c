import {distance, fitHead, fitRows, longer, race, seconds, total} from "../race.js";
import {reference, referenceWords} from "../reference.js";
import {median} from "../rounds.js";

export const title = "Electricity, a whole fit";

export async function run(shop) {
  const problem = {maker: "electricity"};
  const R = shop.size(50, 500);
  const fine = await reference(shop, "electricity", problem, shop.size({options: {integration: "centred", draws: 256}, seeds: [11, 12]}, {options: {integration: "centred", draws: 4096}, seeds: [11, 12, 13, 14]}));
  const path = await shop.problem(problem);
  const once = {rounds: 1};
  const records = await race(shop, path, [
    {name: "ours, as it comes", program: "ours", options: {}},
    {name: `xlogit, ${R} Halton draws`, program: "xlogit", options: {draws: R}},
    {name: "ours, one thread", program: "ours", options: {}, threads: 1, ...once},
    {name: `ours, ${R} Halton draws`, program: "ours", options: {rule: "halton", draws: R}, ...once},
    {name: `jaxlogit, ${R} Halton draws`, program: "jaxlogit", options: {draws: R}, ...once},
    {name: `TorchDCM, ${R} draws shared by all, one thread`, program: "torchdcm", options: {draws: R}, threads: 1, ...once},
    {name: `Biogeme, ${R} Latin hypercube draws`, program: "biogeme", options: {draws: R}, ...once}
  ], {rounds: shop.size(1, 5), limit: shop.size(60, 120)});
  const [ours, xlogit] = records;
  const {rms} = distance(ours.cold[0].estimates, fine);
  const cold = median(ours.cold.map(total));
  const faster = longer(xlogit, ours);
  const {logLikelihood} = ours.cold[0];
  return {
    words: [
      "Six independent normals; a fresh process each time, from columns in memory to estimates with covariance, interleaved; warm is the same fit again in the same process, the last of up to five. Programs count on as many threads as they like, unless said.",
      referenceWords(fine),
      ...(longer(xlogit, ours, "warm") ? [`Warm, xlogit takes ${longer(xlogit, ours, "warm").toFixed(1)} times as long as ours.`] : [])
    ],
    tables: [{head: fitHead, rows: fitRows(records, fine)}],
    targets: [
      {what: "Electricity, six normals, cold start to final table", want: "at most 0.5 s", got: `${seconds(cold)} s`, met: cold <= 0.5},
      {what: "its error", want: "at most 0.07 standard errors (rms)", got: `${rms.toPrecision(2)} (reference sure to ${fine.own.toPrecision(2)})`, met: rms <= 0.07},
      {what: `against xlogit at R = ${R}`, want: "at least 50 times faster", got: faster && `${faster.toFixed(1)} times; xlogit is ${distance(xlogit.cold[0].estimates, fine).rms.toPrecision(2)} standard errors off`, met: faster && faster >= 50},
      {what: "its log-likelihood", want: "−3878.94 ± 0.15", got: logLikelihood.toFixed(3), met: Math.abs(logLikelihood + 3878.94) <= 0.15}
    ],
    data: {records}
  };
}
