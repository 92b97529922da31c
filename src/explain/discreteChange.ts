import type {OfferFacts} from "../data/offers.js";
import {checkOptions, ChoiceError, quote} from "../errors.js";
import {answering, checkLevel, collector, effects, effectTable, valuesOf, type EffectOptions, type Effects} from "./effects.js";
import {slopes} from "./differential.js";
import {moving, type Moving} from "./moving.js";
import {rowsOf, substitution, type Explained, type Substitution} from "./substitution.js";
import {add, averages, sums} from "./sums.js";

/** Values of attributes: a number for the one attribute named, or several by name. */
export type Values = number | Readonly<Record<string, number>>;

export interface DiscreteChangeOptions extends EffectOptions {
  /** The attribute that changes, where it is one. */
  readonly attribute?: string;
  /** Its value before, or those of several attributes (of a category's dummies, say). Default: as observed; 0 for a 0/1 attribute. */
  readonly from?: Values;
  /** And after. Default: as observed; 1 for a 0/1 attribute. */
  readonly to?: Values;
  /** Added to the value before, in place of `to`. */
  readonly by?: Values;
  /** Also the changes in every single situation, with their errors. Default false. */
  readonly each?: boolean;
}

/**
 * What a whole step of an attribute does to probabilities: they are computed before and after, with the multiplier that makes
 * them add up to one solved for anew, and averaged as in `marginalEffects`.
 *
 *   sum w (p_j(x_l = to) - p_j(x_l = from)) / sum w                                          (eq:discrete)
 *
 * Row j answers, column l changes, all else as observed; an attribute of the situation as a whole changes for all alternatives
 * and has one column. Standard errors by the delta method, dp_j/dbeta = v_j (z_j - zbar) on both sides (eq:bend).
 *
 * @param fit of multinomial logit or maximum entropy, as for `marginalEffects`
 * @throws {ChoiceError} explain/no-change where it is not said what changes; explain/mixed-reach for attributes of alternatives
 *   and of situations at once; options/number; and as `marginalEffects`
 * @example
 * discreteChange(await fitMnl(data), {attribute: "price", by: 1}).what // "discrete changes"
 */
export function discreteChange(fit: Explained, options: DiscreteChangeOptions = {}): Effects {
  const call = "discreteChange(fit, …)";
  checkOptions(call, options, ["attribute", "from", "to", "by", "each", "errors", "level"]);
  const level = checkLevel(options, call);
  const s = substitution(fit, call, options.errors);
  const changes = read(s, options, call);
  const {move, names: moves, together} = joined(changes, s.data, call);
  const {names, row} = answering(s);
  const {situation, alternative} = s.data;
  const [M, C] = [moves.length, s.columns.length];
  const found = sums(names.length * M, C);
  const each = options.each ? collector(s, moves) : undefined;
  const gradient = new Float64Array(C);
  const at = (n: number, z: Float64Array) => {
    const reaction = s.react(n, z);
    return {p: reaction.p, ...slopes(reaction, z)};
  };
  for (let n = 0; n < s.weight.length; ++n) {
    if (!(s.weight[n] > 0)) continue;
    const [start, end] = [situation[n], situation[n + 1]];
    let now: ReturnType<typeof at> | undefined;
    for (let mover = start; mover < end; ++mover) {
      const m = together ? 0 : move[alternative[mover]];
      if (m < 0) continue;
      const steps = (other: number) => (together ? move[alternative[other]] >= 0 : other === mover);
      const [before, after] = (["from", "to"] as const).map((side) => (changes.every((change) => change[side] === observed) ? (now ??= at(n, rowsOf(s, n))) : at(n, withValues(s, n, changes, steps, side))));
      for (let j = 0; j < end - start; ++j) {
        const change = after.p[j] - before.p[j];
        for (let c = 0; c < C; ++c) gradient[c] = after.slope[j * C + c] - before.slope[j * C + c];
        add(found, row[alternative[start + j]] * M + m, s.weight[n], change, gradient);
        each?.add(n, alternative[start + j], m, change, gradient, 0);
      }
      if (together) break;
    }
  }
  const attribute = changes.map(({words}) => words).join(", ");
  return effects(s, {
    what: "discrete changes", words: "change of the probability of the row's alternative as the attribute of the column's steps, averaged over situations that offer both", level,
    tables: [effectTable(s, {attribute, together, names: moves}, averages(found), level, each?.done())]
  });
}

/** One attribute's step. */
interface Change extends Moving {
  /** The value on either side, given the one observed. */
  readonly from: (x: number) => number;
  readonly to: (x: number) => number;
  readonly words: string;
}

const observed = (x: number) => x;

function read(s: Substitution, {attribute, from, to, by}: DiscreteChangeOptions, at: string): Change[] {
  const sides = {from, to, by};
  const names = attribute !== undefined ? [attribute] : [...new Set(Object.values(sides).flatMap((side) => (typeof side === "object" && side !== null ? Object.keys(side) : [])))];
  if (!names.length || (to !== undefined && by !== undefined)) {
    throw new ChoiceError("explain/no-change", {at, saw: names.length ? "both `to` and `by`" : "no attribute", want: "which attribute changes, and to what", hint: 'discreteChange(fit, {attribute: "price", by: 1}), or {from: {rail: 0, sea: 1}, to: {rail: 1, sea: 0}}'});
  }
  return names.map((name) => {
    const found = moving(s, name, at);
    const value = (option: "from" | "to" | "by"): number | undefined => {
      const side = sides[option];
      const given = typeof side === "object" && side !== null ? (Object.hasOwn(side, name) ? side[name] : undefined) : attribute !== undefined ? side : undefined;
      if (given !== undefined && !(typeof given === "number" && Number.isFinite(given))) throw new ChoiceError("options/number", {at, saw: `${option}: ${quote(given)}`, want: "a finite number, or a record from attribute to number"});
      return given;
    };
    const [a, b, step] = [value("from"), value("to"), value("by")];
    if (a === undefined && b === undefined && step === undefined) {
      if (valuesOf(s, found).join() !== "0,1") throw new ChoiceError("explain/no-change", {at, saw: `${quote(name)} and no value for it`, want: "what it changes to", hint: `discreteChange(fit, {attribute: ${JSON.stringify(name)}, by: 1})`});
      return {...found, from: () => 0, to: () => 1, words: `${name} 0 → 1`};
    }
    const before = a === undefined ? observed : () => a;
    const after = b !== undefined ? () => b : step !== undefined ? (x: number) => before(x) + step : observed;
    return {...found, from: before, to: after, words: step !== undefined ? `${name} ${a === undefined ? "" : `${a} `}${step < 0 ? "-" : "+"} ${Math.abs(step)}` : `${name} ${a ?? "observed"} → ${b ?? "observed"}`};
  });
}

/** Moves of several attributes that change together: an alternative moves if any of them enters its utility. */
function joined(changes: readonly Change[], {alternatives}: OfferFacts, at: string): Pick<Moving, "move" | "names" | "together"> {
  const odd = changes.find(({together}) => together !== changes[0].together);
  if (odd) throw new ChoiceError("explain/mixed-reach", {at, saw: `${quote(changes[0].attribute)} and ${quote(odd.attribute)}, of which one is the same for all alternatives of a situation`, want: "attributes that change in one alternative, or in all"});
  if (changes[0].together) {
    const move = changes[0].move.map((m, j) => (m >= 0 || changes.some((change) => change.move[j] >= 0) ? 0 : -1));
    return {move, names: [changes.map(({attribute}) => attribute).join(", ")], together: true};
  }
  const names: string[] = [];
  const move = Int32Array.from(alternatives, (name, j) => (changes.some((change) => change.move[j] >= 0) ? names.push(name) - 1 : -1));
  return {move, names, together: false};
}

/** Columns of the rows of situation n, (J, C), with the attributes of those that move at their new values. */
function withValues(s: Substitution, n: number, changes: readonly Change[], steps: (row: number) => boolean, side: "from" | "to"): Float64Array {
  const {situation, alternative, x, attributes: {length: K}} = s.data;
  const C = s.columns.length;
  const z = rowsOf(s, n).slice();
  for (let row = situation[n]; row < situation[n + 1]; ++row) {
    if (!steps(row)) continue;
    for (const {k, carries, [side]: value} of changes) {
      const put = value(x[row * K + k]);
      for (let c = 0, at = (row - situation[n]) * C; c < C; ++c, ++at) if (carries[alternative[row] * C + c]) z[at] = put;
    }
  }
  return z;
}
