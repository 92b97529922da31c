import {fitHead, fitRows, megabytes, race, seconds, total} from "../race.js";

export const title = "Large panels";

const limit = 300;

export async function run(shop) {
  const [people, crowd, R] = [shop.size(500, 20_000), shop.size(1000, 50_000), shop.size(100, 1000)];
  const world = {maker: "simulated", situations: 8, alternatives: 5, attributes: 10, random: 4, seed: 77};
  const records = await race(shop, await shop.problem({...world, people}), [{name: "ours, as it comes", program: "ours", options: {}}], {rounds: 1, limit: 580, warm: false});
  const crowded = await shop.problem({...world, people: crowd});
  const evaluated = await evaluation(shop, crowded, R);
  const whole = await race(shop, crowded, [{name: `ours, as it comes, ${crowd.toLocaleString("en")} people`, program: "ours", options: {}}], {rounds: 1, limit, warm: false});
  const [fit] = records[0].cold;
  const enough = people === 20_000;
  return {
    words: [
      `Simulated worlds: people with 8 situations of 5 alternatives, 10 attributes, 4 of them with normal coefficients. ${people.toLocaleString("en")} people fitted by the default rule; ${crowd.toLocaleString("en")} people for the memory, one set of ${R} Sobol draws for all; the last row is their whole fit, given ${limit} s.`,
      evaluated.error ? `The evaluation of ${crowd.toLocaleString("en")} people: ${evaluated.error}.` : `One log-likelihood and gradient of ${crowd.toLocaleString("en")} people, R = ${R}, one thread: ${seconds(evaluated.seconds)} s, with the Hessian ${seconds(evaluated.hessian)} s. Peak memory of the process ${megabytes(evaluated.peak)} MB, of which ${megabytes(evaluated.loaded)} MB had been reached with the columns in memory, before anything was asked of the library.`
    ],
    tables: [{head: fitHead, rows: fitRows([...records, ...whole])}],
    targets: [
      {what: `${people.toLocaleString("en")} people × 8 × 5, 4 random, default rule`, want: "report it", got: fit ? `${seconds(total(fit))} s` : records[0].out},
      {what: `memory of ${crowd.toLocaleString("en")} people × 8 × 5, 10 attributes, 4 random, R = ${R}`, want: "under 0.5 GB", got: evaluated.peak ? `${megabytes(evaluated.peak)} MB` : "–", met: enough && evaluated.peak ? evaluated.peak < 0.5e9 : undefined}
    ],
    data: {records, evaluated, whole}
  };
}

/** One evaluation in a process of its own, and the most memory that process ever held. */
async function evaluation(shop, path, draws) {
  const child = await shop.ours();
  try {
    const {peak: loaded} = await child.ask({do: "load", path});
    const {names} = await child.ask({do: "place", draws, rule: "sobol", shared: true}, limit);
    const theta = Object.fromEntries(names.map((name) => [name, name.startsWith("sd[") ? 0.5 : 0.3]));
    const first = await child.ask({do: "evaluate", theta, order: 1}, limit);
    const hessian = await child.ask({do: "evaluate", theta, order: 2}, limit);
    return {loaded, seconds: first.seconds, hessian: hessian.seconds, peak: hessian.peak};
  } catch (error) {
    return {error: error.message};
  } finally {
    await child.close();
  }
}
