/**
 * What each of G players adds to a game, averaged over all orders in which they may enter (eq:shapley):
 *
 *   phi_g = sum over S without g of |S|! (G - |S| - 1)! / G!  (worth(S + g) - worth(S))
 *
 * The parts add up to worth(all) - worth(none), and no order is preferred (Shapley 1953).
 *
 * @param worth of a set, its members as the bits of a number
 */
export function shapley(worth: (members: number) => number, G: number): Float64Array {
  const parts = new Float64Array(G);
  // |S|! (G - |S| - 1)! / G! is one over G times the number of ways to choose |S| of G - 1.
  const share = new Float64Array(G);
  for (let size = 0, ways = 1; size < G; ++size) {
    share[size] = 1 / (G * ways);
    ways = (ways * (G - 1 - size)) / (size + 1);
  }
  for (let members = 0; members < 2 ** G; ++members) {
    const size = bits(members);
    for (let g = 0; g < G; ++g) if (!(members & (1 << g))) parts[g] += share[size] * (worth(members | (1 << g)) - worth(members));
  }
  return parts;
}

function bits(members: number): number {
  let count = 0;
  for (let rest = members; rest; rest &= rest - 1) ++count;
  return count;
}
