import {createRequire} from "node:module";
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
  const need = requireTslab(folder);
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
