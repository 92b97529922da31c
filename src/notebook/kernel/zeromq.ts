import {createRequire} from "node:module";
import {ChoiceError} from "../../errors.js";
import {requireTslab} from "../tslab.js";

/** As much of a ZeroMQ socket as is needed here. */
export interface Socket extends AsyncIterable<Buffer[]> {
  bind(address: string): Promise<void>;
  connect(address: string): void;
  subscribe(): void;
  send(frames: readonly (Buffer | string)[]): Promise<void>;
  receive(): Promise<Buffer[]>;
  close(): void;
}

/**
 * How much may wait in a socket, 0 for any amount; milliseconds to deliver it once the socket is closed, and between attempts
 * to connect.
 */
interface SocketOptions {
  readonly reconnectInterval?: number;
  readonly sendHighWaterMark?: number;
  readonly receiveHighWaterMark?: number;
  readonly linger?: number;
}

type Kind = new (options?: SocketOptions) => Socket;

/** As much of the package `zeromq`. */
export type Zeromq = Readonly<Record<"Router" | "Dealer" | "Publisher" | "Subscriber" | "Reply" | "Request", Kind>>;

/**
 * The sockets library that tslab brings along: it is looked for where tslab lies, since this library does not depend on it.
 *
 * @throws {ChoiceError} notebook/no-tslab
 */
export function requireZeromq(folder: string): Zeromq {
  const need = requireTslab(folder, "kernel start");
  return createRequire(need.resolve("./executor.js"))("zeromq") as Zeromq;
}

/** What a connection file says. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}

export const address = ({transport, ip}: Connection, port: number): string => (transport === "ipc" ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`);

const linger = 500; // milliseconds that last words have to be delivered

/**
 * Binds a kernel's five sockets, with no limit to what waits in them: a message that is dropped is an output that is lost.
 *
 * @throws {ChoiceError} kernel/ports when one cannot be had; none is bound then
 */
export async function bindAll({Router, Publisher, Reply}: Zeromq, connection: Connection) {
  const {shell_port, control_port, stdin_port, iopub_port, hb_port} = connection;
  const both = {sendHighWaterMark: 0, receiveHighWaterMark: 0, linger};
  const sockets = {shell: new Router(both), control: new Router(both), stdin: new Router(both), iopub: new Publisher({sendHighWaterMark: 0, linger}), heartbeat: new Reply({linger})};
  const ports = {shell: shell_port, control: control_port, stdin: stdin_port, iopub: iopub_port, heartbeat: hb_port};
  const names = Object.keys(sockets) as (keyof typeof sockets)[];
  const bound = await Promise.allSettled(names.map((name) => sockets[name].bind(address(connection, ports[name]))));
  const failed = bound.findIndex(({status}) => status === "rejected");
  if (failed < 0) return sockets;
  for (const socket of Object.values(sockets)) socket.close();
  const {message} = (bound[failed] as PromiseRejectedResult).reason as Error;
  throw new ChoiceError("kernel/ports", {at: "kernel start", saw: `the ${names[failed]} socket cannot be bound to ${address(connection, ports[names[failed]])} (${message})`, want: "five addresses that are free", hint: "start the kernel again: Jupyter chooses other ports"});
}

/** Sends what it is given one after the other: ZeroMQ's binding refuses to be sent much at a time. */
export interface Outbox {
  put(frames: readonly (Buffer | string)[]): void;
  /** Settles when all has been handed over. */
  empty(): Promise<void>;
}

export function outbox(socket: Socket): Outbox {
  let last: Promise<void> = Promise.resolve();
  return {
    put: (frames) => void (last = last.then(() => socket.send(frames)).catch(() => {})), // nobody listens any more
    empty: () => last
  };
}
