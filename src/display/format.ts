/** Numbers as text with a plain "-"; each dress then gives the minus its own sign. */

/** What stands where there is no number. */
export const nothing = "—";

/** So many decimals, without a negative zero; huge numbers in scientific notation. */
export function fixed(x: number, decimals: number): string {
  if (Number.isNaN(x)) return nothing;
  if (!Number.isFinite(x)) return x > 0 ? "Inf" : "-Inf";
  if (Math.abs(x) >= 1e9) return scientific(x);
  const text = x.toFixed(decimals);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text;
}

/** 1.23e-8. */
export const scientific = (x: number, digits = 3): string => x.toExponential(digits - 1).replace("e+", "e");

/** Three or so significant digits on any scale, trailing zeros dropped: 0.0123, 12.3, 1230, 1.23e-8. */
export function brief(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return fixed(x, 0);
  if (x === 0) return "0";
  const size = Math.floor(Math.log10(Math.abs(x)));
  if (size < -5 || size >= 9) return scientific(x, digits);
  const text = x.toFixed(Math.min(12, Math.max(0, digits - 1 - size)));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** A number as it was given: whole numbers whole, others to six digits. */
export const plainly = (x: number): string => (Number.isInteger(x) && Math.abs(x) < 1e15 ? String(x) : brief(x, 6));

/** A p value to three decimals, "<0.001" below. */
export const pValue = (p: number): string => (Number.isNaN(p) ? nothing : p < 0.001 ? "<0.001" : p.toFixed(3));

/** A test statistic: two decimals until it is large. */
export const statistic = (z: number): string => (Math.abs(z) < 1e4 ? fixed(z, 2) : brief(z));

/** One to three stars, and what they stand for. */
export const stars = (p: number | null): string => (p === null || !(p < 0.05) ? "" : p < 0.001 ? "***" : p < 0.01 ? "**" : "*");
export const starsLegend = "* p < 0.05, ** p < 0.01, *** p < 0.001";

/** 12.3%. */
export const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)}%` : nothing);

/** A level of confidence: 95%. */
export const sureOf = (level: number): string => `${Math.round(level * 1000) / 10}%`;

/** "1 person", "361 people". */
export const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** A number written with so many decimals, and the blanks that bring its decimal point under its neighbours'. */
export interface Aligned {
  readonly text: string;
  readonly blanks: number;
}

/**
 * Decimals that serve a column: the same in every row where one number of decimals shows all errors decently (the typical
 * one with three significant digits, the smallest with two); rows on quite another scale get their own.
 *
 * `scales` are the errors of the rows, or the estimates where there is no error.
 */
export function decimalsFor(scales: readonly number[]): (scale: number) => number {
  const wanted = scales.filter((s) => Number.isFinite(s) && s !== 0).map(want).sort((a, b) => a - b);
  if (!wanted.length) return () => 3;
  const middle = wanted[wanted.length >> 1];
  const common = Math.max(middle, Math.min(wanted[wanted.length - 1] - 1, middle + 2));
  return (scale) => {
    if (!Number.isFinite(scale) || scale === 0) return common;
    const own = want(scale);
    const digits = common + Math.floor(Math.log10(Math.abs(scale))) + 1;
    return own > common + 1 || digits > 6 ? own : common;
  };
}

/** Writes numbers of a table in which all share their decimals: so many that every scale shows a few digits, six at most. */
export function evenly(scales: readonly number[], least = 0): (x: number) => string {
  const decimals = Math.min(6, Math.max(least, decimalsFor(scales)(NaN)));
  return (x) => (Math.abs(x) > 0 && Math.abs(x) < 0.5 * 10 ** -decimals ? scientific(x, 2) : fixed(x, decimals));
}

/** A number of a column in which most have `common` decimals. */
export function align(x: number, decimals: number, common: number): Aligned {
  if (!Number.isFinite(x)) return {text: fixed(x, 0), blanks: 0};
  const tooSmall = x !== 0 && decimals > 7;
  if (tooSmall || Math.abs(x) >= 1e7) return {text: scientific(x), blanks: 0};
  const blanks = common > decimals ? common - decimals + (decimals === 0 ? 1 : 0) : 0;
  return {text: fixed(x, decimals), blanks};
}

// Decimals that show three significant digits.
const want = (x: number): number => Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x)))));
