import type {Programme} from "./programme.js";

/**
 * The least entropy there can be, every distribution on its least likely point. A feasible programme has a dual above it
 * everywhere, so that a dual below it proves that the totals cannot be met. -Infinity where totals have noise of their own.
 */
export function lowest({signal, noise, slack, situation, weight}: Programme): number {
  if (slack?.some((variance) => variance > 0)) return -Infinity;
  let sum = 0;
  weight.forEach((w, n) => {
    const [from, to] = [situation[n], situation[n + 1]];
    const cell = (signal.kind === "supports" ? least(signal.support.logPrior) : 0) + (noise ? least(noise.support.logPrior) : 0);
    sum += w * ((to - from) * cell + (signal.kind === "shannon" ? least(signal.logPrior?.subarray(from, to)) : 0));
  });
  return sum;
}

const least = (logPrior: Float64Array | undefined) => (logPrior ? logPrior.reduce((a, b) => Math.min(a, b), 0) : 0);
