import {checkOptions, ChoiceError, quote} from "../errors.js";
import {answering, checkLevel, effects, effectTable, type EffectOptions, type Effects} from "./effects.js";
import {answer, differential, push} from "./differential.js";
import {moving, present, type Moving} from "./moving.js";
import {rowsOf, substitution, widestOf, type Explained, type Substitution} from "./substitution.js";
import {add, quotient, sums, type Sums} from "./sums.js";

export interface DiversionOptions extends EffectOptions {
  /** Only alternatives that this attribute could make worse. Default: every alternative. */
  readonly attribute?: string;
}

/**
 * Diversion ratios: of the choices that alternative l loses when it becomes a little worse, the part that goes to each
 * alternative j.
 *
 *   D_jl = - sum w dp_j/du_l / sum w dp_l/du_l                                               (eq:diversion)
 *
 * In one situation D = v_j / (V - v_l), which is p_j / (1 - p_l) for a logit, whatever attribute made l worse: where tastes
 * are the same for all, the cause does not matter (Conlon and Mortimer 2021). Sums are over all situations that offer l, so
 * that each column adds up to one; the diagonal is zero. An alternative that no situation offers beside l receives nothing.
 *
 * @param fit of multinomial logit or maximum entropy, as for `marginalEffects`
 * @throws {ChoiceError} explain/case-specific for an attribute that all alternatives share, and as `marginalEffects`
 * @example
 * const {tables: [{value}]} = diversion(await fitMnl(data));
 * Math.abs(value.getColumn(0).reduce((sum, ratio) => sum + ratio, 0) - 1) < 1e-12 // true
 */
export function diversion(fit: Explained, options: DiversionOptions = {}): Effects {
  const at = "diversion(fit, …)";
  checkOptions(at, options, ["attribute", "errors", "level"]);
  const level = checkLevel(options, at);
  const s = substitution(fit, at, options.errors);
  const moved = movers(s, options.attribute, at);
  const {names, row} = answering(s);
  const {situation, alternative} = s.data;
  const [A, M, C] = [names.length, moved.names.length, s.columns.length];
  const [gained, lost] = [sums(A * M, C), sums(M, C)];
  const most = widestOf(situation);
  const [worse, into] = [new Float64Array(most), answer(most, C)];
  for (let n = 0; n < s.weight.length; ++n) {
    const w = s.weight[n];
    if (!(w > 0)) continue;
    const z = rowsOf(s, n);
    const d = differential(s.react(n, z), z);
    for (let l = 0; l < d.J; ++l) {
      const m = moved.move[alternative[situation[n] + l]];
      if (m < 0) continue;
      worse[l] = -1;
      const {effect, gradient} = push(d, worse, undefined, into);
      worse[l] = 0;
      for (let j = 0; j < d.J; ++j) {
        if (j === l) add(lost, m, -w, effect[j], gradient, j);
        else add(gained, row[alternative[situation[n] + j]] * M + m, w, effect[j], gradient, j);
      }
    }
  }
  return effects(s, {
    what: "diversion", words: "part of the choices that the column's alternative loses that goes to the row's", level,
    tables: [effectTable(s, {...moved, attribute: options.attribute}, ratios(gained, lost, A, M, C), level)]
  });
}

/** Each gain over the loss of its column, which every row shares. */
function ratios(gained: Sums, lost: Sums, A: number, M: number, C: number): Sums {
  const below = sums(A * M, C);
  for (let cell = 0; cell < A * M; ++cell) add(below, cell, 1, lost.value[cell % M], lost.gradient, cell % M);
  return quotient(gained, below);
}

function movers(s: Substitution, attribute: string | undefined, at: string): Pick<Moving, "names" | "move" | "together"> {
  if (attribute !== undefined) {
    const found = moving(s, attribute, at);
    if (!found.together) return found;
    throw new ChoiceError("explain/case-specific", {at, saw: `${quote(attribute)}, which is the same for all alternatives of a situation`, want: "an attribute of alternatives: only one of them may become worse", hint: "leave `attribute` out"});
  }
  const offered = present(s.data);
  const names: string[] = [];
  const move = Int32Array.from(s.data.alternatives, (name, j) => (offered[j] ? names.push(name) - 1 : -1));
  return {names, move, together: false};
}
