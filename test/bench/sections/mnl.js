import {fitHead, fitRows, race, seconds, total} from "../race.js";
import {median} from "../rounds.js";

export const title = "Multinomial logit";

export async function run(shop) {
  const [N, many] = [shop.size(5000, 100_000), shop.size(20_000, 1_000_000)];
  const large = {maker: "multinomial", situations: N, alternatives: 4, attributes: 6, seed: 5};
  const huge = {maker: "multinomial", situations: many, alternatives: 12, attributes: 6, seed: 6};
  const records = await race(shop, await shop.problem(large), [
    {name: "ours", program: "ours", options: {}},
    {name: "ours, one thread", program: "ours", options: {}, threads: 1},
    {name: "TorchDCM, one thread", program: "torchdcm", options: {}, threads: 1},
    {name: "TorchDCM", program: "torchdcm", options: {}},
    {name: "larch, one thread", program: "larch", options: {}, threads: 1},
    {name: "larch", program: "larch", options: {}},
    {name: "xlogit", program: "xlogit", options: {}, rounds: 1},
    {name: "Biogeme", program: "biogeme", options: {}, rounds: 1}
  ], {rounds: shop.size(1, 3), limit: shop.size(60, 120)});
  const most = await race(shop, await shop.problem(huge), [
    {name: "ours", program: "ours", options: {}},
    {name: "larch", program: "larch", options: {}, rounds: 1}
  ], {rounds: shop.size(1, 2), limit: 300});

  const ours = best(records, "ours");
  const others = ["torchdcm", "larch"].map((name) => ({name, time: best(records, name)})).filter(({time}) => time !== undefined);
  const share = others.length ? Math.max(...others.map(({time}) => ours / time)) : undefined;
  return {
    words: [
      `${N.toLocaleString("en")} situations of four alternatives, six coefficients, with covariance. Warm times leave out what compilers do the first time, which for numba, JAX and PyTorch is seconds.`,
      ...(others.length ? [`Warm, without reading: ours ${seconds(ours)} s; ${others.map(({name, time}) => `${name} at its best ${seconds(time)} s, ${(time / ours).toFixed(2)} times ours`).join("; ")}.`] : []),
      `The second table is ${many.toLocaleString("en")} situations of twelve alternatives; the columns that come in are ${((many * 12 * (6 * 8 + 3 * 4)) / 1e6).toFixed(0)} MB of its memory.`
    ],
    tables: [{head: fitHead, rows: fitRows(records)}, {head: fitHead, rows: fitRows(most)}],
    targets: [{what: `multinomial logit, ${N.toLocaleString("en")} × 4, six coefficients, with covariance`, want: "at most half of TorchDCM's or larch's time", got: share && `${(share * 100).toFixed(0)} % of the faster of them (warm, from the program's own data to covariance)`, met: share && share <= 0.5}],
    data: {records, most}
  };
}

/** The least median warm time of a program's settings, without reading: reading is where programs differ in what they are given. */
function best(records, program) {
  const times = records.filter((record) => record.program === program && record.warm.length).map(({warm}) => median(warm.map(({fit}) => fit)));
  return times.length ? Math.min(...times) : undefined;
}
