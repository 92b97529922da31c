import assert from "node:assert/strict";
import {ChoiceError} from "../../src/errors.js";
import type {ChoiceFacts} from "../../src/data/choiceData.js";

/** The call must throw a ChoiceError of this code, whose message says all of these. */
export function refuses(code: string, call: () => unknown, ...says: (string | RegExp)[]): ChoiceError {
  let caught: unknown;
  try {
    call();
  } catch (error) {
    caught = error;
  }
  assert.ok(caught instanceof ChoiceError, `expected ${code}, got ${String(caught)}`);
  assert.equal(caught.code, code, caught.message);
  for (const words of says) assert.match(caught.message, words instanceof RegExp ? words : new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  return caught;
}

/** Codes of the notes. */
export const codes = ({notes}: ChoiceFacts) => notes.map(({code}) => code);

/** All that a model can see: everything but where the data came from. */
export function numbersOf({alternatives, attributes, x, alternative, chosen, situation, person, weight}: ChoiceFacts) {
  return {alternatives, attributes, x: [...x], alternative: [...alternative], chosen: [...chosen], situation: [...situation], person: [...person], weight: [...weight]};
}

/** Two people, two trips each, three ways to go, a ragged set at the end. */
export const trips = [
  {who: "ann", trip: 1, mode: "car", cost: 3, time: 20, took: 1, income: 40, region: "north"},
  {who: "ann", trip: 1, mode: "bus", cost: 1, time: 35, took: 0, income: 40, region: "north"},
  {who: "ann", trip: 1, mode: "train", cost: 2, time: 25, took: 0, income: 40, region: "north"},
  {who: "ann", trip: 2, mode: "car", cost: 5, time: 22, took: 0, income: 40, region: "north"},
  {who: "ann", trip: 2, mode: "bus", cost: 1, time: 30, took: 1, income: 40, region: "north"},
  {who: "ann", trip: 2, mode: "train", cost: 2, time: 28, took: 0, income: 40, region: "north"},
  {who: "bob", trip: 1, mode: "car", cost: 4, time: 21, took: 0, income: 25, region: "south"},
  {who: "bob", trip: 1, mode: "bus", cost: 1, time: 33, took: 0, income: 25, region: "south"},
  {who: "bob", trip: 1, mode: "train", cost: 3, time: 26, took: 1, income: 25, region: "south"},
  {who: "bob", trip: 2, mode: "bus", cost: 2, time: 31, took: 1, income: 25, region: "south"},
  {who: "bob", trip: 2, mode: "train", cost: 3, time: 29, took: 0, income: 25, region: "south"}
];

export const roles = {chosen: "took", alternative: "mode", situation: "trip", person: "who"} as const;
