import {createHmac, randomUUID, timingSafeEqual} from "node:crypto";
import type {Connection} from "./zeromq.js";

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

type Content = Readonly<Record<string, unknown>>;

/** A message of Jupyter's protocol. */
export interface Message {
  /** Whom it came from, or goes to; on the public socket its topic. */
  readonly ids: readonly (Buffer | string)[];
  readonly header: Header;
  /** The request it answers; empty when it answers none. */
  readonly parent: Partial<Header>;
  readonly metadata: Content;
  readonly content: Content;
}

export const protocol = "5.4";
const delimiter = "<IDS|MSG>";

/** Makes headers for one side of a conversation. */
export function headers(username: string): (msg_type: string) => Header {
  const session = randomUUID();
  return (msg_type) => ({msg_id: randomUUID(), session, username, date: new Date().toISOString(), msg_type, version: protocol});
}

/** Messages as signed frames: [ids…, delimiter, signature, header, parent, metadata, content]. An empty key signs nothing. */
export interface Codec {
  pack(message: Message): (Buffer | string)[];
  /** Undefined for frames that are no message, or that another key has signed. */
  unpack(frames: readonly Buffer[]): Message | undefined;
}

export function codec({key, signature_scheme}: Pick<Connection, "key" | "signature_scheme">): Codec {
  const sign = (parts: readonly (Buffer | string)[]): string => {
    if (key === "") return "";
    const hash = createHmac(signature_scheme.replace(/^hmac-/, ""), key);
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  };
  return {
    pack({ids, header, parent, metadata, content}) {
      const parts = [header, parent, metadata, content].map((part) => JSON.stringify(part));
      return [...ids, delimiter, sign(parts), ...parts];
    },
    unpack(frames) {
      const at = frames.findIndex((frame) => frame.equals(Buffer.from(delimiter)));
      const [signature, ...parts] = frames.slice(at + 1);
      if (at < 0 || parts.length < 4 || !same(signature, Buffer.from(sign(parts.slice(0, 4))))) return undefined;
      try {
        const [header, parent, metadata, content] = parts.slice(0, 4).map((part) => JSON.parse(part.toString()));
        return typeof header?.msg_type === "string" ? {ids: frames.slice(0, at), header, parent: parent ?? {}, metadata: metadata ?? {}, content: content ?? {}} : undefined;
      } catch {
        return undefined;
      }
    }
  };
}

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
