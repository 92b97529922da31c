import {spawn, type ChildProcess} from "node:child_process";
import {randomBytes} from "node:crypto";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {createServer, type AddressInfo, type Server} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {ChoiceError} from "../../errors.js";
import {kernelCommand} from "./spec.js";
import {codec, headers, type Message} from "./wire.js";
import {address, outbox, requireZeromq, type Connection, type Socket} from "./zeromq.js";

type Content = Readonly<Record<string, unknown>>;

/** What came of a request: its reply, and what was published for it until the kernel was idle again. */
export interface Answer {
  readonly reply: Message;
  readonly published: readonly Message[];
}

/** The other end of a kernel's sockets. */
export interface Client {
  /** Sends a request; settles when its reply and its last public message are there. `named` is told its id before it goes. */
  ask(type: string, content?: Content, options?: {readonly channel?: "shell" | "control"; readonly named?: (id: string) => void}): Promise<Answer>;
  /** Hears every public message, those that answer an older request too; until the function that is returned is called. */
  listen(take: (message: Message) => void): () => void;
  /** Milliseconds until the heartbeat came back. */
  heartbeat(): Promise<number>;
  readonly connection: Connection;
  readonly process: ChildProcess;
  /** Settles when the kernel's process has ended. */
  readonly gone: Promise<void>;
  /** Shuts the kernel down, and ends it when it does not. */
  close(): Promise<void>;
}

export interface ClientOptions {
  /** The notebook's folder. */
  readonly folder: string;
  readonly javascript?: boolean;
  readonly batch?: boolean;
}

const startLimit = 60_000; // milliseconds until the first answer
const again = 50; // milliseconds between questions to a kernel that may not have bound its sockets
const lastWords = 300; // milliseconds to read what a kernel said before it ended
const farewell = 5000; // milliseconds for a kernel to shut down

/**
 * Starts a kernel and connects to it.
 *
 * @throws {ChoiceError} kernel/start, notebook/no-tslab
 */
export async function startClient({folder, javascript = false, batch = false}: ClientOptions): Promise<Client> {
  const {Dealer, Subscriber, Request} = requireZeromq(folder);
  const connection = await freeConnection();
  const scratch = mkdtempSync(join(tmpdir(), "kernel-"));
  const file = join(scratch, "connection.json");
  writeFileSync(file, JSON.stringify(connection), {mode: 0o600});
  const [node, ...words] = [...kernelCommand(), "--connection-file", file, ...(javascript ? ["--javascript"] : []), ...(batch ? ["--batch"] : [])];
  const child = spawn(node, words, {cwd: folder, env: {...process.env, JPY_PARENT_PID: String(process.pid)}, stdio: ["ignore", "ignore", "pipe"]});
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => void (said = (said + chunk.toString()).slice(-4000)));
  const end = (): boolean => child.kill("SIGKILL");
  process.once("exit", end);
  const gone = new Promise<void>((resolve) => child.once("exit", () => {
    process.off("exit", end);
    rmSync(scratch, {recursive: true, force: true});
    resolve();
  }));

  const {pack, unpack} = codec(connection);
  const header = headers("maxent-logit");
  const sockets = {shell: new Dealer({linger: 0}), control: new Dealer({linger: 0}), iopub: new Subscriber({receiveHighWaterMark: 0}), heartbeat: new Request({linger: 0})};
  const ports = {shell: connection.shell_port, control: connection.control_port, iopub: connection.iopub_port, heartbeat: connection.hb_port};
  for (const name of ["shell", "control", "iopub", "heartbeat"] as const) {
    sockets[name].connect(address(connection, ports[name]));
  }
  sockets.iopub.subscribe();
  const boxes = {shell: outbox(sockets.shell), control: outbox(sockets.control)};
  const listeners = new Set<(message: Message) => void>();
  const open = new Map<string, {reply?: Message; idle: boolean; readonly published: Message[]; settle(answer: Answer): void}>();

  async function hear(socket: Socket, published: boolean): Promise<void> {
    for await (const frames of socket) {
      const message = unpack(frames);
      if (!message) continue;
      if (published) for (const take of [...listeners]) take(message);
      const request = open.get(message.parent.msg_id ?? "");
      if (!request) continue;
      if (!published) request.reply = message;
      else {
        request.published.push(message);
        request.idle ||= message.header.msg_type === "status" && message.content.execution_state === "idle";
      }
      if (!request.reply || !request.idle) continue;
      open.delete(message.parent.msg_id!);
      request.settle({reply: request.reply, published: request.published});
    }
  }
  for (const hearing of [hear(sockets.shell, false), hear(sockets.control, false), hear(sockets.iopub, true)]) void hearing.catch(() => {});

  const ask: Client["ask"] = (type, content = {}, {channel = "shell", named} = {}) =>
    new Promise((settle) => {
      const head = header(type);
      named?.(head.msg_id);
      open.set(head.msg_id, {idle: false, published: [], settle});
      boxes[channel].put(pack({ids: [], header: head, parent: {}, metadata: {}, content}));
    });

  // The process may be seen to end before its last words are read.
  const shut = gone.then(() => later(lastWords)).then(() => Object.values(sockets).forEach((socket) => socket.close()));

  async function connected(): Promise<void> {
    const begun = performance.now();
    for (;;) {
      // The answer counts only with its public part: what is published before a subscriber is connected is lost.
      const state = await Promise.race([ask("kernel_info_request").then(() => "ready"), gone.then(() => "gone"), later(again)]);
      if (state === "ready") return;
      if (state === "gone" || performance.now() - begun > startLimit) {
        end();
        throw new ChoiceError("kernel/start", {at: "kernel start", saw: `a kernel that ${state === "gone" ? "ended at its start" : "does not answer"}${said ? `: ${said.trim()}` : ""}`, want: "a kernel that answers"});
      }
    }
  }
  await connected();

  return {
    ask,
    listen(take) {
      listeners.add(take);
      return () => void listeners.delete(take);
    },
    async heartbeat() {
      const begun = performance.now();
      await sockets.heartbeat.send(["beat"]);
      await sockets.heartbeat.receive();
      return performance.now() - begun;
    },
    connection,
    process: child,
    gone,
    async close() {
      const patience = setTimeout(end, farewell);
      await Promise.race([ask("shutdown_request", {restart: false}, {channel: "control"}), shut]);
      await gone;
      clearTimeout(patience);
    }
  };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Ports that are free now, and a key. */
async function freeConnection(): Promise<Connection> {
  const servers = await Promise.all(Array.from({length: 5}, () => new Promise<Server>((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => resolve(server));
  })));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return {transport: "tcp", ip: "127.0.0.1", shell_port, iopub_port, stdin_port, control_port, hb_port, key: randomBytes(32).toString("hex"), signature_scheme: "hmac-sha256"};
}
