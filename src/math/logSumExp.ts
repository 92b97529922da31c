/**
 * log sum_k exp(v_k), guarded: the largest term is taken out, and the others are added to it through log1p, so that neither
 * huge values overflow nor a small surplus is lost (eq:logSumExp).
 *
 * Relative error a few times 1e-16, but for sums near 1, where it is that much absolute. Nothing to sum gives -Infinity; a NaN gives NaN.
 *
 * @example
 * logSumExp([1000, 1000.5, 999]) // 1001.10413060534
 */
export function logSumExp(values: ArrayLike<number>): number {
  let top = -1;
  for (let k = 0; k < values.length; ++k) {
    if (Number.isNaN(values[k])) return NaN;
    if (top < 0 || values[k] > values[top]) top = k;
  }
  if (top < 0) return -Infinity;
  const most = values[top];
  // Infinity - Infinity would be NaN.
  if (!Number.isFinite(most)) return most;
  let rest = 0;
  for (let k = 0; k < values.length; ++k) if (k !== top) rest += Math.exp(values[k] - most);
  return most + Math.log1p(rest);
}
