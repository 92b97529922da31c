import {ChoiceError, expectFields, quote} from "../errors.js";
import {sizesOf, type Programme, type Support} from "./programme.js";

/**
 * Whether the arrays of a programme fit each other, hold numbers, and whether its supports leave room for probabilities that
 * add up to one and errors that add up to zero.
 *
 * @throws {ChoiceError} entropy/programme for arrays, entropy/supports for points
 */
export function checkProgramme(programme: Programme, at = "solve(programme)"): void {
  expectFields("entropy/programme", at, programme, ["z", "moments", "situation", "weight", "targets", "signal"], "a programme", "solve(fit.programme), of a maximum-entropy fit");
  const refuse = (saw: string, want: string, hint?: string): never => { throw new ChoiceError("entropy/programme", {at, saw, want, hint}); };
  const {z, situation, weight, targets, slack, signal, noise} = programme;
  const {K, N} = sizesOf(programme);
  if (!Number.isSafeInteger(K) || K < 0) refuse(`${quote(K)} moments`, "a whole number, 0 or more");
  if (!(N > 0) || situation[0] !== 0) refuse(`situation: ${situation.length} pointers from ${quote(situation[0])}`, "pointers from situations to rows, from 0, (N + 1)");
  for (let n = 0; n < N; ++n) if (!(situation[n + 1] > situation[n])) refuse(`situation ${n} without rows`, "a row for every alternative on offer", "leave the situation out");
  const rows = situation[N];
  const sized = (name: string, values: Float64Array, size: number, least = -Infinity) => {
    if (values.length !== size) refuse(`${name} of ${values.length}`, `${name} of ${size}`);
    let odd = 0;
    while (odd < size && Number.isFinite(values[odd]) && values[odd] >= least) ++odd;
    if (odd < size) refuse(`${name}[${odd}] = ${quote(values[odd])}`, least === 0 ? "numbers, 0 or more" : "finite numbers");
  };
  sized("z", z, rows * K);
  sized("weight", weight, N, 0);
  sized("targets", targets, K);
  if (slack) sized("slack", slack, K, 0);
  if (signal.kind === "shannon" && signal.logPrior) sized("signal.logPrior", signal.logPrior, rows);
  if (signal.kind === "supports") {
    checkSupport("signal", signal.support, at);
    checkSums(programme, signal.support, at);
  }
  if (noise) {
    checkSupport("noise", noise.support, at);
    const {points} = noise.support;
    if (points[0] > 0 || points[points.length - 1] < 0 || (points.length > 1 && !(points[0] * points[points.length - 1] < 0))) {
      throw new ChoiceError("entropy/supports", {at, saw: `noise over [${quote(points[0])}, ${quote(points[points.length - 1])}]`, want: "points on both sides of zero, or the one point 0", hint: "points -v, 0, v"});
    }
  }
}

/** @throws {ChoiceError} entropy/start */
export function checkStart({moments: K}: Programme, lambda: Float64Array | undefined, at = "solve(programme, {start})"): void {
  if (lambda === undefined || (lambda.length === K && lambda.every(Number.isFinite))) return;
  throw new ChoiceError("entropy/start", {at, saw: lambda.length === K ? "a multiplier that is not finite" : `${lambda.length} multipliers`, want: `a finite multiplier for each of ${K} moments`});
}

function checkSupport(name: string, {points, logPrior}: Support, at: string): void {
  const refuse = (saw: string, want: string): never => { throw new ChoiceError("entropy/supports", {at, saw, want}); };
  if (!points.length || points.length !== logPrior.length) refuse(`${points.length} points and ${logPrior.length} priors of the ${name}`, "as many priors as points, 1 or more");
  for (let m = 0; m < points.length; ++m) {
    if (!Number.isFinite(points[m]) || (m > 0 && !(points[m] > points[m - 1]))) refuse(`point ${m} of the ${name}, ${quote(points[m])}`, "finite points, increasing");
    if (!Number.isFinite(logPrior[m])) refuse(`log prior ${m} of the ${name}, ${quote(logPrior[m])}`, "finite logarithms: leave a point of no weight out");
  }
}

/** J probabilities between the outermost points can add up to one only if J least <= 1 <= J most. */
function checkSums({situation}: Programme, {points}: Support, at: string): void {
  const [least, most] = [points[0], points[points.length - 1]];
  if (least < 0 || most > 1) throw new ChoiceError("entropy/supports", {at, saw: `probabilities over [${least}, ${most}]`, want: "points in [0, 1]"});
  for (let n = 0; n + 1 < situation.length; ++n) {
    const J = situation[n + 1] - situation[n];
    if (J * least <= 1 + 1e-12 && J * most >= 1 - 1e-12) continue;
    throw new ChoiceError("entropy/supports", {
      at, saw: `situation ${n}: ${J} probabilities, each in [${least}, ${most}]`, want: "probabilities that can add up to one", hint: "points from 0 to 1"
    });
  }
}
