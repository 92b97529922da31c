import {checkOptions, ChoiceError, expectFields, quote, suggest} from "../../errors.js";
import type {Breathe} from "../../kernels/mnl.js";
import {breather} from "../../optimize/breath.js";
import {shown, type Shown} from "../../rich.js";
import {tasteLogits} from "./logits.js";
import type {MixedMenus} from "./objective.js";
import {meanOf} from "./tilt.js";
import type {MixingFit} from "./types.js";
import {fitMenus, fitShared, readingVariances} from "./uncertainty.js";

/** How shares answer to an attribute; row j is whose share, column l whose attribute. */
export interface TasteElasticitiesFacts {
  readonly attribute: string;
  readonly alternatives: readonly string[];
  /** Shares that the mixture predicts, (J). */
  readonly shares: readonly number[];
  /** Per cent of share j for a per cent more of the attribute of l in every situation, (J, J); NaN for an alternative never on offer. */
  readonly elasticities: readonly (readonly number[])[];
  /** Standard errors by the delta method, (J, J); null where there are none. */
  readonly errors: readonly (readonly (number | null)[])[];
  /** Change of share j for a unit more of the attribute of l in every situation, (J, J). */
  readonly derivatives: readonly (readonly number[])[];
  /** Of what l loses for a unit more, the part that goes to j: -d s_j / d s_l, (J, J); -1 on the diagonal. */
  readonly diversion: readonly (readonly number[])[];
}

export type TasteElasticities = TasteElasticitiesFacts & Shown;

/** Numbers kept for a pair of alternatives at every taste: at most so many in all. */
const most = 4e7;

/**
 * Elasticities, derivatives and diversion of aggregate shares under a mixture (eq:tasteElasticities): people with one taste
 * substitute as a logit has it, and the mixture frees them of its proportions.
 *
 *   d s_j / d x_l = (1 / W) sum_n w_n sum_r theta_r b_lr p_lr (1[j = l] - p_jr)
 *
 * @param attribute an attribute in utility, whatever columns carry it
 * @param options.errors false spares the delta method
 * @throws {ChoiceError} mixing/not-a-fit, model/unknown-attribute, mixing/too-many
 * @example
 * const mixture = await fitMaxEntMixed(data, {tastes: tasteGrid({price: {from: -5, to: 3, points: 33}})});
 * const {elasticities} = await tasteElasticities(mixture, "price");
 * elasticities.length // 3
 */
export async function tasteElasticities(fit: MixingFit, attribute: string, options: {readonly errors?: boolean} = {}): Promise<TasteElasticities> {
  const at = "tasteElasticities(fit, …)";
  expectFields("mixing/not-a-fit", at, fit, ["tastes", "weights", "kind"], "a fitted mixture", "tasteElasticities(await fitMaxEntMixed(data, {…}), \"price\")");
  checkOptions(at, options, ["errors"]);
  const {data, design: {columns}, weights: theta, layout} = fit;
  const k = data.attributes.indexOf(attribute);
  if (k < 0 || !columns.some((column) => column.attribute === k)) {
    throw new ChoiceError("model/unknown-attribute", {at, saw: quote(attribute), want: "an attribute of utility", hint: suggest(String(attribute), [...new Set(columns.flatMap((column) => (column.attribute < 0 ? [] : [data.attributes[column.attribute]])))])});
  }
  const J = data.alternatives.length;
  if (J * (2 * J + 1) * theta.length > most) throw new ChoiceError("mixing/too-many", {at, saw: `${J} alternatives and ${theta.length} tastes`, want: "fewer of either: effects are kept for every pair of alternatives at every taste", hint: "fit with a coarser grid"});
  const menus = fitMenus(fit);
  const breathe = breather();
  const shared = fitShared(fit);
  const own = await responses(fit, menus, shared, k, breathe);
  const now = summed(own, theta, J);
  const wanted = options.errors !== false;
  const byWeight = wanted ? slopesOf(own, now, J) : [];
  const byShared: number[][] = [];
  if (wanted) for (let f = 0; f < layout.fixed.length; ++f) {
    const h = Math.max(1e-5 * Math.abs(shared[f]), 1e-6);
    const moved = async (by: number) => summed(await responses(fit, menus, shared.map((c, g) => (g === f ? c + by : c)), k, breathe), theta, J);
    const [up, down] = [await moved(h), await moved(-h)];
    byShared.push(Array.from(up.elasticities, (e, x) => (e - down.elasticities[x]) / (2 * h)));
  }
  const variances = wanted ? await readingVariances(fit, byWeight.map((slope, x) => ({byWeight: slope, byShared: byShared.map((list) => list[x])}))) : Array.from(now.elasticities, () => null);
  const square = <T>(of: (x: number) => T): T[][] => Array.from({length: J}, (_, j) => Array.from({length: J}, (_, l) => of(j * J + l)));
  return shown("taste elasticities", {
    attribute, alternatives: data.alternatives, shares: [...now.shares],
    elasticities: square((x) => now.elasticities[x]),
    errors: square((x) => { const v = variances[x]; return v === null || !(v >= 0) ? null : Math.sqrt(v); }),
    derivatives: square((x) => now.derivatives[x]),
    diversion: square((x) => -now.derivatives[x] / now.derivatives[(x % J) * J + (x % J)])
  });
}

/** At each taste: shares (J, R), derivatives of shares by a unit (J, J, R), and by a hundred per cent (J, J, R). */
interface Responses {
  readonly shares: Float64Array[];
  readonly unit: Float64Array[];
  readonly whole: Float64Array[];
}

async function responses({data, tastes, layout, shared}: MixingFit, menus: MixedMenus, c: Float64Array, k: number, breathe: Breathe): Promise<Responses> {
  const {alternative, x, weight, attributes, alternatives} = data;
  const [J, K, R] = [alternatives.length, attributes.length, tastes.points[0].length];
  const {situation} = menus;
  const cellsOf = tasteLogits(menus, tastes);
  const slope = coefficients({tastes, layout, shared}, c, k, J);
  const W = weight.reduce((sum, w) => sum + w, 0);
  const make = (count: number) => Array.from({length: count}, () => new Float64Array(R));
  const [shares, unit, whole] = [make(J), make(J * J), make(J * J)];
  const p: Float64Array[] = [];
  for (let n = 0; n + 1 < situation.length; ++n) {
    const wait = breathe();
    if (wait) await wait;
    const {m, rows, e, total, rest} = cellsOf(n, situation[n], c);
    const offered = [situation[n], ...rows.subarray(0, m)];
    while (p.length <= m) p.push(new Float64Array(R));
    for (let r = 0; r < R; ++r) p[0][r] = rest[r] / total[r];
    for (let j = 0; j < m; ++j) for (let r = 0, at = j * R; r < R; ++r, ++at) p[j + 1][r] = e[at] / total[r];
    const w = weight[n] / W;
    offered.forEach((row, j) => {
      const own = alternative[row];
      for (let r = 0; r < R; ++r) shares[own][r] += w * p[j][r];
      offered.forEach((other, l) => {
        const b = slope[alternative[other]];
        if (!b) return;
        const to = own * J + alternative[other];
        const [ones, hundred, value] = [unit[to], whole[to], x[other * K + k]];
        for (let r = 0; r < R; ++r) {
          const change = w * b[r] * p[l][r] * ((j === l ? 1 : 0) - p[j][r]);
          ones[r] += change;
          hundred[r] += value * change;
        }
      });
    });
  }
  return {shares, unit, whole};
}

/** The coefficient of the attribute for each alternative at every taste; undefined where it has none. */
function coefficients({tastes, layout, shared}: Pick<MixingFit, "tastes" | "layout" | "shared">, c: Float64Array, k: number, J: number): (Float64Array | undefined)[] {
  const {design: {columns}, random, fixed} = layout;
  const R = tastes.points[0].length;
  return Array.from({length: J}, (_, j) => {
    const carrying = [...columns.keys()].filter((column) => columns[column].attribute === k && (!columns[column].alternatives.length || columns[column].alternatives.includes(j)));
    if (!carrying.length) return undefined;
    const b = new Float64Array(R);
    for (const column of carrying) {
      const [d, f] = [random.indexOf(column), fixed.indexOf(column)];
      for (let r = 0; r < R; ++r) b[r] += d >= 0 ? tastes.points[d][r] : f >= 0 ? c[f] : shared[columns[column].name];
    }
    return b;
  });
}

interface Summed {
  readonly shares: Float64Array;
  readonly derivatives: Float64Array;
  readonly elasticities: Float64Array;
}

function summed({shares, unit, whole}: Responses, theta: Float64Array, J: number): Summed {
  const s = Float64Array.from(shares, (f) => meanOf(theta, f));
  return {
    shares: s, derivatives: Float64Array.from(unit, (f) => meanOf(theta, f)),
    elasticities: Float64Array.from(whole, (f, x) => meanOf(theta, f) / s[Math.floor(x / J)])
  };
}

/** d elasticity_jl / d theta_r = (N_jlr - e_jl S_jr) / s_j. */
function slopesOf({shares, whole}: Responses, {shares: s, elasticities}: Summed, J: number): Float64Array[] {
  return whole.map((f, x) => {
    const j = Math.floor(x / J);
    return f.map((value, r) => (value - elasticities[x] * shares[j][r]) / s[j]);
  });
}
