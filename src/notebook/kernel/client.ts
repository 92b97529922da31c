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
  /**
   * Sends a request; settles when its reply and its last public message are there. `named` is told its id before it goes.
   *
   * @throws {ChoiceError} kernel/gone, as a rejection, when the kernel's process has ended and this was not answered
   */
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
  /** The words that start another kernel than this library's, when they are told its connection file. */
  readonly command?: (connectionFile: string, words: readonly string[]) => readonly string[];
}

const startLimit = 60_000; // milliseconds until the first answer
const again = 20; // milliseconds between attempts to connect, and between questions to a kernel whose public socket may not be connected
const lastWords = 300; // milliseconds to read what a kernel said before it ended
const farewell = 5000; // milliseconds for a kernel to shut down

const tries = 3; // another program may take a free port before the kernel does

/**
 * Starts a kernel and connects to it.
 *
 * @throws {ChoiceError} kernel/start, notebook/no-tslab
 */
export async function startClient(options: ClientOptions): Promise<Client> {
  for (let i = 1; ; ++i) {
    try {
      return await connect(options);
    } catch (error) {
      if (i === tries || !/EADDRINUSE|address (already )?in use/i.test((error as Error).message)) throw error;
    }
  }
}

async function connect({folder, javascript = false, batch = false, command = own}: ClientOptions): Promise<Client> {
  const {Dealer, Subscriber, Request} = requireZeromq(folder);
  const connection = await freeConnection();
  const scratch = mkdtempSync(join(tmpdir(), "kernel-"));
  const file = join(scratch, "connection.json");
  writeFileSync(file, JSON.stringify(connection), {mode: 0o600});
  const [node, ...words] = command(file, [...(javascript ? ["--javascript"] : []), ...(batch ? ["--batch"] : [])]);
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
  const both = {linger: 0, reconnectInterval: again};
  const sockets = {shell: new Dealer(both), control: new Dealer(both), iopub: new Subscriber({receiveHighWaterMark: 0, reconnectInterval: again}), heartbeat: new Request(both)};
  const ports = {shell: connection.shell_port, control: connection.control_port, iopub: connection.iopub_port, heartbeat: connection.hb_port};
  for (const name of ["shell", "control", "iopub", "heartbeat"] as const) {
    sockets[name].connect(address(connection, ports[name]));
  }
  sockets.iopub.subscribe();
  const boxes = {shell: outbox(sockets.shell), control: outbox(sockets.control)};
  const listeners = new Set<(message: Message) => void>();
  const open = new Map<string, {reply?: Message; idle: boolean; readonly published: Message[]; settle(answer: Answer): void; fail(error: ChoiceError): void}>();
  let shut = false;

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

  const ask: Client["ask"] = (type, content = {}, {channel = "shell", named} = {}) => {
    const answer = new Promise<Answer>((settle, fail) => {
      if (shut) return fail(unanswered());
      const head = header(type);
      named?.(head.msg_id);
      open.set(head.msg_id, {idle: false, published: [], settle, fail});
      boxes[channel].put(pack({ids: [], header: head, parent: {}, metadata: {}, content}));
    });
    answer.catch(() => {}); // who does not wait for an answer need not hear that there is none
    return answer;
  };

  const unanswered = (): ChoiceError => new ChoiceError("kernel/gone", {at: "kernel", saw: `a kernel whose process has ended${said ? `: ${said.trim()}` : ""}`, want: "a kernel that answers"});

  // The process may be seen to end before its last words are read.
  void gone.then(() => later(lastWords)).then(() => {
    shut = true;
    for (const socket of Object.values(sockets)) socket.close();
    for (const request of open.values()) request.fail(unanswered());
    open.clear();
  });

  async function heartbeat(): Promise<number> {
    const begun = performance.now();
    await sockets.heartbeat.send(["beat"]);
    await sockets.heartbeat.receive();
    return performance.now() - begun;
  }

  async function connected(): Promise<void> {
    const over = Promise.race([gone.then(() => "gone"), new Promise<string>((resolve) => void setTimeout(resolve, startLimit, "late").unref())]);
    let state = await Promise.race([heartbeat().then(() => "beats"), over]);
    // An answer counts only with its public part: what is published before a subscriber is connected is lost.
    while (state !== "ready") {
      if (state === "gone" || state === "late") {
        end();
        throw new ChoiceError("kernel/start", {at: "kernel start", saw: `a kernel that ${state === "gone" ? "ended at its start" : "does not answer"}${said ? `: ${said.trim()}` : ""}`, want: "a kernel that answers"});
      }
      state = await Promise.race([ask("kernel_info_request").then(() => "ready"), over, later(again).then(() => "again")]);
    }
  }
  await connected();

  return {
    ask,
    listen(take) {
      listeners.add(take);
      return () => void listeners.delete(take);
    },
    heartbeat,
    connection,
    process: child,
    gone,
    async close() {
      const patience = setTimeout(end, farewell);
      await ask("shutdown_request", {restart: false}, {channel: "control"}).catch(() => {}); // it is gone already
      await gone;
      clearTimeout(patience);
    }
  };
}

const own = (file: string, words: readonly string[] = []): string[] => [...kernelCommand(), "--connection-file", file, ...words];

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
