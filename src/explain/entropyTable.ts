import type {Id} from "../data/choiceData.js";
import {cells} from "../entropy/cells.js";
import type {MaxEntFit} from "../entropy/maxEntFit.js";
import {checkOptions, ChoiceError, quote, suggest} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import {entropyOf, expectMaxEnt, natsIn, type InformationUnits} from "./maxEntReading.js";

const bys = ["total", "situation", "alternative"] as const;

export interface EntropyTableOptions {
  /** One line for all, one for each situation, or one for each alternative. Default "total". */
  readonly by?: (typeof bys)[number];
  /** Default "nats". */
  readonly units?: InformationUnits;
}

/** One number for each line. */
export interface EntropyColumns {
  /** Of pi; of p for the shannon signal. */
  readonly signal: Float64Array;
  /** Of w; zeros without noise. */
  readonly noise: Float64Array;
  /** - w p ln p, summed. */
  readonly p: Float64Array;
}

/** Entropies by line, L of them, as columns. */
export interface EntropyTableFacts extends EntropyColumns {
  readonly by: (typeof bys)[number];
  readonly units: InformationUnits;
  /** "all", ids of situations, or names of alternatives, (L). */
  readonly labels: readonly Id[];
  /** What the line counts for: weights of its situations, or of the situations that offer the alternative, (L). */
  readonly weight: Float64Array;
  /** What each entropy would be with nothing known, (L) each. */
  readonly most: EntropyColumns;
  /** Entropies over `most`; NaN where that is zero. By alternative, that of p may exceed one. */
  readonly normalized: EntropyColumns;
  /** 1 - normalised p: Soofi's information index, (L). */
  readonly information: Float64Array;
}

export type EntropyTable = EntropyTableFacts & Shown;

/**
 * Entropies of a maximum-entropy fit: of the signal pi, the errors w and the probabilities p, with what they would be if
 * nothing were known, and the information index (eq:normalizedEntropy; Soofi 1992):
 *
 *   S(p) = - sum_n w_n sum_j p ln p / sum_n w_n ln J_n,     I = 1 - S(p)
 *
 * By situation, S says how open each choice is, whatever the size of its choice set. By alternative the parts - p ln p add
 * up to the total; beside them stands what equal shares would give, which the part of a single alternative may exceed, as
 * - p ln p is largest at p = 1/e. Entropies are plain ones, not relative to priors, and weights multiply.
 *
 * @param fit a maximum-entropy fit
 * @throws {ChoiceError} explain/not-maxent, explain/by, explain/units, options/unknown
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * const fitted = await fitMaxEnt(world.data);
 * entropyTable(fitted).labels // ["all"]
 * entropyTable(fitted, {by: "situation", units: "bits"}).normalized.p
 */
export function entropyTable(fit: MaxEntFit, options: EntropyTableOptions = {}): EntropyTable {
  const at = "entropyTable(fit)";
  expectMaxEnt(at, fit);
  checkOptions(at, options, ["by", "units"]);
  const {by = "total", units = "nats"} = options;
  if (!bys.includes(by)) throw new ChoiceError("explain/by", {at, saw: `by: ${quote(by)}`, want: '"total", "situation" or "alternative"', hint: suggest(String(by), bys)});
  const unit = natsIn(units, at);
  const {data, programme, solution} = fit;
  const labels: readonly Id[] = by === "total" ? ["all"] : by === "situation" ? data.situations : data.alternatives;
  const columns = (): EntropyColumns => ({signal: new Float64Array(labels.length), noise: new Float64Array(labels.length), p: new Float64Array(labels.length)});
  const [sum, most, weight] = [columns(), columns(), new Float64Array(labels.length)];
  const [M, H] = [programme.signal.kind === "supports" ? programme.signal.support.points.length : 0, programme.noise?.support.points.length ?? 1];
  for (let n = 0; n < programme.weight.length; ++n) {
    const from = programme.situation[n];
    const {p, pi, w} = cells(programme, solution, n);
    const part = programme.weight[n] / unit;
    for (let j = 0; j < p.length; ++j) {
      const line = by === "total" ? 0 : by === "situation" ? n : data.alternative[from + j];
      const ofP = part * entropyOf(p, j, j + 1);
      const evenly = (part * Math.log(p.length)) / p.length;
      sum.p[line] += ofP;
      most.p[line] += evenly;
      sum.signal[line] += pi ? part * entropyOf(pi, j * M, (j + 1) * M) : ofP;
      most.signal[line] += pi ? part * Math.log(M) : evenly;
      if (w) sum.noise[line] += part * entropyOf(w, j * H, (j + 1) * H);
      most.noise[line] += part * Math.log(H);
      if (by === "alternative" || j === 0) weight[line] += programme.weight[n];
    }
  }
  const over = (x: Float64Array, y: Float64Array) => x.map((value, line) => (y[line] > 0 ? value / y[line] : NaN));
  const normalized = {signal: over(sum.signal, most.signal), noise: over(sum.noise, most.noise), p: over(sum.p, most.p)};
  return shown("entropyTable", {by, units, labels, weight, ...sum, most, normalized, information: normalized.p.map((value) => 1 - value)});
}
