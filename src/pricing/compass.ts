/**
 * Looks for more of f around x along every axis and between every two, halving the stride when there is nothing better: no
 * slope is asked for, so that kinks do not stop it. f is -Infinity where x may not go. A local summit, no more.
 */
export function compass(f: (x: Float64Array) => number, start: Float64Array, stride: number, enough: number): {readonly x: Float64Array; readonly value: number} {
  const J = start.length;
  const moves: number[][] = [];
  for (let j = 0; j < J; ++j) for (const s of [1, -1]) {
    moves.push([j, s]);
    for (let k = 0; k < j; ++k) moves.push([j, s, k, -s]);
  }
  let x = start;
  let value = f(x);
  for (let t = stride; t > enough;) {
    let better = false;
    for (const move of moves) {
      // As long as a direction pays, strides along it double.
      for (let length = t; ; length *= 2) {
        const next = x.slice();
        for (let m = 0; m < move.length; m += 2) next[move[m]] += move[m + 1] * length;
        const there = f(next);
        if (!(there > value)) break;
        [x, value, better] = [next, there, true];
      }
    }
    if (!better) t /= 2;
  }
  return {x, value};
}
