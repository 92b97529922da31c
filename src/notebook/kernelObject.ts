import {clipped} from "./clip.js";
import {format} from "./format.js";
import type {MimeData} from "./ipynb.js";
import {askedToStop, listen, runningCell, takeSignal} from "./kernel/interruptions.js";
import type {Report} from "./messages.js";

interface ShowOptions {
  readonly displayId?: string;
  readonly update?: boolean;
  readonly metadata?: MimeData;
}

/** What a library finds at `globalThis[Symbol.for("Jupyter.kernel")]`, in a notebook that runs headless as in a live one. */
export interface KernelObject {
  readonly version: number;
  /**
   * Aborted when the user asks the cell to stop for the first time: end early and return the best so far. Whoever takes it
   * is trusted to heed it; with `onInterrupt` that is known more exactly.
   */
  readonly interruption: AbortSignal;
  /** The same as `interruption`. */
  readonly signal: AbortSignal;
  /** Whether the cell has been asked to stop; true also while this thread is kept busy, so that a loop may look. */
  readonly interrupted: boolean;
  readonly executing: boolean;
  /** Whether somebody looks on while cells run; a headless run is read when it is done. */
  readonly live: boolean;
  /** Listens for the user's wish to stop, until the function it returns is called. Without listeners a cell is stopped where it is. */
  onInterrupt(listener: () => void): () => void;
  displayBundle(data: MimeData, options?: ShowOptions): void;
  display(value: unknown, options?: ShowOptions): Promise<void>;
  format(value: unknown): Promise<MimeData>;
  clear(wait?: boolean): void;
}

/**
 * @param send takes what is shown
 * @param live whether somebody looks on
 */
export function kernelObject(send: (report: Report) => void, live: boolean): KernelObject {
  const kernel: KernelObject = {
    version: 1,
    get interruption() {
      return takeSignal();
    },
    get signal() {
      return takeSignal();
    },
    get interrupted() {
      return askedToStop();
    },
    get executing() {
      return runningCell() !== undefined;
    },
    live,
    onInterrupt: listen,
    displayBundle(bundle, {displayId, update = false, metadata = {}} = {}) {
      const data = clipped(bundle);
      if (update && displayId !== undefined) send({type: "update", data, metadata, id: displayId});
      else send({type: "display", data, metadata, id: displayId});
    },
    async display(value, options) {
      kernel.displayBundle(await format(value), options);
    },
    format,
    clear: (wait = false) => send({type: "clear", wait})
  };
  return kernel;
}
