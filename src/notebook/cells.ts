import {realpathSync} from "node:fs";
import {ChoiceError} from "../errors.js";
import {format} from "./format.js";
import type {MimeData} from "./ipynb.js";
import {provideCheckpoints} from "./kernel/checkpoints.js";
import {completeness, hover, matches} from "./kernel/hover.js";
import {beginCell, cut, endCell, inside, interruption, isInterruption, muted, mustStop, origin, runningCell, startWatch, within} from "./kernel/interruptions.js";
import {kernelObject} from "./kernelObject.js";
import type {Question, Report, Request} from "./messages.js";
import {hasFailed, printPromisesPlainly} from "./promises.js";
import {ownName} from "./selfLink.js";
import {captureStreams} from "./streams.js";
import {thrownTrouble, typeTrouble} from "./trace.js";
import {openTslab, type Ended, type Tslab} from "./tslab.js";

// The process in which cells run: the runner or the kernel starts it, watches it, and can end it whatever a cell is doing.

const post = process.send!.bind(process) as (report: Report) => boolean;
const background: unknown[] = []; // errors of work nobody waited for
let [folder, live] = ["", false];
let tslab: Tslab;
let printing = {flush: (): void => {}, renew: (): void => {}};

const send = (report: Report): void => {
  if (muted()) return;
  printing.flush();
  post({cell: origin()?.serial, ...report});
};

async function start(request: Extract<Request, {type: "start"}>): Promise<void> {
  const watched = request.watched ? startWatch(4, stop) : undefined;
  watched?.catch(() => {}); // told below, unless something else fails first
  live = !!request.live;
  process.chdir(request.folder);
  Error.stackTraceLimit = 100; // the user's cell may lie below many of a library's own calls
  folder = realpathSync(request.folder);
  const kernel = kernelObject(send, live);
  tslab = openTslab({
    folder,
    javascript: request.javascript,
    inside,
    push(content, update) {
      const {data, metadata, transient} = content as {data: MimeData; metadata?: MimeData; transient?: {display_id?: string}};
      kernel.displayBundle(data, {displayId: transient?.display_id, update, metadata});
    }
  });
  provideCheckpoints();
  printPromisesPlainly();
  Object.defineProperty(globalThis, Symbol.for("Jupyter.kernel"), {value: kernel, configurable: true, enumerable: false});
  printing = captureStreams((name, text, cell) => post({type: "stream", name, text, cell}), () => (muted() ? undefined : origin()?.serial ?? 0));
  await watched; // a cell that nobody can stop is not begun
  post({type: "ready"});
  readWhileResting();
}

const rest = 300; // milliseconds without a cell
let resting: NodeJS.Timeout | undefined;
let hasRead = false;

// While somebody reads or types, this library's types are read: the cell that imports it need not wait for that.
function readWhileResting(): void {
  if (!live || hasRead) return;
  resting = setTimeout(() => {
    hasRead = true;
    try {
      tslab.readAhead(ownName());
    } catch {
      // the cell that imports it will tell
    }
  }, rest);
}

async function execute({code, cell: serial, name}: Extract<Request, {type: "execute"}>): Promise<void> {
  clearTimeout(resting);
  const cell = beginCell(serial);
  printing.renew();
  const stopped = cell.over.then((): Ended => ({kind: "thrown", error: interruption()}));
  let ended = await within(cell, () => Promise.race([work(code, name), stopped]));
  await new Promise((resolve) => setImmediate(resolve)); // rejections nobody awaited surface now, in the cell that made them
  if (mustStop(cell)) cut(); // told by a signal that overtook the word of it
  if (cell.cut && ended.kind === "thrown" && !isInterruption(ended.error)) ended = {kind: "thrown", error: interruption()};
  printing.flush();
  if (ended.kind === "rejected by types") post({type: "error", cell: serial, ...typeTrouble(ended.complaints, code)});
  else if (ended.kind === "thrown") post(told(ended.error, serial));
  else if (background.length) post(told(background[0], serial));
  background.length = 0;
  endCell();
  post({type: "done", cell: serial});
  readWhileResting();
}

/** Runs a cell and shows its value. */
async function work(code: string, name: string): Promise<Ended> {
  try {
    const ended = await tslab.run(code, name);
    if (ended.kind === "value" && ended.value instanceof Promise) {
      await new Promise((resolve) => setImmediate(resolve)); // one that fails at once does so now
      if (hasFailed(ended.value) && background.length) return ended; // its error is told, and says more
    }
    if (ended.kind === "value") send({type: "result", data: await format(ended.value), metadata: {}});
    return ended;
  } catch (error) {
    return {kind: "thrown", error}; // a value that could not be shown
  }
}

const told = (error: unknown, cell?: number): Report => ({type: "error", cell, ...thrownTrouble(error, {cells: tslab.cells, folder})});

function stop(): void {
  cut();
  tslab?.interrupt();
}

function answer(question: Question): unknown {
  switch (question.kind) {
    case "inspect":
      return hover(tslab.inspect(question.code, question.at));
    case "complete":
      return matches(tslab.complete(question.code, question.at));
    case "isComplete":
      return completeness(question.code, tslab.complaints(question.code));
  }
}

function answerSafely(question: Question): unknown {
  try {
    return answer(question);
  } catch {
    return undefined; // TypeScript's own trouble with half a line of code is no news
  }
}

const settling = 25; // milliseconds that work left behind by the last cell has to fail

function close(): void {
  setTimeout(() => {
    printing.flush();
    const last: Report = background.length ? told(background[0], origin()?.serial) : {type: "done"};
    process.send!(last, undefined, {}, () => process.exit(0));
  }, settling);
}

// Work a cell left behind may fail while a later cell runs, or none: it must not pass unseen. In a live notebook it is told
// at once, at the cell it came from; in a run it fails the cell that runs.
function failedUnseen(error: unknown): void {
  if (muted() || isInterruption(error)) return;
  const from = origin();
  if (!live || (from && from === runningCell())) return void background.push(error);
  const {traceback} = thrownTrouble(error, {cells: tslab.cells, folder});
  send({type: "stream", name: "stderr", text: `In the background: ${traceback.join("\n")}\n`});
}

process.on("unhandledRejection", failedUnseen);
process.on("uncaughtException", failedUnseen);
process.on("SIGINT", stop);
process.on("disconnect", () => process.exit(1)); // the runner is gone
process.on("message", (request: Request) => {
  if (request.type === "close") return close();
  if (request.type === "execute") return void execute(request);
  if (request.type === "ask") return void post({type: "answer", id: request.id, content: answerSafely(request.question)});
  start(request).catch((error: unknown) => {
    const {code, saw, want, hint} = error instanceof ChoiceError ? error : {code: "notebook/start", saw: String((error as Error)?.message ?? error), want: "a process that runs cells", hint: undefined};
    post({type: "trouble", code, saw, want, hint});
  });
});
