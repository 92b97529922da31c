import type {MimeData} from "./ipynb.js";

/** What the process that runs the cells is asked. */
export type Request =
  | ({type: "start"} & StartOptions)
  | {type: "execute"; code: string; cell: number; name: string}
  | {type: "ask"; id: number; question: Question}
  | {type: "close"};

/** How a process for cells is started. */
export interface StartOptions {
  readonly folder: string;
  readonly javascript: boolean;
  /** A fourth line is open to it, on which each byte is an interrupt. */
  readonly watched?: boolean;
  /** Somebody looks on: what fails in the background is told at once. Otherwise it fails the cell that runs then. */
  readonly live?: boolean;
}

/** What an editor asks about code that is not run: places are counted in UTF-16 units from 0. */
export type Question =
  | {readonly kind: "inspect" | "complete"; readonly code: string; readonly at: number}
  | {readonly kind: "isComplete"; readonly code: string};

/**
 * What that process says while it works, in the order in which it happened. `cell` is where an output came from: work that
 * a cell left in the background may speak while a later one runs.
 */
export type Report = {cell?: number} & (
  | {type: "ready"}
  | {type: "trouble"; code: string; saw: string; want: string; hint?: string}
  | {type: "stream"; name: "stdout" | "stderr"; text: string}
  | {type: "display"; data: MimeData; metadata: MimeData; id?: string}
  | {type: "update"; data: MimeData; metadata: MimeData; id: string}
  | {type: "clear"; wait: boolean}
  | {type: "result"; data: MimeData; metadata: MimeData}
  | ({type: "error"} & CellError)
  | {type: "answer"; id: number; content: unknown}
  | {type: "done"}
);

/** Why a cell failed: its error's name and message, and the trace as it is shown. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/** An error that is told without a place in the user's code. */
export const plainError = (ename: string, evalue: string): CellError => ({ename, evalue, traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`]});
