import {dualKernel} from "../kernels/dual.js";
import {inverse} from "../math/symmetric.js";
import {breather} from "../optimize/breath.js";
import {Stopped} from "../optimize/climb.js";
import {checkProgramme, checkStart} from "./checkProgramme.js";
import {conclude, matrix} from "./conclude.js";
import {dualPoint, largestTotals} from "./dualPoint.js";
import type {Programme} from "./programme.js";
import type {SolveOptions} from "./solve.js";
import type {DualStep, Solution} from "./solution.js";

/**
 * Solves a programme in lambda alone, mu and nu of every situation solved for at each lambda in a bracket (eq:bracket): the
 * plain form of `solve`, several times slower, and a check of it. Newton's method with halving; for totals that can be met.
 *
 * @throws {ChoiceError} entropy/programme, entropy/supports, entropy/start
 */
export async function solveNested(programme: Programme, {tolerance = 1e-12, iterations = 100, start, signal, onStep}: Omit<SolveOptions, "engine" | "threads"> = {}): Promise<Solution> {
  checkProgramme(programme, "solveNested(programme)");
  checkStart(programme, start?.lambda, "solveNested(programme, {start})");
  const clock = performance.now();
  const totals = largestTotals(programme);
  const kernel = await dualKernel(programme, {engine: "typescript"});
  const [patient, heedful] = [breather(), breather(() => { if (signal?.aborted) throw new Stopped(); })];
  const settle = async (lambda: Float64Array, breathe = heedful) => dualPoint(programme, totals, lambda, await kernel.evaluate({kind: "settle", lambda}, {breathe}));
  const path: DualStep[] = [];
  let at = await settle(start?.lambda.slice() ?? new Float64Array(programme.moments), patient);
  const arrive = (step: number) => {
    kernel.accept();
    path.push({iteration: path.length, value: at.value, residual: at.residual, step, seconds: (performance.now() - clock) / 1000});
    onStep?.(path[path.length - 1]);
  };
  const finish = (ending: Solution["ending"]) => conclude(programme, kernel, at, "nested", ending, path);
  arrive(0);
  try {
    for (;;) {
      if (at.residual <= tolerance) return finish("converged");
      if (signal?.aborted) return finish("stopped");
      if (path.length > iterations) return finish("iterations");
      const G = inverse(matrix(at.curvature, at.lambda.length), 1e-14).inverse;
      const along = at.gradient.map((_, k) => -at.gradient.reduce((sum, g, l) => sum + G.get(k, l) * g, 0));
      const slope = along.reduce((sum, d, k) => sum + d * at.gradient[k], 0);
      let length = 1;
      let to = at;
      for (; length > 1e-15; length *= 0.5) {
        to = await settle(at.lambda.map((l, k) => l + length * along[k]));
        if (to.value <= at.value + 1e-4 * length * slope + at.grain) break;
      }
      if (length <= 1e-15 || (at.value - to.value <= at.grain && to.residual >= at.residual)) return finish(at.residual <= 1e-10 ? "converged" : "stuck");
      at = to;
      arrive(length);
    }
  } catch (error) {
    if (error instanceof Stopped) return finish("stopped");
    throw error;
  }
}
