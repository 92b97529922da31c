// Interleaved rounds: everybody once, then everybody again, so that what else the machine does falls on all alike.

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
export const least = (numbers) => Math.min(...numbers);

/**
 * @param sides functions of the round by name, each asking one process and waiting for it
 * @returns answers by name, (rounds)
 */
export async function rounds(count, sides) {
  const answers = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < count; ++round) for (const [name, ask] of Object.entries(sides)) answers[name].push(await ask(round));
  return answers;
}

/** The median over rounds of a quantity of one side divided by that of another in the same round. */
export const ratio = (above, below, of) => median(Array.from({length: Math.min(above.length, below.length)}, (_, k) => of(above[k]) / of(below[k])));
