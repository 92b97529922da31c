// Maximum-entropy programmes, made where they are solved: z of a million situations is not worth a file.
import {source} from "../../dist/index.js";

/** Points from `low` to `high`, equally spaced, with equal weights. */
const even = (low, high, count) => ({points: Float64Array.from({length: count}, (_, m) => low + ((high - low) * m) / (count - 1)), logPrior: new Float64Array(count)});

/**
 * Choices that follow a logit of attributes uniform on [-2, 2], and the programme of their totals.
 *
 * @param points of the support of a probability, M; 0 for the shannon signal
 * @param errors points of an error, H, from -1/√N to 1/√N, that sum to zero in a situation; 0 for none
 * @param shared z in memory that threads can share
 */
export function programme({situations: N, alternatives: J, moments: K, points: M, errors: H, seed = 1, shared = true}) {
  const stream = source(seed).stream("programme");
  const doubles = N * J * K;
  const z = shared ? new Float64Array(new SharedArrayBuffer(8 * doubles)) : new Float64Array(doubles);
  const b = Float64Array.from({length: K}, (_, k) => (k % 2 ? -0.5 : 0.7) / (1 + k / 3));
  const targets = new Float64Array(K);
  for (let n = 0, c = 0; n < N; ++n) {
    let [best, chosen] = [-Infinity, 0];
    for (let j = 0; j < J; ++j) {
      const row = c;
      let utility = -Math.log(-Math.log(stream.uniform())); // Gumbel
      for (let k = 0; k < K; ++k, ++c) utility += b[k] * (z[c] = 4 * stream.uniform() - 2);
      if (utility > best) [best, chosen] = [utility, row];
    }
    for (let k = 0; k < K; ++k) targets[k] += z[chosen + k];
  }
  const v = 1 / Math.sqrt(N);
  return {
    z, moments: K, situation: Int32Array.from({length: N + 1}, (_, n) => n * J), weight: new Float64Array(N).fill(1), targets,
    signal: M ? {kind: "supports", support: even(0, 1, M)} : {kind: "shannon"},
    ...(H && {noise: {support: even(-v, v, H), sumToZero: true}})
  };
}
