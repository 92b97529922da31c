/** Situations by number of alternatives, those of one size as they came, (N). */
export function bySize(situation: Int32Array): Int32Array {
  const N = situation.length - 1;
  let widest = 0;
  for (let n = 0; n < N; ++n) widest = Math.max(widest, situation[n + 1] - situation[n]);
  const place = new Int32Array(widest + 2);
  for (let n = 0; n < N; ++n) ++place[situation[n + 1] - situation[n] + 1];
  for (let m = 0; m <= widest; ++m) place[m + 1] += place[m];
  const out = new Int32Array(N);
  for (let n = 0; n < N; ++n) out[place[situation[n + 1] - situation[n]]++] = n;
  return out;
}
