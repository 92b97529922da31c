import {ChoiceError, quote} from "../errors.js";

/**
 * The seconds of `--timeout`. What they may be at most is said by what they are for.
 *
 * @throws {ChoiceError} notebook/timeout
 */
export function secondsOf(at: string, word: string): number {
  const seconds = word.trim() === "" ? NaN : Number(word);
  if (!(seconds > 0)) throw new ChoiceError("notebook/timeout", {at, saw: `--timeout ${quote(word)}`, want: "seconds above 0 that a cell may take", hint: "--timeout 600"});
  return seconds;
}
