import type {Report} from "../messages.js";
import type {CellsProcess} from "./cellsProcess.js";
import {asMessage} from "./reports.js";
import type {Header, Message} from "./wire.js";

type Content = Readonly<Record<string, unknown>>;

/** Where answers go: `publish` to all, `reply` to who asked. */
export interface Voice {
  publish(type: string, content: Content, parent: Partial<Header>): void;
  reply(type: string, content: Content): void;
}

/** The cells that wait, one after the other. */
export interface Execution {
  add(request: Message, reply: Voice["reply"]): void;
  /** Takes what cells show, whichever runs. */
  take(report: Report): void;
  /** Those that wait now will not be run: the user, or a failure before them, said stop. */
  abort(): void;
  /** The request whose cell runs. */
  readonly running: Message | undefined;
}

interface Waiting {
  readonly request: Message;
  readonly reply: Voice["reply"];
  aborted: boolean;
}

interface Asked {
  readonly code?: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly stop_on_error?: boolean;
}

const drain = 25; // milliseconds in which requests arrive that were sent before a failure could be known
const remembered = 1000; // cells whose late outputs still find their place

export function execution({run}: Pick<CellsProcess, "run">, publish: Voice["publish"]): Execution {
  const waiting: Waiting[] = [];
  const places = new Map<number, {readonly parent: Header; readonly count: number; readonly silent: boolean}>();
  let running: Message | undefined;
  let count = 0;
  let serial = 0;

  const abort = (): void => waiting.forEach((one) => void (one.aborted = true));

  async function drainQueue(): Promise<void> {
    while (waiting.length) {
      const {request, reply, aborted} = waiting.shift()!;
      running = request;
      publish("status", {execution_state: "busy"}, request.header);
      reply("execute_reply", aborted ? {status: "aborted", execution_count: count} : await executed(request));
      running = undefined;
      publish("status", {execution_state: "idle"}, request.header);
    }
  }

  async function executed({header, content}: Message): Promise<Content> {
    const {code = "", silent = false, store_history = true, stop_on_error = true} = content as Asked;
    const good = (): Content => ({status: "ok", execution_count: count, user_expressions: {}, payload: []});
    if (code.trim() === "") return good();
    const stored = store_history && !silent;
    if (stored) ++count;
    places.set(++serial, {parent: header, count, silent});
    places.delete(serial - remembered);
    if (!silent) publish("execute_input", {code, execution_count: count}, header);
    const {error, ended} = await run(code, {cell: serial, name: stored ? `cell-${count}` : `unnumbered-${serial}`});
    if (!error) return good();
    if (stop_on_error) {
      await new Promise((resolve) => setTimeout(resolve, drain));
      abort();
    }
    const {ename, evalue, traceback} = error;
    return {status: "error", execution_count: count, ename, evalue, traceback, user_expressions: {}, payload: [], ...(ended && {process_ended: true})};
  }

  return {
    get running() {
      return running;
    },
    add(request, reply) {
      waiting.push({request, reply, aborted: false});
      if (!running) void drainQueue();
    },
    take(report) {
      const place = places.get(report.cell ?? serial);
      const message = asMessage(report, place?.count ?? count);
      if (place && !place.silent && message) publish(message.type, message.content, place.parent);
    },
    abort
  };
}
