import type {Breathe} from "../kernels/mnl.js";

/**
 * Gives way to timers, messages and aborts about every 15 ms.
 *
 * @param after called when work goes on: what it throws, such as an abort, ends the work
 */
export function breather(after?: () => void, every = 15): Breathe {
  let since = performance.now();
  return () => {
    if (performance.now() - since < every) return undefined;
    return pause().then(() => {
      since = performance.now();
      after?.();
    });
  };
}

/** Lets timers, messages and aborts through. */
export const pause = () => new Promise<void>((resolve) => { (typeof setImmediate === "function" ? setImmediate : setTimeout)(resolve); });
