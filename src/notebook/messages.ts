import type {MimeData} from "./ipynb.js";

/** What the runner asks of the process that runs the cells. */
export type Request =
  | {type: "start"; folder: string; javascript: boolean}
  | {type: "execute"; code: string; count: number}
  | {type: "close"};

/** What that process says while it works, in the order in which it happened. */
export type Report =
  | {type: "ready"}
  | {type: "trouble"; code: string; saw: string; want: string; hint?: string}
  | {type: "stream"; name: "stdout" | "stderr"; text: string}
  | {type: "display"; data: MimeData; metadata: MimeData; id?: string}
  | {type: "update"; data: MimeData; metadata: MimeData; id: string}
  | {type: "clear"; wait: boolean}
  | {type: "result"; data: MimeData; metadata: MimeData}
  | ({type: "error"} & CellError)
  | {type: "done"};

/** Why a cell failed: its error's name and message, and the trace as it is shown. */
export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}
