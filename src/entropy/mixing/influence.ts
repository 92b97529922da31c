import type {Breathe} from "../../kernels/mnl.js";
import type {MixedMenus} from "./objective.js";
import {dot} from "./sums.js";
import {averages, compact, conjugate, type WeightsProblem, type WeightsSolution} from "./weightsDual.js";

/**
 * Variances of numbers read off free weights by the infinitesimal jackknife (Jaeckel 1972): a unit's influence is its weight
 * times the derivative of the number by it,
 *
 *   w_u dF / dw_u = sqrt w_u y_u,    (I + B Cov_theta B' / tau) y = B Cov_theta(dF / dtheta) / tau,
 *
 * summed by person, about their mean (as if tau grew with the people), and the variance the sum of squares.
 *
 * @param slopes dF / dtheta of each number, (R)
 */
export async function influenceVariance(problem: WeightsProblem, {person, people}: MixedMenus, {nu, weights}: Pick<WeightsSolution, "nu" | "weights">, tau: number, slopes: readonly Float64Array[], breathe: Breathe): Promise<number[]> {
  const {weight, units} = problem;
  const {theta} = weights;
  const few = await compact(problem, theta, breathe);
  const out: number[] = [];
  for (const slope of slopes) {
    const mean = dot(theta, slope);
    const right = (await averages(problem, slope.map((value, r) => theta[r] * (value - mean)), breathe)).map((value, k) => (value * nu[k]) / (Math.sqrt(weight[k]) * tau));
    const y = await conjugate(few.problem, nu, few.theta, tau, right, 1e-5, breathe);
    const influence = new Float64Array(people);
    y.forEach((value, k) => { influence[person[units[k]]] += Math.sqrt(weight[k]) * value; });
    const middle = influence.reduce((sum, value) => sum + value, 0) / people;
    out.push(influence.reduce((sum, value) => sum + (value - middle) ** 2, 0));
  }
  return out;
}
