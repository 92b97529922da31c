import {readFileSync} from "node:fs";
import {ChoiceError, quote} from "../../errors.js";
import {ensureSelfLink} from "../selfLink.js";
import {answers, type Answers} from "./answers.js";
import {cellsProcess} from "./cellsProcess.js";
import {execution, type Voice} from "./execution.js";
import {codec, headers, type Message} from "./wire.js";
import {bindAll, outbox, requireZeromq, type Connection, type Outbox} from "./zeromq.js";

/** How a kernel is started. */
export interface KernelOptions {
  /** The path of the connection file Jupyter wrote. */
  readonly connectionFile: string;
  readonly javascript?: boolean;
  /** Nobody looks on: what fails in the background fails a cell, as in `maxent-logit run`. */
  readonly batch?: boolean;
}

/**
 * Serves a notebook as a Jupyter kernel, until it is shut down.
 *
 * This process only talks: cells run in another, so that the heartbeat, interrupts and questions about the kernel are
 * answered whatever a cell is doing. It answers as soon as its sockets are bound; the first cell waits for the compiler.
 *
 * @returns when it was shut down; the process should then end
 * @throws {ChoiceError} kernel/connection-file, kernel/ports, notebook/no-tslab
 */
export async function startKernel({connectionFile, javascript = false, batch = false}: KernelOptions): Promise<void> {
  const connection = readConnection(connectionFile);
  const folder = process.cwd();
  ensureSelfLink(folder);
  // The sockets come first: a kernel that nobody can reach ends at once, and a process of cells would keep it.
  const sockets = await bindAll(requireZeromq(folder), connection);
  const {pack, unpack} = codec(connection);
  const header = headers("kernel");
  const boxes = {shell: outbox(sockets.shell), control: outbox(sockets.control), iopub: outbox(sockets.iopub)};
  const publish: Voice["publish"] = (type, content, parent) => boxes.iopub.put(pack({ids: [type], header: header(type), parent, metadata: {}, content}));
  const cells = cellsProcess({folder, javascript, live: !batch}, (report) => queue.take(report));
  const queue = execution(cells, publish);
  let stop: () => void;
  const stopped = new Promise<void>((resolve) => void (stop = resolve));
  try {
    await serve(answers(cells, {folder, javascript}));
  } finally {
    await cells.close();
    for (const socket of Object.values(sockets)) socket.close();
  }

  async function serve(known: Answers): Promise<void> {
    process.removeAllListeners("SIGINT").on("SIGINT", interrupt);
    const terminated = (): void => void cells.close().then(stop);
    process.removeAllListeners("SIGTERM").on("SIGTERM", terminated);
    const widowed = watchParent(terminated);
    for (const serving of [listen("shell", known), listen("control", known), beat()]) void serving.catch(() => {});
    publish("status", {execution_state: "starting"}, {});
    await stopped;
    clearInterval(widowed);
    await Promise.all(Object.values(boxes).map((box) => box.empty()));
  }

  async function listen(name: "shell" | "control", known: Answers): Promise<void> {
    for await (const frames of sockets[name]) {
      const request = unpack(frames);
      if (request) void handle(request, boxes[name], known);
    }
  }

  async function handle(request: Message, box: Outbox, known: Answers): Promise<void> {
    const {ids, header: parent} = request;
    const reply = (type: string, content: Message["content"]): void => box.put(pack({ids, header: header(type), parent, metadata: {}, content}));
    const kind = parent.msg_type.replace(/_request$/, "");
    if (kind === "execute") return queue.add(request, reply);
    publish("status", {execution_state: "busy"}, parent);
    if (kind === "shutdown") return shutDown(request, reply);
    if (kind === "interrupt") interrupt();
    if (kind === "comm_open") publish("comm_close", {comm_id: request.content.comm_id, data: {}}, parent); // no comms are kept
    const content = kind === "interrupt" ? {status: "ok"} : Object.hasOwn(known, kind) ? await known[kind](request) : undefined;
    if (content) reply(`${kind}_reply`, content);
    publish("status", {execution_state: "idle"}, parent);
    // Front-ends show the last state they heard, whatever it answers: a cell may still be running.
    if (queue.running) publish("status", {execution_state: "busy"}, queue.running.header);
  }

  function interrupt(): void {
    queue.abort();
    cells.interrupt();
  }

  async function shutDown({header: parent, content}: Pick<Message, "header" | "content">, reply: Voice["reply"]): Promise<void> {
    await cells.close();
    const told = {status: "ok", restart: !!content.restart};
    reply("shutdown_reply", told);
    publish("shutdown_reply", told, parent);
    publish("status", {execution_state: "idle"}, parent);
    stop();
  }

  async function beat(): Promise<void> {
    for await (const frames of sockets.heartbeat) await sockets.heartbeat.send(frames);
  }
}

/** Jupyter names the process that started the kernel: when it is gone, nobody will shut the kernel down. */
function watchParent(gone: () => void): NodeJS.Timeout | undefined {
  const parent = process.ppid;
  if (Number(process.env.JPY_PARENT_PID) !== parent) return undefined;
  return setInterval(() => void (process.ppid !== parent && gone()), 1000);
}

function readConnection(path: string): Connection {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Connection;
  } catch (error) {
    throw new ChoiceError("kernel/connection-file", {at: "kernel start", saw: `no connection file at ${quote(path)} (${(error as Error).message})`, want: "the file Jupyter writes for a kernel", hint: "let Jupyter start the kernel: maxent-logit kernel install, then choose it in a notebook"});
  }
}
