import type {Step} from "./optimize/ending.js";

/** What the numbers of a path are: words for them stand in `display/climbs.ts`. */
export type ClimbKind = "likelihood" | "dual" | "moments" | "weights";

/** A fit that begins, as whoever may watch it is told. */
export interface Subject {
  /** The call as the user would recognise it: `fitMixed(data, …)`. */
  readonly call: string;
  readonly kind: ClimbKind;
  /** What the user asked for: to be shown, not to be shown, or (`"own"`) to be told by a function; undefined: as the host has it. */
  readonly progress?: boolean | "own";
  readonly tolerance?: number;
  /** Limit of time. */
  readonly seconds?: number;
}

/** Somebody who watches one fit. Nothing of it throws. */
export interface Watch {
  /** Aborted when the user asks the fit to stop. */
  readonly signal?: AbortSignal;
  step?(step: Step): void;
  /** Called once, when the fit is over: with its result, or without one when it threw. */
  end(result?: object): void;
}

/**
 * Who watches fits. The rooms that fit know nothing of notebooks; `display/` puts its watcher here, so that data keeps
 * flowing one way.
 */
export const watcher: {open?: (subject: Subject) => Promise<Watch | undefined>} = {};

let last: object | undefined;

/** The result of the last fit that ended in a notebook, kept since a cell that was interrupted may lose its variable. */
export const latest = (): object | undefined => last;

interface Watched<S> {
  readonly progress?: boolean | ((step: S) => void);
  readonly signal?: AbortSignal;
  readonly tolerance?: number;
  readonly seconds?: number;
}

/**
 * Does a fit under the eyes of whoever watches: hands on its steps, gives it their wish to stop beside the user's own signal,
 * and keeps its result.
 *
 * @param work the fit, with options in which `progress` is a function or absent
 * @param read a step as a climb's path has it
 */
export async function watched<S, O extends Watched<S>, R extends object>(subject: Pick<Subject, "call" | "kind">, options: O, work: (options: O) => Promise<R>, read: (step: S) => Step): Promise<R> {
  const {progress, signal, tolerance, seconds} = options ?? {}; // what is no options at all is refused by the fit itself
  const own = progress !== undefined && typeof progress !== "boolean";
  const watch = await watcher.open?.({...subject, tolerance, seconds, progress: own ? "own" : (progress as boolean | undefined)});
  const told = own ? progress : watch?.step && ((step: S) => watch.step!(read(step)));
  const followed = typeof options === "object" && options && (watch || typeof progress === "boolean") ? {...options, progress: told, signal: either(signal, watch?.signal)} : options;
  let result: R | undefined;
  try {
    result = await work(followed);
    if (watch) last = result; // where nobody watches, a variable can not be lost, and nothing is to be kept alive
    return result;
  } finally {
    watch?.end(result);
  }
}

/** The function that steps are told to: inside a fit that is watched, `progress` is nothing else. */
export const teller = <S>(progress: boolean | ((step: S) => void) | undefined): ((step: S) => void) | undefined => (typeof progress === "function" ? progress : undefined);

/** What says stop as soon as one of two does. A signal of another make need not do more than tell whether it was aborted. */
function either(own: AbortSignal | undefined, asked: AbortSignal | undefined): AbortSignal | undefined {
  if (!own || !asked) return own ?? asked;
  if (own instanceof AbortSignal) return AbortSignal.any([own, asked]);
  const both: Pick<AbortSignal, "aborted" | "addEventListener" | "removeEventListener"> = {
    get aborted() {
      return (own as AbortSignal).aborted || asked.aborted;
    },
    addEventListener(...words: Parameters<AbortSignal["addEventListener"]>) {
      for (const signal of [own as Partial<AbortSignal>, asked]) signal.addEventListener?.(...words);
    },
    removeEventListener(...words: Parameters<AbortSignal["removeEventListener"]>) {
      for (const signal of [own as Partial<AbortSignal>, asked]) signal.removeEventListener?.(...words);
    }
  };
  return both as AbortSignal;
}
