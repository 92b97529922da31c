/** Points that a random quantity may take, with the logarithm of a prior weight for each. */
export interface Support {
  /** Increasing, (M). */
  readonly points: Float64Array;
  /** (M); zeros for entropy (generalised maximum entropy), logs of weights that sum to one for cross-entropy. */
  readonly logPrior: Float64Array;
}

/**
 * What the signal of a cell is: "shannon", the probabilities p of a situation themselves are the distribution whose entropy
 * counts (Golan, Judge and Perloff 1996); "supports", each p is the mean of a distribution of its own over points in [0, 1].
 */
export type Signal =
  | {readonly kind: "shannon"; /** Log prior of each cell, (rows); absent for uniform. */ readonly logPrior?: Float64Array}
  | {readonly kind: "supports"; readonly support: Support};

/** Errors as means of distributions over points around zero; they sum to zero within a situation, or need not. */
export interface Noise {
  readonly support: Support;
  readonly sumToZero: boolean;
}

/**
 * A maximum-entropy problem over cells (situation n, alternative j), flat and ragged:
 *
 *   max  entropy of the signal + entropy of the noise
 *   s.t. sum_n w_n sum_j z_njk (p_nj + e_nj) + slack_k = b_k        for every moment k       (eq:programme)
 *        sum_j p_nj = 1, and sum_j e_nj = 0 where asked for          for every situation n
 *
 * K moments, N situations; rows [situation[n], situation[n + 1]) are the cells of n.
 */
export interface Programme {
  /** (rows, K), row-major. */
  readonly z: Float64Array;
  readonly moments: number;
  /** Pointers from situations to rows, (N + 1). */
  readonly situation: Int32Array;
  /** How often each situation counts, (N). */
  readonly weight: Float64Array;
  /** The totals to be met, b (K). */
  readonly targets: Float64Array;
  /** Variances Omega of the totals' own noise, (K): adds lambda' Omega lambda / 2 to the dual; slack = -Omega lambda. Absent: exact. */
  readonly slack?: Float64Array;
  readonly signal: Signal;
  /** Absent: no errors. */
  readonly noise?: Noise;
}

/** The three multipliers of a programme. Utility is -z lambda: beta = -lambda. */
export interface Multipliers {
  /** Of the moments, (K). */
  readonly lambda: Float64Array;
  /** Of adding up to one, (N); zeros for the shannon signal, which adds up by itself. */
  readonly mu: Float64Array;
  /** Of errors summing to zero, (N); zeros where that is not asked for. */
  readonly nu: Float64Array;
}

export const sizesOf = ({moments, situation, z}: Programme) => ({K: moments, N: situation.length - 1, rows: moments ? z.length / moments : situation[situation.length - 1]});
