import {astray, finish, flat, found, look, spread, sum, target} from "./tilt";
import {plus} from "./vectors";

/** How multipliers come about: as given, solved for, or a step from where they stood. */
export const given: i32 = 0, settled: i32 = 1, stepped: i32 = 2;

/**
 * Cells of a block of pairs at the multipliers that a move asks for (eq:arrow).
 *
 * @param rest    the multiplier of such situations at eta = 0
 * @param before  eta where the multipliers stood, and `turn` its change for a whole step, (pairs, J): for `stepped`
 * @param stood   where they stood, (pairs)
 * @param tried   in: as given; out: where they are, (pairs)
 */
export function tie(S: usize, move: i32, length: f64, rest: f64, eta: usize, before: usize, turn: usize, size: usize, pairs: usize, stood: usize, tried: usize, mean: usize, variance: usize, more: usize, away: usize, point: usize, to: usize, table: usize): void {
  if (move == stepped) {
    look(S, before, size, pairs, stood, mean, variance, more, away, point, to, table);
    for (let at: usize = 0, row: usize = 0, one = to; at < pairs << 4; at += 16, one += found) {
      let turned = f64x2.splat(0), evenly = turned;
      for (const end = row + size; row < end; row += 16) {
        const x = v128.load(turn + row);
        turned = plus(turned, v128.load(variance + row), x);
        evenly = f64x2.add(evenly, x);
      }
      const V = v128.load(one, spread);
      const answer = v128.bitselect(f64x2.div(turned, V), f64x2.div(evenly, f64x2.splat(<f64>(size >> 4))), f64x2.gt(V, f64x2.splat(0)));
      v128.store(tried + at, f64x2.sub(v128.load(stood + at), f64x2.mul(f64x2.splat(length), f64x2.add(ownStep(S, one), answer))));
    }
  }
  if (move != settled) look(S, eta, size, pairs, tried, mean, variance, more, away, point, to, table);
  if (move != given) {
    const all = i64x2.splat(-1);
    for (let at: usize = 0, row: usize = 0, one = to; at < pairs << 4; at += 16, row += size, one += found) {
      let lanes = all;
      if (move == stepped) {
        lanes = v128.not(v128.and(f64x2.le(f64x2.abs(residual(S, one)), v128.load(S, astray)), f64x2.gt(v128.load(one, spread), v128.load(S, flat))));
        if (!v128.any_true(lanes)) continue;
      } else v128.store(tried + at, f64x2.splat(NaN));
      settle(S, tried + at, lanes, rest, eta + row, size, mean + row, variance + row, more + row, away + row, point, one, table);
    }
  }
  finish(S, eta, size, pairs, tried, more, away, to);
}

/** What the means lack of their target. */
@inline
export function residual(S: usize, at: usize): v128 {
  return f64x2.sub(v128.load(S, target), v128.load(at, sum));
}

/** Newton's step of a multiplier alone, downwards: none where the spread is next to nothing, as the residual then is rounding. */
@inline
export function ownStep(S: usize, at: usize): v128 {
  const V = v128.load(at, spread);
  return v128.and(f64x2.div(residual(S, at), V), f64x2.gt(V, v128.load(S, flat)));
}

/**
 * Where the means of a pair of situations add up to the target: Newton's method in what is left of a bracket (eq:bracket).
 *
 * @param at     in: where to begin, in the middle if that is not in the bracket; out: where it is
 * @param lanes  which of the two; the other stays
 */
function settle(S: usize, at: usize, lanes: v128, rest: f64, eta: usize, size: usize, mean: usize, variance: usize, more: usize, away: usize, point: usize, to: usize, table: usize): void {
  let least = v128.load(eta), most = least;
  for (let row: usize = 16; row < size; row += 16) {
    const x = v128.load(eta + row);
    least = f64x2.pmin(least, x);
    most = f64x2.pmax(most, x);
  }
  let low = f64x2.sub(f64x2.splat(rest), most), high = f64x2.sub(f64x2.splat(rest), least);
  const half = f64x2.splat(0.5), zero = f64x2.splat(0);
  // A residual astray is a tenth of the range.
  const tiny = f64x2.mul(v128.load(S, astray), f64x2.splat(1e-15 * <f64>(size >> 4)));
  let mu = v128.load(at);
  mu = v128.bitselect(mu, f64x2.mul(half, f64x2.add(low, high)), v128.or(v128.not(lanes), within(mu, low, high)));
  for (let turn = 0; turn < 200; ++turn) {
    v128.store(at, mu);
    look(S, eta, size, 1, at, mean, variance, more, away, point, to, table);
    const r = residual(S, to);
    const negative = f64x2.lt(r, zero);
    low = v128.bitselect(mu, low, negative);
    high = v128.bitselect(high, mu, negative);
    let next = f64x2.sub(mu, f64x2.div(r, v128.load(to, spread)));
    next = v128.bitselect(next, f64x2.mul(half, f64x2.add(low, high)), within(next, low, high));
    lanes = v128.andnot(v128.and(lanes, within(next, low, high)), f64x2.le(f64x2.abs(r), tiny));
    if (!v128.any_true(lanes)) return;
    mu = v128.bitselect(next, mu, lanes);
  }
}

@inline
function within(x: v128, low: v128, high: v128): v128 {
  return v128.and(f64x2.gt(x, low), f64x2.lt(x, high));
}
