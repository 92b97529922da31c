import {cpus} from "node:os";
import {least, rounds} from "../rounds.js";

export const title = "Growth";

export async function run(shop) {
  const base = {people: shop.size(50, 400), situations: 8, alternatives: 4, coefficients: 6, draws: shop.size(32, 128), threads: 1};
  const steps = {
    people: [1, 2, 4, 8].map((by) => (base.people * by) / 2),
    situations: [1, 4, 8, 16, 32],
    alternatives: [2, 4, 8, 16],
    coefficients: [1, 3, 6, 12],
    draws: [1, 2, 4, 8].map((by) => (base.draws * by) / 2),
    threads: [1, 2, 4, 8].filter((threads) => threads <= cpus().length)
  };
  const curves = {};
  for (const [what, sizes] of Object.entries(steps)) {
    curves[what] = [];
    for (const size of sizes) curves[what].push({size, ...await timed(shop, {...base, [what]: size})});
    shop.note(`  ${what}`);
  }
  return {
    words: [
      `One log-likelihood and gradient, and the same with the Hessian, of simulated panels with all coefficients normal. Each curve moves one size and keeps the others at ${Object.entries(base).map(([name, size]) => `${size} ${name}`).join(", ")}. The exponent is the slope in logarithms: 1 is proportional. Leasts over ${count(shop)} rounds, each the mean of five, or of two with the Hessian.`
    ],
    tables: Object.entries(curves).map(([what, points]) => ({
      head: [what, ...points.map(({size}) => String(size)), "exponent"],
      rows: ["gradient", "hessian"].map((order) => [`${order === "gradient" ? "with the gradient" : "with the Hessian"}, ms`, ...points.map((point) => (point.error ? "–" : (point[order] * 1000).toPrecision(3))), slope(points.filter(({error}) => !error), order)])
    })),
    targets: [],
    data: {base, curves}
  };
}

const count = (shop) => shop.size(3, 15);

async function timed(shop, {people, situations, alternatives, coefficients, draws, threads}) {
  const path = await shop.problem({maker: "simulated", people, situations, alternatives, attributes: coefficients, random: coefficients, seed: 9});
  const child = await shop.ours();
  try {
    await child.ask({do: "load", path});
    const {names} = await child.ask({do: "place", draws, rule: "sobol", threads});
    const theta = Object.fromEntries(names.map((name) => [name, name.startsWith("sd[") ? 0.5 : 0.3]));
    const sides = {gradient: () => child.ask({do: "evaluate", theta, order: 1, times: 5}), hessian: () => child.ask({do: "evaluate", theta, order: 2, times: 2})};
    await rounds(2, sides);
    const answers = await rounds(count(shop), sides);
    return Object.fromEntries(Object.entries(answers).map(([order, all]) => [order, least(all.map(({seconds}) => seconds))]));
  } catch (error) {
    return {error: error.message};
  } finally {
    await child.close();
  }
}

/** Least squares of log time on log size. */
function slope(points, order) {
  if (points.length < 2) return "–";
  const [x, y] = [points.map(({size}) => Math.log(size)), points.map((point) => Math.log(point[order]))];
  const mean = (numbers) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  return (x.reduce((sum, each, k) => sum + (each - mx) * (y[k] - my), 0) / x.reduce((sum, each) => sum + (each - mx) ** 2, 0)).toFixed(2);
}
