import {cumulative, density, logCumulative, logDensity, quantile} from "../math/normal.js";
import type {Design} from "../model/design.js";
import type {Parameter} from "../model/parameters.js";
import type {Family} from "../model/specification.js";
import {truncatedInto} from "./family.js";

/** How one coefficient is distributed over people, and over situations where it varies within people. */
export interface Population {
  readonly family: Family;
  /** The side of zero of a family that has one. */
  readonly sign: 1 | -1;
  readonly mean: number;
  readonly sd: number;
  /** Shares of people below, exactly at, and above zero: they sum to one. */
  readonly below: number;
  readonly atZero: number;
  readonly above: number;
  /** The density at b, without what sits exactly at zero; NaN for a coefficient without spread. */
  density(b: number): number;
  /** The coefficient that a part u of people stay below. */
  quantile(u: number): number;
}

/**
 * The distribution that a fit gives a random column, in closed form (eq:population).
 *
 * @param c     position of the column, which is that of its location among the parameters, too
 * @param theta (P)
 * @returns undefined for a column that is the same for all
 */
export function population({columns}: Pick<Design, "columns">, parameters: readonly Parameter[], theta: Float64Array, c: number): Population | undefined {
  const {distribution} = columns[c];
  if (!distribution) return undefined;
  const {family, sign = 1} = distribution;
  const mu = theta[c];
  // Of a normal index mu + Gamma nu + W eta; all others have one spread, or none.
  const s = Math.sqrt(parameters.reduce((sum, {column, on}, p) => (column === c && on !== undefined ? sum + theta[p] ** 2 : sum), 0));
  if (s === 0 && family !== "exponential") return {family, sign, ...atPoint(family === "lognormal" ? sign * Math.exp(mu) : ["censored", "truncated"].includes(family) && sign * mu < 0 ? 0 : mu)};
  return {family, sign, ...of[family](mu, s, sign)};
}

type Shape = Omit<Population, "family" | "sign">;

const atPoint = (b: number): Shape => ({mean: b, sd: 0, below: b < 0 ? 1 : 0, atZero: b === 0 ? 1 : 0, above: b > 0 ? 1 : 0, density: () => NaN, quantile: () => b});

/** Shares of a family on one side of zero. */
const oneSided = (sign: 1 | -1) => ({below: sign < 0 ? 1 : 0, atZero: 0, above: sign > 0 ? 1 : 0});

/** Shares of a continuous family: F is its distribution function at zero, G what lies above. */
const twoSided = (F: number, G: number) => ({below: F, atZero: 0, above: G});

/** What a family has on the positive side, turned to the side of `sign`. */
const turned = (sign: 1 | -1, shape: Pick<Shape, "mean" | "sd" | "density" | "quantile">): Pick<Shape, "mean" | "sd" | "density" | "quantile"> =>
  sign > 0 ? shape : {mean: -shape.mean, sd: shape.sd, density: (b) => shape.density(-b), quantile: (u) => -shape.quantile(1 - u)};

const of: Readonly<Record<Family, (mu: number, s: number, sign: 1 | -1) => Shape>> = {
  normal: (mu, s) => ({mean: mu, sd: s, ...twoSided(cumulative(-mu / s), cumulative(mu / s)), density: (b) => density((b - mu) / s) / s, quantile: (u) => mu + s * quantile(u)}),

  lognormal: (mu, s, sign) => ({...oneSided(sign), ...turned(sign, {
    mean: Math.exp(mu + (s * s) / 2), sd: Math.exp(mu + (s * s) / 2) * Math.sqrt(Math.expm1(s * s)),
    density: (b) => (b > 0 ? density((Math.log(b) - mu) / s) / (s * b) : 0), quantile: (u) => Math.exp(mu + s * quantile(u))
  })}),

  exponential: (mu, _, sign) => ({...oneSided(sign), ...turned(sign, {
    mean: Math.exp(mu), sd: Math.exp(mu), density: (b) => (b >= 0 ? Math.exp(-mu - b * Math.exp(-mu)) : 0), quantile: (u) => -Math.exp(mu) * Math.log1p(-u)
  })}),

  uniform: (mu, s) => {
    const above = clamp((mu + s) / (2 * s));
    return {mean: mu, sd: s / Math.sqrt(3), ...twoSided(1 - above, above), density: (b) => (Math.abs(b - mu) <= s ? 1 / (2 * s) : 0), quantile: (u) => mu + s * (2 * u - 1)};
  },

  triangular: (mu, s) => {
    const part = (x: number): number => (x <= -1 ? 0 : x < 0 ? (1 + x) ** 2 / 2 : x < 1 ? 1 - (1 - x) ** 2 / 2 : 1);
    return {
      mean: mu, sd: s / Math.sqrt(6), ...twoSided(part(-mu / s), part(mu / s)), density: (b) => Math.max(0, 1 - Math.abs(b - mu) / s) / s,
      quantile: (u) => mu + s * (u < 0.5 ? Math.sqrt(2 * u) - 1 : 1 - Math.sqrt(2 - 2 * u))
    };
  },

  truncated: (mu, s, sign) => {
    const a = (sign * mu) / s;
    const log = logCumulative(a);
    const rho = Math.exp(logDensity(a) - log); // the inverse Mills ratio
    const out = new Float64Array(6);
    return {...oneSided(sign), ...turned(sign, {
      mean: s * (a + rho), sd: s * Math.sqrt(Math.max(0, 1 - rho * (a + rho))),
      density: (b) => (b >= 0 ? Math.exp(logDensity(b / s - a) - log) / s : 0),
      quantile: (u) => {
        truncatedInto(out, sign * mu, s, Math.log1p(-u), 1, 0);
        return out[0];
      }
    })};
  },

  censored: (mu, s, sign) => {
    const a = (sign * mu) / s;
    const open = cumulative(a);
    const mean = s * (a * open + density(a));
    const square = s * s * ((a * a + 1) * open + a * density(a));
    return {
      below: sign < 0 ? open : 0, atZero: cumulative(-a), above: sign > 0 ? open : 0,
      ...turned(sign, {
        mean, sd: Math.sqrt(Math.max(0, square - mean * mean)),
        density: (b) => (b > 0 ? density(b / s - a) / s : 0), quantile: (u) => Math.max(0, s * (a + quantile(u)))
      })
    };
  }
};

const clamp = (x: number): number => Math.min(1, Math.max(0, x));
