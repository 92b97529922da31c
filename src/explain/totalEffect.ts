import type {Matrix} from "ml-matrix";
import type {Note} from "../data/choiceData.js";
import {checkOptions, ChoiceError, quote} from "../errors.js";
import {inverse} from "../math/symmetric.js";
import {shown, type Shown} from "../rich.js";
import {answering} from "./effects.js";
import {eachMove, moving, type Length, type Step} from "./moving.js";
import {rowsOf, substitution, type ErrorReaction, type Explained, type Substitution} from "./substitution.js";
import {add, averages, sums, table} from "./sums.js";

export interface TotalEffectOptions {
  /** The attribute whose data change. */
  readonly attribute: string;
  /**
   * How they change: `"unit"`, all by the same amount (the default); `"proportional"`, each in proportion to its value; or so
   * much in each row of the data, (rows).
   */
  readonly change?: Length;
}

export interface TotalEffectFacts {
  readonly attribute: string;
  readonly model: string;
  readonly reach: "alternative" | "situation";
  /** "unit", "proportional" or "given". */
  readonly change: "unit" | "proportional" | "given";
  /** Names of the A rows, which answer, and of the M columns, whose data change. */
  readonly answers: readonly string[];
  readonly moves: readonly string[];
  /** Coefficients as they are: the marginal effect, (A, M). */
  readonly direct: Matrix;
  /** By what the coefficients' own change moves probabilities, (A, M). */
  readonly reestimated: Matrix;
  /** Both: what a new fit to the changed data would say, (A, M). */
  readonly total: Matrix;
  /** Names of the coefficients, and by how much each changes, (C, M). */
  readonly coefficients: readonly string[];
  readonly shift: Matrix;
  /** How many situations an entry averages over, and their weight, (A, M). */
  readonly situations: Matrix;
  readonly weight: Matrix;
  readonly notes: readonly Note[];
}

/** Direct and total effects of a change in data: a record that draws itself. */
export type TotalEffect = TotalEffectFacts & Shown;

/**
 * What a change in the data would do to fitted probabilities if the model were fitted again to the same choices (or totals):
 * the direct effect, coefficients as they are, plus the effect of their re-estimation.
 *
 *   total  = dp/dx + (dp/dbeta) dbeta,      dbeta = G^-1 dm                                  (eq:total)
 *   dm     = d[sum w z (y - p - e)]   at fixed beta
 *
 * G is the curvature of the dual (of the negative log-likelihood), dm what the change does to the moments that the fit meets:
 * to their totals, where these are of choices (totals given from outside stay), and to what the model predicts, errors e
 * included. This is a property of the estimator, not of demand: it says how far the fit hangs on the data, and must not be
 * read as the effect of a price, which is `marginalEffects`. With an intercept per alternative, for instance, a price raised
 * by one everywhere is taken up by the intercept, and the total effect is nil. It has no standard errors.
 *
 * Averages are over situations that offer both alternatives, as in `marginalEffects`. For small changes, about an optimum.
 *
 * @param fit of multinomial logit or maximum entropy, as for `marginalEffects`
 * @throws {ChoiceError} explain/change for a list of another length than the data's rows, or of other things than finite numbers; explain/flat where coefficients are not
 *   determined; and as `marginalEffects`
 * @example
 * const {direct, total} = totalEffect(await fitMnl(data), {attribute: "price", change: "proportional"});
 */
export function totalEffect(fit: Explained, options: TotalEffectOptions): TotalEffect {
  const at = "totalEffect(fit, …)";
  checkOptions(at, options ?? {}, ["attribute", "change"]);
  const {attribute, change = "unit"} = options ?? {};
  const s = substitution(fit, at);
  checkChange(s, change, at);
  const {inverse: G, flat} = inverse(s.curvature);
  if (flat.length) throw new ChoiceError("explain/flat", {at, saw: "a fit with a direction of coefficients about which the data say nothing", want: "a fit whose coefficients are all determined", hint: "drop one of the attributes that move together"});
  const moved = moving(s, attribute, at);
  const {names, row} = answering(s);
  const {alternative} = s.data;
  const [A, M, C, F] = [names.length, moved.names.length, s.columns.length, s.free.length];
  const found = sums(A * M, C); // direct effects
  const answer = sums(A * M, C); // their gradient is dp / dbeta
  const moments = sums(M, C); // their gradient is dm
  let errors: ErrorReaction | undefined;
  eachMove(s, moved, (step) => {
    const {w, from, m, d, effect} = step;
    add(moments, m, w, 0, momentChange(s, step, errors));
    for (let j = 0; j < d.J; ++j) {
      const cell = row[alternative[from + j]] * M + m;
      add(found, cell, w, effect[j]);
      add(answer, cell, w, d.p[j], d.slope, j);
    }
  }, change, (n) => { errors = s.errors?.(n); });
  const shift = new Float64Array(C * M);
  for (let m = 0; m < M; ++m) for (let f = 0; f < F; ++f) for (let h = 0; h < F; ++h) shift[s.free[f] * M + m] += G.get(f, h) * moments.gradient[m * C + s.free[h]];
  const [direct, slopes] = [averages(found).value, averages(answer).gradient];
  const reestimated = direct.map((_, cell) => {
    let sum = 0;
    for (let c = 0; c < C; ++c) sum += slopes[cell * C + c] * shift[c * M + (cell % M)];
    return sum;
  });
  return shown("totalEffect", {
    attribute, model: s.model, reach: moved.together ? "situation" : "alternative", change: typeof change === "string" ? change : "given", answers: names, moves: moved.names,
    direct: table(direct, A, M), reestimated: table(reestimated, A, M), total: table(direct.map((effect, cell) => effect + reestimated[cell]), A, M),
    coefficients: s.columns.map(({name}) => name), shift: table(shift, C, M), situations: table(found.count, A, M), weight: table(found.weight, A, M), notes: endingNotes(fit)
  });
}

function checkChange({data: {alternative}}: Substitution, change: Length, at: string): void {
  if (change === "unit" || change === "proportional") return;
  const list = typeof change === "object" && change !== null && typeof change.length === "number" ? Array.from<unknown>(change) : undefined;
  const odd = list?.findIndex((value) => !(typeof value === "number" && Number.isFinite(value))) ?? -1;
  if (!list || list.length !== alternative.length || odd >= 0) {
    const saw = !list ? `change: ${quote(change)}` : list.length !== alternative.length ? `${list.length} changes` : `change[${odd}]: ${quote(list[odd])}`;
    throw new ChoiceError("explain/change", {at, saw, want: `"unit", "proportional", or one number for each of the ${alternative.length} rows of the data`});
  }
}

/** d[sum_j z_j (y_j - p_j - e_j)] of one situation at fixed beta, (C). */
function momentChange(s: Substitution, {n, from, d, dz, effect}: Step, errors: ErrorReaction | undefined): Float64Array {
  const [J, C] = [d.J, d.C];
  const z = rowsOf(s, n);
  const answer = errors ? errorChange(errors, dz, s.beta) : undefined;
  const out = new Float64Array(C);
  for (let j = 0, at = 0; j < J; ++j) {
    const [level, change] = [d.p[j] + (errors?.mean[j] ?? 0), effect[j] + (answer?.[j] ?? 0)];
    const took = s.chosen?.[n] === from + j;
    for (let c = 0; c < C; ++c, ++at) out[c] += (took && !s.given[c] ? dz[at] : 0) - dz[at] * level - z[at] * change;
  }
  return out;
}

/** de_j = v_j (du_j - tied mean of du), with v the spread of the errors: zero in sum where they are tied. */
function errorChange({spread: v, tied}: ErrorReaction, dz: Float64Array, beta: Float64Array): Float64Array {
  const [J, C] = [v.length, beta.length];
  const rise = new Float64Array(J);
  let [mean, total] = [0, 0];
  for (let j = 0; j < J; ++j) {
    for (let c = 0; c < C; ++c) rise[j] += dz[j * C + c] * beta[c];
    mean += v[j] * rise[j];
    total += v[j];
  }
  const centre = tied && total > 0 ? mean / total : 0;
  return rise.map((up, j) => v[j] * (up - centre));
}

function endingNotes(fit: Explained): Note[] {
  const arrived = "programme" in fit ? fit.solution.ending === "converged" : fit.ending.converged;
  return arrived ? [] : [{level: "warning", code: "explain/not-at-optimum", text: "The fit has not converged: the change of its coefficients is that of an optimum, and does not hold here."}];
}
