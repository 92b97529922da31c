import type {Perturbation} from "./perturbation.js";

/**
 * phi(x) = x ln x, whose demand is multinomial logit: the consumer's surplus is the logarithm of the sum of exponentials.
 *
 * @example
 * entropy.share(entropy.slope(0.25)) // 0.25
 */
export const entropy: Perturbation = Object.freeze({
  name: "entropy",
  value: (x: number) => (x === 0 ? 0 : x * Math.log(x)),
  slope: (x: number) => Math.log(x) + 1,
  curvature: (x: number) => 1 / x,
  third: (x: number) => -1 / (x * x),
  share: (y: number) => Math.exp(y - 1),
  response: (y: number) => Math.exp(y - 1),
  bend: (_low: number, high: number) => Math.exp(high - 1)
});
