import type {Note} from "../data/choiceData.js";
import {checkOptions, ChoiceError, quote} from "../errors.js";
import {quantile} from "../math/normal.js";
import {shown, type Shown} from "../rich.js";
import {checkLevel, type EffectOptions} from "./effects.js";
import {eachMove, moving, type Moving} from "./moving.js";
import {substitution, type Explained, type Substitution} from "./substitution.js";
import {add, deltaErrors, quotient, sums, type Sums} from "./sums.js";

export interface RevenueEffectOptions extends EffectOptions {
  /** The attribute that is paid. Default "price". */
  readonly price?: string;
}

/** What raising one price does. */
export interface RevenueRow {
  /** The alternative whose price rises, of those in whose utility it stands; "all" for all of these together. */
  readonly move: string;
  /** Change of revenue per unit of price, its standard error and limits. */
  readonly effect: number;
  readonly error: number;
  readonly low: number;
  readonly high: number;
  /** Of it, what those pay who stay as likely to choose as they were: sum w p_l; and what changed choices bring. */
  readonly price: number;
  readonly choices: number;
  /** Per cent change of revenue when this price rises by one per cent in each situation. */
  readonly elasticity: number;
  readonly elasticityError: number;
}

export interface RevenueEffectFacts {
  /** The attribute that is paid. */
  readonly price: string;
  readonly model: string;
  /** Expected revenue, sum w p x, in the units of price, and its standard error. */
  readonly revenue: number;
  readonly revenueError: number;
  readonly rows: readonly RevenueRow[];
  /** Situations of the fit that count, and their weight: what the sums are over. */
  readonly situations: number;
  readonly weight: number;
  readonly level: number;
  readonly errors: string;
  readonly notes: readonly Note[];
}

/** What prices do to revenue: a record that draws itself. */
export type RevenueEffect = RevenueEffectFacts & Shown;

/**
 * What a small rise of a price does to expected revenue, the sum of what is paid over all situations.
 *
 *   dR / dx_l = sum w [p_l + sum_j x_j dp_j/dx_l]                                            (eq:revenue)
 *
 * The first term is paid by those who would have chosen l anyway, the second is lost, and partly won back elsewhere, as
 * choices change. Units: revenue per unit of price, summed over situations, weights counted. A price that does nothing at the
 * margin, dR/dx_l = 0, maximizes revenue, not profit. Standard errors by the delta method.
 *
 * @param fit of multinomial logit or maximum entropy with the price among its attributes
 * @throws {ChoiceError} explain/no-price where it is not said which attribute is paid; and as `marginalEffects`
 * @example
 * const {rows, revenue} = revenueEffect(await fitMnl(data));
 * rows.at(-1).move // "all"
 */
export function revenueEffect(fit: Explained, options: RevenueEffectOptions = {}): RevenueEffect {
  const at = "revenueEffect(fit, …)";
  checkOptions(at, options, ["price", "errors", "level"]);
  const level = checkLevel(options, at);
  const s = substitution(fit, at, options.errors);
  const {attributes} = s.data;
  if (options.price === undefined && !attributes.includes("price")) {
    const candidate = attributes.find((_, k) => s.columns.some(({attribute}) => attribute === k));
    throw new ChoiceError("explain/no-price", {at, saw: "no attribute called \"price\"", want: "the attribute that is paid", hint: candidate === undefined ? undefined : `name it: revenueEffect(fit, {price: ${quote(candidate)}})`});
  }
  const price = options.price ?? "price";
  const moved = moving(s, price, at);
  const {staying, changing, percent, revenue} = gathered(s, moved);
  const [M, C] = [moved.names.length, s.columns.length];
  const whole = sums(M + 1, C);
  for (let cell = 0; cell <= M; ++cell) add(whole, cell, 1, revenue.value[0], revenue.gradient);
  const effect: Sums = {...staying, value: staying.value.map((v, cell) => v + changing.value[cell]), gradient: staying.gradient.map((g, at) => g + changing.gradient[at])};
  const elastic = quotient(percent, whole);
  const [error, elasticityError] = [deltaErrors(s, effect), deltaErrors(s, elastic)];
  const wide = -quantile((1 - level) / 2);
  const rows = [...moved.names, "all"].map((move, cell): RevenueRow => ({
    move, effect: effect.value[cell], error: error[cell], low: effect.value[cell] - wide * error[cell], high: effect.value[cell] + wide * error[cell],
    price: staying.value[cell], choices: changing.value[cell], elasticity: elastic.value[cell], elasticityError: elasticityError[cell]
  }));
  const counting = s.weight.filter((w) => w > 0);
  return shown("revenueEffect", {
    price, model: s.model, revenue: revenue.value[0], revenueError: deltaErrors(s, revenue)[0], rows: moved.together ? rows.slice(-1) : rows,
    situations: counting.length, weight: counting.reduce((sum, w) => sum + w, 0), level, errors: s.words, notes: []
  });
}

/** The sums of eq:revenue for each move, and last for all of them: what stays, what changes, both in per cent of prices; and R itself. */
function gathered(s: Substitution, moved: Moving): Readonly<Record<"staying" | "changing" | "percent" | "revenue", Sums>> {
  const {attributes: {length: K}, alternative, situation, x, outside} = s.data;
  const [M, C] = [moved.names.length, s.columns.length];
  const [staying, changing, percent, revenue] = [sums(M + 1, C), sums(M + 1, C), sums(M + 1, C), sums(1, C)];
  const [stay, change, both] = [new Float64Array(C), new Float64Array(C), new Float64Array(C)];
  const paid = (row: number) => x[row * K + moved.k];
  eachMove(s, moved, ({w, from, m, row, d, effect, gradient}) => {
    let [stays, changes] = [0, 0];
    stay.fill(0);
    change.fill(0);
    for (let j = 0, at = 0; j < d.J; ++j) {
      const pays = moved.together ? alternative[from + j] !== outside : from + j === row;
      if (pays) stays += d.p[j];
      changes += paid(from + j) * effect[j];
      for (let c = 0; c < C; ++c, ++at) {
        if (pays) stay[c] += d.slope[at];
        change[c] += paid(from + j) * gradient[at];
      }
    }
    for (let c = 0; c < C; ++c) both[c] = paid(row) * (stay[c] + change[c]);
    for (const cell of [m, M]) {
      add(staying, cell, w, stays, stay);
      add(changing, cell, w, changes, change);
      add(percent, cell, w, paid(row) * (stays + changes), both);
    }
  }, "unit", (n, {J, p, slope}) => {
    for (let j = 0; j < J; ++j) {
      const pay = paid(situation[n] + j);
      for (let c = 0; c < C; ++c) both[c] = pay * slope[j * C + c];
      add(revenue, 0, s.weight[n], pay * p[j], both);
    }
  });
  return {staying, changing, percent, revenue};
}
