/**
 * A seeded stream of uniforms that is a pure function of its key: `source.stream("draws", 17)` is the same stream whoever
 * asks, in whatever order, on whatever thread (counter-based Philox4x32-10; Salmon et al. 2011).
 */
export interface Stream {
  /** The next uniform in (0, 1), never 0 nor 1, with 53 bits. */
  uniform(): number;
  /** The next standard normal, by inversion. */
  normal(): number;
  /** A whole number in [0, n). */
  below(n: number): number;
}

export interface Source {
  readonly seed: number;
  /** The stream for a purpose and, say, a person. */
  stream(purpose: string, index?: number): Stream;
}
