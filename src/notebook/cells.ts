import {realpathSync} from "node:fs";
import {ChoiceError} from "../errors.js";
import {format} from "./format.js";
import type {MimeData} from "./ipynb.js";
import type {Report, Request} from "./messages.js";
import {captureStreams} from "./streams.js";
import {thrownTrouble, typeTrouble} from "./trace.js";
import {openTslab, type Ended, type Tslab} from "./tslab.js";

// The process in which cells run: the runner starts it, watches it, and can end it whatever a cell is doing.

const post = process.send!.bind(process) as (report: Report) => boolean;
const listeners = new Set<() => void>();
const state = {executing: false, stop: new AbortController(), folder: "", background: [] as unknown[]};
let tslab: Tslab;
let printing = {flush: (): void => {}, renew: (): void => {}};

const send = (report: Report): void => {
  printing.flush();
  post(report);
};

interface ShowOptions {
  readonly displayId?: string;
  readonly update?: boolean;
  readonly metadata?: MimeData;
}

/** What a library finds at `globalThis[Symbol.for("Jupyter.kernel")]`: the same members as in a live notebook. */
const kernel = {
  version: 1,
  get signal(): AbortSignal {
    return state.stop.signal;
  },
  get executing(): boolean {
    return state.executing;
  },
  onInterrupt(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  displayBundle(data: MimeData, {displayId, update = false, metadata = {}}: ShowOptions = {}): void {
    if (update && displayId !== undefined) send({type: "update", data, metadata, id: displayId});
    else send({type: "display", data, metadata, id: displayId});
  },
  async display(value: unknown, options?: ShowOptions): Promise<void> {
    kernel.displayBundle(await format(value), options);
  },
  format,
  clear: (wait = false): void => send({type: "clear", wait})
};

function start({folder, javascript}: {folder: string; javascript: boolean}): void {
  process.chdir(folder);
  Error.stackTraceLimit = 100; // the user's cell may lie below many of a library's own calls
  state.folder = realpathSync(folder);
  tslab = openTslab({
    folder: state.folder,
    javascript,
    push(content, update) {
      const {data, metadata, transient} = content as {data: MimeData; metadata?: MimeData; transient?: {display_id?: string}};
      kernel.displayBundle(data, {displayId: transient?.display_id, update, metadata});
    }
  });
  Object.defineProperty(globalThis, Symbol.for("Jupyter.kernel"), {value: kernel, configurable: true, enumerable: false});
  printing = captureStreams((name, text) => post({type: "stream", name, text}));
  post({type: "ready"});
}

async function execute(code: string, count: number): Promise<void> {
  [state.executing, state.stop] = [true, new AbortController()];
  printing.renew();
  let ended: Ended;
  try {
    ended = await tslab.run(code, `cell-${count}`);
    if (ended.kind === "value") send({type: "result", data: await format(ended.value), metadata: {}});
  } catch (error) {
    ended = {kind: "thrown", error}; // a value that could not be shown
  }
  await new Promise((resolve) => setImmediate(resolve)); // rejections nobody awaited surface now, in the cell that made them
  if (ended.kind === "rejected by types") send({type: "error", ...typeTrouble(ended.complaints, code)});
  else if (ended.kind === "thrown") send(told(ended.error));
  else if (state.background.length) send(told(state.background[0]));
  state.background.length = 0;
  state.executing = false;
  send({type: "done"});
}

const told = (error: unknown): Report => ({type: "error", ...thrownTrouble(error, {cells: tslab.cells, folder: state.folder})});

const settling = 25; // milliseconds that work left behind by the last cell has to fail

function close(): void {
  setTimeout(() => {
    printing.flush();
    const last: Report = state.background.length ? told(state.background[0]) : {type: "done"};
    process.send!(last, undefined, {}, () => process.exit(0));
  }, settling);
}

// Work a cell left behind may fail while a later cell runs, or none: it must not pass unseen.
process.on("unhandledRejection", (error) => void state.background.push(error));
process.on("uncaughtException", (error) => void state.background.push(error));
process.on("SIGINT", () => {
  state.stop.abort();
  for (const listener of listeners) listener();
  tslab?.interrupt();
});
process.on("disconnect", () => process.exit(1)); // the runner is gone
process.on("message", (request: Request) => {
  if (request.type === "close") return close();
  if (request.type === "execute") return void execute(request.code, request.count);
  try {
    start(request);
  } catch (error) {
    const trouble = error instanceof ChoiceError ? error : new ChoiceError("notebook/start", {at: "runNotebook", saw: String((error as Error)?.message ?? error), want: "tslab's compiler to start"});
    post({type: "trouble", code: trouble.code, saw: trouble.saw, want: trouble.want, hint: trouble.hint});
  }
});
