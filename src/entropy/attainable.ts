import type {Matrix} from "ml-matrix";
import {ChoiceError, listed, quote} from "../errors.js";
import {project, spectrum} from "../math/symmetric.js";
import type {Design} from "../model/design.js";
import {bounds, type Bounds} from "./bounds.js";
import {sizesOf, type Programme} from "./programme.js";
import type {Solution} from "./solution.js";
import type {Targets} from "./totals.js";

/** What is asked for, and by whom. */
export interface Asked extends Pick<Targets, "targets" | "slack" | "given"> {
  readonly plan: Pick<Design, "columns">;
  readonly call: string;
}

/** Standard deviations by which an uncertain total may lie beyond what can be attained. */
const furthest = 5;

/** How near to a bound, relative to the distance between bounds, counts as on it. */
const touch = 1e-12;

/**
 * Refuses a total that these choice sets cannot reach, or reach only with certain choices, before a climb that would have no
 * end.
 *
 * @param alone bounds of each total by probabilities alone
 * @throws {ChoiceError} identify/infeasible-total for what was given, identify/separation for what was chosen
 */
export function checkTotals(programme: Programme, alone: readonly Bounds[], {targets, slack, given, plan, call}: Asked): void {
  const {K} = sizesOf(programme);
  const out: number[] = [];
  const reach = Array.from({length: K}, (_, k) => (programme.noise && given[k] ? bounds(programme, unit(K, k), true) : alone[k]));
  for (let k = 0; k < K; ++k) {
    if (programme.noise && !given[k]) continue;
    const {least, greatest} = reach[k];
    // An uncertain total may lie outside, but not by more than it could be wrong.
    const sd = Math.sqrt(slack?.[k] ?? 0);
    const margin = sd > 0 ? -furthest * sd : touch * (greatest - least + Math.abs(greatest) * 1e-3);
    if (!(targets[k] > least + margin && targets[k] < greatest - margin)) out.push(k);
  }
  if (!out.length) return;
  const asked = out.filter((k) => given[k]);
  if (asked.length) {
    const words = asked.map((k) => {
      const {least, greatest} = reach[k];
      return `${quote(plan.columns[k].name)} is to total ${figure(targets[k])}, but lies between ${figure(least)} and ${figure(greatest)} whoever chooses what`;
    });
    throw new ChoiceError("identify/infeasible-total", {
      at: call, saw: words.join("; "), want: "totals strictly between these bounds: at a bound some choices are certain, and no finite multiplier gives that",
      hint: asked.some((k) => slack?.[k]) ? `check units and weights: totals are over all situations, weights counted; this one is more than ${furthest} of its standard deviations away` : `check units and weights (totals are over all situations, weights counted); or say how sure it is: totals: {${JSON.stringify(plan.columns[asked[0]].name)}: {total: ${figure(targets[asked[0]])}, sd: …}}`
    }, asked.map((k) => ({column: plan.columns[k].name})));
  }
  throw separated(out.map((k) => ({name: plan.columns[k].name, side: targets[k] >= 0.5 * (reach[k].least + reach[k].greatest) ? 1 : -1})), plan, call, narrow(programme));
}

/**
 * Refuses totals that cannot be met together, and choices that some combination of columns predicts perfectly (Albert and
 * Anderson 1984). Along such a direction d the dual never turns: d'b is as great as d'b(p, e) can become, or greater
 * (eq:attainable), which is checked exactly; the direction itself shows where curvature has all but vanished, or where the
 * multipliers went.
 *
 * @param even curvature where all alternatives are equally likely, (K, K)
 * @throws {ChoiceError} identify/infeasible-total, identify/separation
 */
export function checkReached(programme: Programme, solution: Solution, even: Matrix, asked: Asked): void {
  const {plan, given, slack, targets, call} = asked;
  const {K} = sizesOf(programme);
  if (!K || solution.ending === "stopped") return;
  const perSituation = programme.weight.reduce((sum, w) => sum + w, 0) / programme.weight.length;
  const scale = Float64Array.from({length: K}, (_, k) => Math.sqrt(even.get(k, k)) || 1);
  const s = spectrum(solution.curvature, scale);
  const flat = s.values[0] < 1e-6;
  if (!flat && solution.ending !== "unbounded") return;
  const along = project(s, solution.gradient).map((c, k) => c / Math.max(s.values[k], Number.MIN_VALUE));
  const scaled = (weights: ArrayLike<number>) => Float64Array.from({length: K}, (_, k) => { // V y, coefficients on scaled columns
    let sum = 0;
    for (let m = 0; m < K; ++m) sum += s.vectors.get(k, m) * weights[m];
    return sum;
  });
  const candidates = [scaled(along), Float64Array.from(solution.lambda, (l, k) => -l * scale[k])];
  for (let m = 0; m < K && s.values[m] < 1e-6; ++m) for (const side of [1, -1]) candidates.push(Float64Array.from({length: K}, (_, k) => side * s.vectors.get(k, m)));
  for (const candidate of candidates) {
    const largest = Math.max(...candidate.map(Math.abs));
    if (!(largest > 0 && Number.isFinite(largest))) continue;
    const clean = candidate.map((v) => (Math.abs(v) < 1e-4 * largest ? 0 : v / largest));
    const d = clean.map((v, k) => v / scale[k]);
    if (d.some((v, k) => v !== 0 && slack?.[k])) continue;
    const {least, greatest, moved} = bounds(programme, d, true);
    const want = d.reduce((sum, v, k) => sum + v * targets[k], 0);
    // A hundredth of what one typical situation could add: less than any choice that goes against d takes away.
    if (!(greatest > least) || !(greatest - want <= (0.01 * perSituation * (greatest - least)) / moved)) continue;
    const involved = [...d.keys()].filter((k) => d[k] !== 0);
    if (involved.some((k) => given[k])) throw infeasible(involved.map((k) => ({name: plan.columns[k].name, times: d[k] / Math.max(...d.map(Math.abs))})), Math.max(...d.map(Math.abs)), want, greatest, call);
    throw separated(involved.map((k) => ({name: plan.columns[k].name, side: Math.sign(d[k])})), plan, call, narrow(programme));
  }
  // Nothing proves it: believed only of multipliers that did go far.
  const size = solution.lambda.map((l, k) => (Math.abs(l) * scale[k]) / Math.sqrt(perSituation * programme.weight.length));
  const largest = Math.max(...size);
  if (solution.ending !== "unbounded" || largest < 30) return;
  const names = plan.columns.filter((_, k) => size[k] > 0.01 * largest).map(({name}) => quote(name));
  throw new ChoiceError(given.some(Boolean) ? "identify/infeasible-total" : "identify/separation", {
    at: call, saw: `multipliers of ${listed(names)} that grow without end`, want: "totals that these choice sets can meet with every choice possible",
    hint: given.some(Boolean) ? "check the totals, or give them an sd" : "noise: {}, which keeps every multiplier finite; or leave one of them out"
  });
}

const unit = (K: number, k: number) => Float64Array.from({length: K}, (_, l) => Number(l === k));

/** Supports that stop short of 0 or 1 cannot meet the totals of choices, which are all zeros and ones. */
const narrow = ({signal}: Programme): boolean => signal.kind === "supports" && (signal.support.points[0] > 0 || signal.support.points[signal.support.points.length - 1] < 1);

const figure = (value: number) => String(Number(value.toPrecision(8)));

function separated(involved: readonly {name: string; side: number}[], {columns}: Pick<Design, "columns">, call: string, narrow: boolean): ChoiceError {
  const names = listed(involved.map(({name}) => name));
  const lone = involved.length === 1 ? columns.find(({name}) => name === involved[0].name)! : undefined;
  const trend = lone ? `a ${involved[0].side > 0 ? "larger" : "smaller"} coefficient always fits better` : "moving them together without limit always fits better";
  const saw = narrow ? `supports that stop short of 0 or 1, and choices whose totals of ${names} lie at or beyond what such probabilities can give`
    : lone && lone.attribute < 0 ? `${names} of an alternative that is ${involved[0].side > 0 ? "always" : "never"} chosen: ${trend}`
    : `${names} ${involved.length > 1 ? "together predict" : "predicts"} some choices perfectly: ${trend}`;
  return new ChoiceError("identify/separation", {
    at: call, saw, want: "choices that leave the coefficients finite",
    hint: `noise: {}, which keeps every coefficient finite${narrow ? "; or supports from 0 to 1" : "; or leave one of them out, or merge rare alternatives or levels"}`
  }, involved.map(({name}) => ({column: name})));
}

function infeasible(involved: readonly {name: string; times: number}[], unit: number, want: number, greatest: number, call: string): ChoiceError {
  const combination = involved.map(({name, times}, k) => `${times < 0 ? "- " : k ? "+ " : ""}${Math.abs(Math.abs(times) - 1) < 1e-9 ? "" : `${Number(Math.abs(times).toPrecision(4))} `}${name}`).join(" ");
  const sure = want - greatest > 1e-9 * Math.abs(greatest);
  return new ChoiceError("identify/infeasible-total", {
    at: call, saw: `totals of ${listed(involved.map(({name}) => quote(name)))} that cannot be met together: ${combination} totals ${figure(greatest / unit)} at most, whoever chooses what, and these ask for ${sure ? figure(want / unit) : "just that, which takes certain choices"}`,
    want: "totals that these choice sets can meet with every choice possible", hint: `check them against each other, or say how sure they are: totals: {${JSON.stringify(involved[0].name)}: {total: …, sd: …}}`
  }, involved.map(({name}) => ({column: name})));
}
