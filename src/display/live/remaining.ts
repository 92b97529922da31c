import type {Step} from "../../optimize/ending.js";

/**
 * Seconds to the goal at the pace of the last steps: how much shorter they made the gradient, and how long they took. BHHH and
 * BFGS are taken to go on as they went over four steps; of Newton's method each step gains up to twice the digits of the one
 * before. Undefined where the last steps do not say: at the beginning, where the gradient does not shrink, and where nodes are
 * laid anew as the fit goes, as nobody knows how often that will be.
 */
export function remaining(steps: readonly Step[], goal: number | undefined): number | undefined {
  const last = steps[steps.length - 1];
  if (goal === undefined || last?.pass !== undefined || !(last?.gradientNorm > goal)) return undefined;
  const back = last.method === "newton" ? 2 : 4;
  const from = steps[steps.length - 1 - back];
  if (!from || steps.slice(-back).some(({method}) => method !== last.method)) return undefined;
  const gain = (a: Step, b: Step) => Math.log(a.gradientNorm / b.gradientNorm);
  const before = steps[steps.length - 2];
  const newton = last.method === "newton";
  const [pace, growth] = newton ? [gain(before, last), Math.min(2, Math.max(1, gain(before, last) / gain(from, before)))] : [gain(from, last) / back, 1];
  if (!(pace > 0.01 && (!newton || gain(from, before) > 0.01))) return undefined;
  const wanted = gain(last, {...last, gradientNorm: goal});
  const count = growth > 1 ? Math.log1p((wanted * (growth - 1)) / (pace * growth)) / Math.log(growth) : wanted / pace; // a geometric series
  return (Math.ceil(count) * (last.seconds - from.seconds)) / back;
}
