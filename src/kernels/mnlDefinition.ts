import {addCurvature, addScore, logitInto} from "./logit.js";
import type {MnlEngine, Situations} from "./mnl.js";
import type {Order} from "./panel.js";

/** Situations summed together. */
const run = 1024;

/** Multinomial logit, situation by situation: the definition that the vectors are tested against (eq:logit). */
export function mnlDefinition({z, columns: C, situation, chosen, weight, person}: Situations): MnlEngine {
  const N = weight.length;
  let widest = 0;
  for (let n = 0; n < N; ++n) widest = Math.max(widest, situation[n + 1] - situation[n]);
  const d = new Float64Array(widest * C); // differences to the chosen row
  const p = new Float64Array(widest);
  const weighted = new Float64Array(widest * C);
  const m = new Float64Array(C);
  const s = new Float64Array(C);
  const h = new Float64Array(C * C);
  const sums = new Float64Array(1 + C + 2 * C * C);
  let [at, order] = [new Float64Array(C), 0 as Order];

  function differences(n: number): number {
    let to = 0;
    const base = chosen[n] * C;
    for (let row = situation[n]; row < situation[n + 1]; ++row) {
      if (row === chosen[n]) continue;
      for (let c = 0; c < C; ++c, ++to) d[to] = z[row * C + c] - z[base + c];
    }
    return to / C;
  }

  return {
    engine: "typescript",
    runs: Math.ceil(N / run),
    begin(b, much) {
      at = Float64Array.from(b);
      order = much;
    },
    sum(k, scores) {
      sums.fill(0);
      const [value, gradient, outer, hessian] = [sums.subarray(0, 1), sums.subarray(1, 1 + C), sums.subarray(1 + C, 1 + C + C * C), sums.subarray(1 + C + C * C)];
      for (let n = k * run; n < Math.min(N, (k + 1) * run); ++n) {
        const w = weight[n];
        const rows = differences(n);
        value[0] += w * logitInto(p, d, 0, rows, at);
        if (order === 0) continue;
        s.fill(0);
        h.fill(0);
        if (order === 1) addScore(s, d, 0, rows, p);
        else addCurvature(s, h, d, 0, rows, p, weighted, m);
        for (let c = 0; c < C; ++c) {
          gradient[c] += w * s[c];
          if (scores) scores[person[n] * C + c] += w * s[c];
          for (let e = 0; e <= c; ++e) {
            outer[c * C + e] += w * s[c] * s[e];
            if (order > 1) hessian[c * C + e] += w * h[c * C + e];
          }
        }
      }
      return sums;
    }
  };
}
