/** Holm's (1979) p-values: the chance of any false finding among all is held. NaN stays, and does not count. */
export function holm(p: readonly number[]): number[] {
  const order = ranked(p);
  const out = p.map(() => NaN);
  let most = 0;
  order.forEach((k, rank) => { out[k] = most = Math.max(most, Math.min(1, (order.length - rank) * p[k])); });
  return out;
}

/** Benjamini and Hochberg's (1995) p-values: the expected part of false findings is held. */
export function benjaminiHochberg(p: readonly number[]): number[] {
  const order = ranked(p);
  const out = p.map(() => NaN);
  let least = 1;
  for (let rank = order.length - 1; rank >= 0; --rank) out[order[rank]] = least = Math.min(least, (order.length / (rank + 1)) * p[order[rank]]);
  return out;
}

const ranked = (p: readonly number[]) => [...p.keys()].filter((k) => !Number.isNaN(p[k])).sort((i, j) => p[i] - p[j]);
