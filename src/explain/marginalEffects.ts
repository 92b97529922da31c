import {checkOptions} from "../errors.js";
import {answering, checkLevel, collector, dummyNotes, effects, effectTable, type EffectOptions, type Effects} from "./effects.js";
import {eachMove, movings} from "./moving.js";
import {substitution, type Explained} from "./substitution.js";
import {add, averages, sums} from "./sums.js";

export interface MarginalEffectsOptions extends EffectOptions {
  /** One attribute or several; default all of the model. */
  readonly attribute?: string | readonly string[];
  /** The same, as fits spell it. */
  readonly attributes?: string | readonly string[];
  /** Also the effects in every single situation, with their errors. Default false. */
  readonly each?: boolean;
}

/**
 * Average marginal effects: by how much the probability of alternative j changes when an attribute of alternative l rises by
 * one unit (of the data: after `scale`, `center` and `interactions`), per unit, for a small rise.
 *
 *   dp_j / dx_l = b_l v_j (1[j = l] - v_l / V)                                              (eq:substitution)
 *   dp_j / dx   = v_j (b_j - sum_l v_l b_l / V)
 *
 * The second line is of an attribute that a situation has as a whole, such as income: its table has one column. b_l is the
 * sum of the coefficients by which the attribute enters utility l; v is the spread of p, which is p itself in a logit
 * (V = 1), see `MaxEntFit`. Errors that maximum entropy allows for are no part of p.
 *
 * An entry is an average over the situations that offer both j and l, weights counted; `situations` and `weight` say over how
 * many. Where all sets are full, rows (j answers) and columns (l moves) add up to zero. Standard errors by the delta method,
 * with the coefficients' covariance, the move of the multiplier included (eq:bend).
 *
 * An attribute enters other attributes unseen (a column of price times income does not move with price), and effects of 0/1
 * attributes are those of `discreteChange`.
 *
 * @param fit of multinomial logit (`fitMnl`, `fitMnlIntercepts`, `fitMnlSlopes`) or maximum entropy
 * @throws {ChoiceError} explain/mixed, explain/unknown-attribute, explain/not-in-model, explain/no-attribute, infer/…
 * @example
 * const ame = marginalEffects(await fitMnl(data));
 * const {value, error, answers, moves} = ame.tables[0];
 * Math.abs(value.getColumn(0).reduce((sum, effect) => sum + effect, 0)) < 1e-12 // true
 */
export function marginalEffects(fit: Explained, options: MarginalEffectsOptions = {}): Effects {
  const at = "marginalEffects(fit, …)";
  checkOptions(at, options, ["attribute", "attributes", "each", "errors", "level"]);
  const level = checkLevel(options, at);
  const s = substitution(fit, at, options.errors);
  const moved = movings(s, options.attribute ?? options.attributes, at);
  const {names, row} = answering(s);
  const {alternative} = s.data;
  const tables = moved.map((moving) => {
    const M = moving.names.length;
    const found = sums(names.length * M, s.columns.length);
    const each = options.each ? collector(s, moving.names) : undefined;
    eachMove(s, moving, ({n, w, from, m, d, effect, gradient}) => {
      for (let j = 0; j < d.J; ++j) {
        add(found, row[alternative[from + j]] * M + m, w, effect[j], gradient, j);
        each?.add(n, alternative[from + j], m, effect[j], gradient, j);
      }
    });
    return effectTable(s, moving, averages(found), level, each?.done());
  });
  return effects(s, {what: "marginal effects", words: "change of the probability of the row's alternative per unit of the attribute of the column's, averaged over situations that offer both", tables, level, notes: dummyNotes(s, moved)});
}
