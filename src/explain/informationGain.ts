import type {Note} from "../data/choiceData.js";
import type {Entropies, MaxEntFit} from "../entropy/maxEntFit.js";
import {checkOptions, ChoiceError, kindOf, listed, quote} from "../errors.js";
import {shown, type Shown} from "../rich.js";
import {expectMaxEnt, expectOptimum, natsIn, type InformationUnits} from "./maxEntReading.js";
import {groupsOf, type MomentGroup, type Names} from "./momentGroups.js";
import {choiceEntropy, divergenceOf, optimumOf, solveRestricted, unconstrained, type Optimum, type Worth} from "./nestedProgrammes.js";
import {shapley} from "./shapley.js";

/** What `informationGain` may be told. */
export interface GainOptions {
  /**
   * Moments, or groups of them, in the order in which they enter: `["intercepts", "price", ["quality", "size"]]`. What is
   * not named enters last, as "rest". Default: the order of the columns, all intercepts at once.
   */
  readonly chain?: readonly Names[];
  /** Default "nats". */
  readonly units?: InformationUnits;
  /** Whether to average each group's gain over all orders, which solves 2^groups programmes. Default: up to four groups. */
  readonly shapley?: boolean;
  /** Stops the solving; what was found by then is returned, marked so. */
  readonly signal?: AbortSignal;
}

/** Entropy that is left after some of the constraints, in the units asked for. */
export interface Stage extends Worth {
  /** "uniform" (or "prior"), "structure", then the groups by name. */
  readonly name: string;
  /** The moments that are met by now. */
  readonly moments: readonly string[];
  /** - sum w p ln p; before probabilities add up there is none, and it is NaN. */
  readonly p: number;
  /** Information index 1 - S(p), S(p) = p / sum w ln J; NaN before probabilities add up. */
  readonly information: number;
}

/** What one step of the chain adds, in the units asked for. */
export interface Gain {
  readonly name: string;
  /** The moments that enter here; none for the structure. */
  readonly moments: readonly string[];
  /** H_{t-1} - H_t, never negative but for rounding. */
  readonly gain: number;
  /** KL(P_t || P_{t-1}) in its parts, none negative: of the probabilities, of the errors, and of the totals' own noise. They sum to the gain. */
  readonly signal: number;
  readonly noise: number;
  readonly slack: number;
  /** (noise + slack) / gain: the part spent on noise; NaN where nothing was gained. */
  readonly onNoise: number;
  /** H without this group less H with all of them: what would be lost if it alone were dropped. The structure has none. */
  readonly dropped?: number;
  /** What it adds to the structure by itself, and on average over all orders; where asked for. */
  readonly alone?: number;
  readonly shapley?: number;
}

/** The chain of information, with what it rests on. */
export interface InformationGainFacts {
  readonly units: InformationUnits;
  /** From no constraint at all to all of them. */
  readonly stages: readonly Stage[];
  readonly steps: readonly Gain[];
  /** From no constraint to all. */
  readonly total: number;
  /** From the structure to all, in parts: what the moments tell. Absent where the solving was stopped before it began. */
  readonly explained?: Worth;
  /** (noise + slack) / total of `explained`: how much of what the moments tell was spent on noise. */
  readonly onNoise: number;
  /** Largest |gain - KL|, one from the duals and the other cell by cell: how well the identity holds. */
  readonly residual: number;
  /** Entropies of the fit in both units, with normalised ones and the information index. */
  readonly entropies: {readonly nats: Entropies; readonly bits: Entropies};
  /** False where the solving was stopped: steps, drops and Shapley values may then be missing. */
  readonly complete: boolean;
  readonly notes: readonly Note[];
}

/** The chain of information of a maximum-entropy fit: a readonly record that draws itself. */
export type InformationGain = InformationGainFacts & Shown;

/** Groups up to which Shapley values are taken without asking, and at most: 2^8 programmes. */
const freely = 4;
const most = 8;

/**
 * How much each constraint of a maximum-entropy fit tells.
 *
 * Constraints are added one after the other: that probabilities add up (the structure, all multipliers zero), then each
 * moment or group. Entropy falls with each, by what the constraint told (eq:informationGain):
 *
 *   gain_t = H_{t-1} - H_t = KL(P_t || P_{t-1}) >= 0,      sum_t gain_t = H_0 - H_T
 *
 * H is the entropy of signal and noise together, relative to priors where there are some; the gains add up exactly, since
 * each optimum is the projection of the one before (Csiszár 1975; Golan, Judge and Miller 1996). What a gain spent on noise
 * told nothing about probabilities and is shown apart; these parts, unlike the gains, do not add up over steps. The order
 * matters: `dropped` is what a group adds last, and `shapley` its mean over all orders (eq:shapley). With supports the
 * structure alone costs information, which is no fit.
 *
 * @param fit a maximum-entropy fit that converged
 * @returns stages and gains in `units`, situations counted by their weights
 * @throws {ChoiceError} explain/not-maxent, explain/not-at-optimum; explain/too-many-groups for Shapley values of more than
 *   eight; explain/unknown-name, explain/moment-twice, explain/units, options/…
 * @example
 * const world = simulate({tier: "mnlIntercepts"}, {people: 60, situations: 2, seed: 1});
 * const gain = await informationGain(await fitMaxEnt(world.data), {chain: ["intercepts", "price"], units: "bits"});
 * gain.steps.map(({name}) => name) // ["structure", "intercepts", "price", "rest"]
 * gain.residual < 1e-9 // true
 */
export async function informationGain(fit: MaxEntFit, options: GainOptions = {}): Promise<InformationGain> {
  const at = "informationGain(fit)";
  expectMaxEnt(at, fit);
  checkOptions(at, options, ["chain", "units", "shapley", "signal"]);
  const {units = "nats", signal} = options;
  const unit = natsIn(units, at);
  if (signal !== undefined && typeof (signal as {aborted?: unknown} | null)?.aborted !== "boolean") throw new ChoiceError("options/kind", {at, saw: `signal: ${kindOf(signal)}`, want: "an AbortSignal", hint: "signal: controller.signal"});
  expectOptimum(at, fit);
  const groups = groupsOf(fit, options.chain, at);
  const everyWay = wantsShapley(options.shapley, groups, at);

  const top = unconstrained(fit.programme);
  const whole = optimumOf(fit.programme, fit.moments.map((_, k) => k), fit.solution);
  const walk = await walkChain(whole, groups, signal);
  const orders = everyWay && walk.complete ? await everyOrder(whole, groups, walk.optima, signal) : undefined;
  const complete = walk.complete && (!everyWay || orders !== undefined);
  const structure = walk.optima[0]?.worth;
  const steps = walk.optima.map((optimum, t): Gain => {
    // Relative to what is flat, or to a prior, a divergence is a difference of entropies.
    if (t === 0) return {name: "structure", moments: [], ...told(top, structure, less(top, structure), unit)};
    const last = walk.optima[t - 1];
    return {
      ...namesOf(fit, groups[t - 1]),
      ...told(last.worth, optimum.worth, divergenceOf(optimum, last), unit),
      dropped: (walk.dropped[t - 1] - whole.worth.total) / unit,
      ...(orders && {alone: (structure.total - orders.value(1 << (t - 1))) / unit, shapley: orders.shapley[t - 1] / unit})
    };
  });
  const explained = structure && per(unit, less(structure, whole.worth));
  return shown("informationGain", {
    units,
    stages: [firstStage(fit, top, unit), ...walk.optima.map((optimum, t) => stageOf(fit, optimum, t ? groups[t - 1].name : "structure", unit))],
    steps,
    total: (top.total - whole.worth.total) / unit,
    ...(explained && {explained}),
    onNoise: explained ? spent(explained) : NaN,
    residual: steps.reduce((worst, {gain, signal, noise, slack}) => Math.max(worst, Math.abs(gain - signal - noise - slack)), 0),
    entropies: {nats: fit.entropies, bits: inBits(fit.entropies)},
    complete,
    notes: notesOn([...walk.optima, ...walk.others], complete)
  });
}

/** @throws {ChoiceError} explain/too-many-groups, options/kind */
function wantsShapley(asked: boolean | undefined, groups: readonly MomentGroup[], at: string): boolean {
  if (asked !== undefined && typeof asked !== "boolean") throw new ChoiceError("options/kind", {at, saw: `shapley: ${quote(asked)}`, want: "true or false"});
  if (asked && groups.length > most) {
    throw new ChoiceError("explain/too-many-groups", {
      at, saw: `Shapley values of ${groups.length} groups, for which 2^${groups.length} programmes would be solved`,
      want: `${most} groups at most`,
      hint: `put moments together in the chain: chain: [${groups.slice(0, 2).map(({name}) => quote(name)).join(", ")}, [${groups.slice(2, 4).map(({name}) => quote(name)).join(", ")}, …]]`
    });
  }
  return asked ?? groups.length <= freely;
}

interface Walk {
  /** The structure, then the optimum after each group. */
  readonly optima: readonly Optimum[];
  /** The dual without each group, all others kept. */
  readonly dropped: readonly number[];
  /** Optima met on the way, for what they have to say. */
  readonly others: readonly Pick<Optimum, "keep" | "ending">[];
  readonly complete: boolean;
}

/** Along the chain; from each of its optima, also to all groups but the next one. */
async function walkChain(whole: Optimum, groups: readonly MomentGroup[], signal?: AbortSignal): Promise<Walk> {
  const optima: Optimum[] = [];
  const dropped: number[] = [];
  const others: Pick<Optimum, "keep" | "ending">[] = [];
  const solved = async (keep: readonly number[], from?: Optimum) => {
    if (signal?.aborted) return undefined;
    const optimum = keep.length === whole.keep.length ? whole : await solveRestricted(whole.programme, keep, from, signal);
    return optimum.ending === "stopped" ? undefined : optimum;
  };
  for (let t = 0, keep: readonly number[] = []; ; ++t) {
    const optimum = await solved(keep, optima[t - 1]);
    if (!optimum) return {optima, dropped, others, complete: false};
    optima.push(optimum);
    if (t === groups.length) return {optima, dropped, others, complete: true};
    const rest = whole.keep.filter((k) => !groups[t].positions.includes(k));
    // Dropping the last group is the chain but its last step.
    const without = t === groups.length - 1 ? optimum : await solved(rest, optimum);
    if (!without) return {optima, dropped, others, complete: false};
    others.push({keep: without.keep, ending: without.ending});
    dropped.push(without.worth.total);
    keep = joined(keep, groups[t].positions);
  }
}

const joined = (a: readonly number[], b: readonly number[]) => [...a, ...b].sort((x, y) => x - y);

/**
 * The dual of every set of groups, each solved from the set without its last group: sets are visited depth first, so that
 * no more multipliers are held at a time than there are groups.
 *
 * @returns the dual by set, members as bits, and the Shapley parts; undefined when stopped
 */
async function everyOrder(whole: Optimum, groups: readonly MomentGroup[], chain: readonly Optimum[], signal?: AbortSignal): Promise<{readonly value: (members: number) => number; readonly shapley: Float64Array} | undefined> {
  const G = groups.length;
  const values = new Float64Array(2 ** G);
  const visit = async (members: number, optimum: Optimum, next: number): Promise<boolean> => {
    values[members] = optimum.worth.total;
    for (let g = next; g < G; ++g) {
      const more = members | (1 << g);
      // The sets of the chain itself are known.
      const known = more === 2 ** (g + 1) - 1 ? chain[g + 1] : undefined;
      if (!known && signal?.aborted) return false;
      const child = known ?? await solveRestricted(whole.programme, joined(optimum.keep, groups[g].positions), optimum, signal);
      if (child.ending === "stopped" || !await visit(more, child, g + 1)) return false;
    }
    return true;
  };
  if (!await visit(0, chain[0], 0)) return undefined;
  return {value: (members) => values[members], shapley: shapley((members) => -values[members], G)};
}

function firstStage({programme: {signal, noise}}: MaxEntFit, top: Worth, unit: number): Stage {
  const tilted = (logs?: Float64Array) => logs?.some((log) => log !== logs[0]) ?? false;
  const prior = tilted(signal.kind === "shannon" ? signal.logPrior : signal.support.logPrior) || tilted(noise?.support.logPrior);
  return {name: prior ? "prior" : "uniform", moments: [], ...per(unit, top), p: NaN, information: NaN};
}

function stageOf(fit: MaxEntFit, optimum: Optimum, name: string, unit: number): Stage {
  const {p, most: atMost} = choiceEntropy(optimum);
  return {name, moments: optimum.keep.map((k) => fit.moments[k].name), ...per(unit, optimum.worth), p: p / unit, information: 1 - p / atMost};
}

const namesOf = ({moments}: MaxEntFit, {name, positions}: MomentGroup) => ({name, moments: positions.map((k) => moments[k].name)});

const per = (unit: number, {signal, noise, slack, total}: Worth): Worth => ({signal: signal / unit, noise: noise / unit, slack: slack / unit, total: total / unit});

const less = (a: Worth, b: Worth): Worth => ({signal: a.signal - b.signal, noise: a.noise - b.noise, slack: a.slack - b.slack, total: a.total - b.total});

const spent = ({noise, slack, total}: Worth): number => (total > 0 ? (noise + slack) / total : NaN);

function told(before: Worth, after: Worth, divergence: Worth, unit: number): Pick<Gain, "gain" | "signal" | "noise" | "slack" | "onNoise"> {
  const {signal, noise, slack} = per(unit, divergence);
  return {gain: (before.total - after.total) / unit, signal, noise, slack, onNoise: spent(divergence)};
}

const inBits = ({signal, noise, p, normalized, information}: Entropies): Entropies => ({signal: signal / Math.LN2, noise: noise / Math.LN2, p: p / Math.LN2, normalized, information});

function notesOn(optima: readonly Pick<Optimum, "keep" | "ending">[], complete: boolean): Note[] {
  const astray = optima.filter(({ending}) => ending !== "converged");
  const notes: Note[] = [];
  if (!complete) notes.push({level: "warning", code: "explain/stopped", text: "Stopped before all programmes were solved: what is missing was not reached."});
  if (astray.length) notes.push({level: "warning", code: "explain/nested-not-converged", text: `${astray.length} of the nested programmes did not converge (${listed([...new Set(astray.map(({ending}) => ending))])}): gains around them are not exact.`});
  return notes;
}
