import {ChoiceError, type Place} from "../../errors.js";

/** An error as a plain record: between threads, errors lose what they carry. */
export interface Report {
  readonly words: string;
  readonly stack?: string;
  readonly choice?: {readonly code: string; readonly at: string; readonly saw: string; readonly want: string; readonly hint?: string; readonly places: readonly Place[]};
}

export function report(error: unknown): Report {
  if (error instanceof ChoiceError) {
    const {message: words, stack, code, at, saw, want, hint, places} = error;
    return {words, stack, choice: {code, at, saw, want, hint, places}};
  }
  return error instanceof Error ? {words: String(error), stack: error.stack} : {words: String(error)};
}

/** The error again: a ChoiceError as itself, anything else as what `other` makes of its words. */
export function revived({words, stack, choice}: Report, other: (saw: string) => ChoiceError): ChoiceError {
  const error = choice ? new ChoiceError(choice.code, choice, choice.places) : other(words);
  if (stack) error.stack = stack;
  return error;
}
