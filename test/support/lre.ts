import assert from "node:assert/strict";

/** Log relative error: how many leading digits agree, at most 16. Log absolute error where the wanted number is 0. */
export function lre(seen: number, wanted: number): number {
  if (seen === wanted) return 16;
  const error = Math.abs(seen - wanted) / (wanted === 0 ? 1 : Math.abs(wanted));
  return error < 1e-16 ? 16 : Number.isNaN(error) ? -Infinity : -Math.log10(error);
}

type Numbers = ArrayLike<number | string>;

/** Asserts that all entries agree with the wanted ones to so many digits, each on its own. */
export function digits(seen: ArrayLike<number>, wanted: Numbers, least: number, about: string): void {
  assert.equal(seen.length, wanted.length, `${about}: ${seen.length} numbers, wanted ${wanted.length}`);
  for (let k = 0; k < wanted.length; ++k) {
    const found = lre(seen[k], Number(wanted[k]));
    assert.ok(found >= least, `${about}, entry ${k}: ${seen[k]}, wanted ${wanted[k]}: ${found.toFixed(1)} digits of ${least}`);
  }
}

/**
 * Asserts that entries agree to so many digits of the largest: for gradients and Hessians, whose small entries are what is
 * left of large sums.
 */
export function digitsOfLargest(seen: ArrayLike<number>, wanted: Numbers, least: number, about: string): void {
  assert.equal(seen.length, wanted.length, `${about}: ${seen.length} numbers, wanted ${wanted.length}`);
  const largest = Math.max(...Array.from(wanted, (w) => Math.abs(Number(w))));
  for (let k = 0; k < wanted.length; ++k) {
    const error = Math.abs(seen[k] - Number(wanted[k])) / largest;
    assert.ok(error <= 10 ** -least, `${about}, entry ${k}: ${seen[k]}, wanted ${wanted[k]}: off by ${error} of the largest`);
  }
}

/** Asserts that each number, rounded to as many decimals as were printed, is the printed one, give or take `units` of the last. */
export function asPrinted(seen: ArrayLike<number>, printed: readonly string[], about: string, units = 0.5): void {
  assert.equal(seen.length, printed.length, `${about}: ${seen.length} numbers, wanted ${printed.length}`);
  printed.forEach((text, k) => {
    const unit = 10 ** -(text.split(".")[1] ?? "").length;
    const off = Math.abs(seen[k] - Number(text)) / unit;
    assert.ok(off <= units * (1 + 1e-9), `${about}, entry ${k}: ${seen[k]}, printed ${text}: off by ${off.toFixed(2)} of its last digit`);
  });
}

/** Asserts that no estimate is further from the wanted one than this share of its standard error. */
export function nearInErrors(seen: ArrayLike<number>, wanted: ArrayLike<number>, errors: ArrayLike<number>, share: number, about: string): void {
  assert.equal(seen.length, wanted.length, `${about}: ${seen.length} numbers, wanted ${wanted.length}`);
  for (let k = 0; k < wanted.length; ++k) {
    const off = Math.abs(seen[k] - wanted[k]) / errors[k];
    assert.ok(off <= share, `${about}, entry ${k}: ${seen[k]}, wanted ${wanted[k]}: off by ${off} standard errors of ${errors[k]}`);
  }
}
