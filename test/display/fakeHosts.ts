import type {Bundle} from "../../src/rich.js";

/** What was shown, and where. */
export interface Message {
  readonly data: Bundle & Readonly<Record<string, unknown>>;
  readonly displayId?: string;
  readonly update: boolean;
}

export interface Kernel {
  readonly messages: Message[];
  /** The user's wish to stop. */
  interrupt(): void;
  readonly listeners: Set<() => void>;
}

const place = Symbol.for("Jupyter.kernel");
const globals = globalThis as Record<PropertyKey, unknown>;

/** Does work where this library's kernel, or its headless runner, seems to be. */
export async function inKernel<T>(work: (kernel: Kernel) => Promise<T>, {live = true, broken = false} = {}): Promise<T> {
  const messages: Message[] = [];
  const listeners = new Set<() => void>();
  const fail = () => { throw new Error("the notebook is gone"); };
  globals[place] = {
    version: 1, live,
    displayBundle: broken ? fail : (data: Message["data"], {displayId, update = false}: {displayId?: string; update?: boolean} = {}) => void messages.push({data, displayId, update}),
    onInterrupt: broken ? fail : (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    }
  };
  try {
    return await work({messages, listeners, interrupt: () => listeners.forEach((listener) => listener())});
  } finally {
    delete globals[place];
  }
}

/** Does work beside a global of some host. */
export async function beside<T>(name: string, value: unknown, work: () => Promise<T>): Promise<T> {
  globals[name] = value;
  try {
    return await work();
  } finally {
    delete globals[name];
  }
}
