import type {Note} from "../data/choiceData.js";
import {checkOptions, ChoiceError, quote, suggest} from "../errors.js";
import {answering, checkLevel, collector, dummyNotes, effects, effectTable, type EffectOptions, type Effects} from "./effects.js";
import {eachMove, movings, type Moving} from "./moving.js";
import {substitution, type Explained, type Substitution} from "./substitution.js";
import {add, averages, quotient, sums, type Sums} from "./sums.js";

/** How elasticities of situations become one number. */
export type Aggregate = "probability weighted" | "share" | "mean";

const aggregates: readonly Aggregate[] = ["probability weighted", "share", "mean"];

export interface ElasticitiesOptions extends EffectOptions {
  /** One attribute or several; default all of the model. */
  readonly attribute?: string | readonly string[];
  /** The same, as fits spell it. */
  readonly attributes?: string | readonly string[];
  /** Default "probability weighted". */
  readonly aggregate?: Aggregate;
  /** Relative changes of probabilities per unit of the attribute, not per cent of it. Default false. */
  readonly semi?: boolean;
  /** Also the elasticities in every single situation, with their errors. Default false. */
  readonly each?: boolean;
}

/**
 * Elasticities: by how many per cent the probability of alternative j changes when an attribute of alternative l rises by one
 * per cent. With `semi`, divided by p alone: by what part p changes per unit of the attribute.
 *
 *   E_jl = dp_j / dx_l x_l / p_j,     semi: dp_j / dx_l / p_j                                (eq:substitution)
 *
 * Row j answers, column l moves: own elasticities stand where the two are one. Aggregated over situations of weight w,
 *
 *   "probability weighted"   sum w p_j E_jl / sum w p_j     over situations that offer both: all rise by one per cent
 *   "share"                  sum w dp_j/dx_l x̄_l / sum w p_j   all rise by the same amount, one per cent of their mean;
 *                            the sum of shares is over all situations that offer j
 *   "mean"                   sum w E_jl / sum w             over situations that offer both: unlikely choices count in full
 *
 * (Ben-Akiva and Lerman 1985, chapter 5; for elasticities of aggregates the first two are to be preferred.) In a large own
 * price, a logit's own elasticity is b x, that of M equally spaced supports b x / (M - 1). Standard errors by the delta
 * method; x is taken as given. Meaningless for attributes without a natural zero, such as centred ones.
 *
 * @param fit of multinomial logit or maximum entropy, as for `marginalEffects`
 * @throws {ChoiceError} options/unknown-aggregate, and as `marginalEffects`
 * @example
 * const {tables: [own]} = elasticities(await fitMnl(data), {attribute: "price"});
 * own.value.get(0, 0) // own elasticity of the first alternative
 */
export function elasticities(fit: Explained, options: ElasticitiesOptions = {}): Effects {
  const at = "elasticities(fit, …)";
  checkOptions(at, options, ["attribute", "attributes", "aggregate", "semi", "each", "errors", "level"]);
  const {aggregate = "probability weighted", semi = false} = options;
  if (!aggregates.includes(aggregate)) throw new ChoiceError("options/unknown-aggregate", {at, saw: `aggregate: ${quote(aggregate)}`, want: "a way to aggregate", hint: suggest(String(aggregate), aggregates)});
  const level = checkLevel(options, at);
  const s = substitution(fit, at, options.errors);
  const moved = movings(s, options.attribute ?? options.attributes, at);
  const tables = moved.map((moving) => {
    const each = options.each ? collector(s, moving.names) : undefined;
    return effectTable(s, moving, aggregated(s, moving, aggregate, semi, each), level, each?.done());
  });
  const words = `${semi ? "relative change of the probability of the row's alternative per unit" : "per cent change of the probability of the row's alternative per cent"} of the attribute of the column's, ${aggregate === "share" ? "of aggregate shares" : `averaged over situations that offer both${aggregate === "mean" ? "" : ", weighted by probability"}`}`;
  return effects(s, {what: semi ? "semi-elasticities" : "elasticities", words, tables, level, notes: [...dummyNotes(s, moved), ...(semi ? [] : signNotes(s, moved))]});
}

function aggregated(s: Substitution, moving: Moving, aggregate: Aggregate, semi: boolean, each?: ReturnType<typeof collector>): Sums {
  const {names, row} = answering(s);
  const {alternative, situation, x, attributes: {length: K}} = s.data;
  const [A, M, C] = [names.length, moving.names.length, s.columns.length];
  const [above, below, all] = [sums(A * M, C), sums(A * M, C), sums(A, C)];
  const mean = sums(M, 0);
  const relative = new Float64Array(C);
  const share = aggregate === "share";
  eachMove(s, moving, ({n, w, from, m, row: mover, d, effect, gradient}) => {
    const size = x[mover * K + moving.k];
    if (share) add(mean, m, w, size);
    for (let j = 0; j < d.J; ++j) {
      const cell = row[alternative[from + j]] * M + m;
      if (each || aggregate === "mean") {
        const rest = share && !semi ? size : 1;
        const value = (rest * effect[j]) / d.p[j];
        for (let c = 0; c < C; ++c) relative[c] = (rest * gradient[j * C + c] - value * d.slope[j * C + c]) / d.p[j];
        each?.add(n, alternative[from + j], m, value, relative, 0);
        if (aggregate === "mean") {
          add(above, cell, w, value, relative);
          continue;
        }
      }
      add(above, cell, w, effect[j], gradient, j);
      add(below, cell, w, d.p[j], d.slope, j);
    }
  }, semi || share ? "unit" : "proportional", (n, d) => {
    for (let j = 0; j < d.J; ++j) add(all, row[alternative[situation[n] + j]], s.weight[n], d.p[j], d.slope, j);
  });
  if (aggregate === "mean") return averages(above);
  if (aggregate === "probability weighted") return quotient(above, below);
  // Shares are those of all situations that offer j, whatever moves.
  const shares = sums(A * M, C);
  for (let a = 0; a < A; ++a) for (let m = 0; m < M; ++m) add(shares, a * M + m, 1, all.value[a], all.gradient, a);
  const found = quotient(above, shares);
  if (semi) return found;
  const average = averages(mean).value;
  return {...found, value: found.value.map((value, cell) => value * average[cell % M]), gradient: found.gradient.map((slope, at) => slope * average[Math.floor(at / C) % M])};
}

/** An elasticity in an attribute of both signs says little. */
function signNotes({data: {x, alternative, attributes: {length: K}}}: Substitution, moved: readonly Moving[]): Note[] {
  return moved.filter(({k, move}) => {
    let [up, down] = [false, false];
    for (let row = 0; row < alternative.length; ++row) {
      if (move[alternative[row]] < 0) continue;
      up ||= x[row * K + k] > 0;
      down ||= x[row * K + k] < 0;
    }
    return up && down;
  }).map(({attribute}): Note => ({level: "info", code: "explain/both-signs", text: `${attribute} takes both signs: a per cent of it means little; marginalEffects, or semi: true, may say more.`}));
}
