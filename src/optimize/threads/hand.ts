import type {Worker} from "node:worker_threads";
import type {ChoiceError} from "../../errors.js";
import {revived, type Report} from "./report.js";

/** What makes threads: that of node:worker_threads. */
export type WorkerMaker = typeof Worker;

/** What every thread may answer. */
export type Trouble = {readonly kind: "trouble"; readonly trouble: Report};

/** One worker thread, as promises. */
export interface Hand<Task, Answer> {
  /** Whether it can work no more. */
  readonly gone: boolean;
  /**
   * One task at a time. The process is kept alive until the answer, and no longer.
   *
   * @throws {ChoiceError} when the thread ends before it has answered; what a task itself throws, as it is
   */
  ask(task: Task, moved?: readonly ArrayBuffer[]): Promise<Exclude<Answer, Trouble>>;
  /** Ends the thread; resolves when it is no more. */
  dismiss(): Promise<void>;
}

export interface HandOptions {
  /** The thread's module, as a URL beside the one that asks, without its ending. */
  readonly entry: URL;
  /** What it has from the start. */
  readonly desk: unknown;
  /** Which thread, in errors. */
  readonly name: string;
  /** The error of a thread that is no more. */
  readonly lost: (saw: string) => ChoiceError;
}

// Built, a thread's entry stands as JavaScript and must not inherit how the program was called (it may not run with
// `--input-type`); from source it needs the same loader of TypeScript as this thread.
const fromSource = import.meta.url.endsWith(".ts");

/** Starts a thread. */
export function hand<Task, Answer extends {readonly kind: string}>(Maker: WorkerMaker, {entry, desk, name, lost}: HandOptions): Hand<Task, Answer> {
  const worker = new Maker(new URL(`${entry.href}${fromSource ? ".ts" : ".js"}`), {workerData: desk, ...(!fromSource && {execArgv: []})});
  let waiting: {resolve: (answer: Exclude<Answer, Trouble>) => void; reject: (error: ChoiceError) => void} | undefined;
  let fate: ChoiceError | undefined;
  const trouble = (saw: string) => lost(`${name} ${saw}`);
  const settle = () => {
    const asked = waiting;
    waiting = undefined;
    worker.unref();
    return asked;
  };
  const end = (saw: string) => {
    fate ??= trouble(saw);
    settle()?.reject(fate);
  };
  worker.unref();
  worker.on("message", (answer: Answer) => {
    if (answer.kind === "trouble") settle()?.reject(revived((answer as unknown as Trouble).trouble, (words) => trouble(`failed: ${words}`)));
    else settle()?.resolve(answer as Exclude<Answer, Trouble>);
  });
  worker.on("messageerror", (error) => end(`sent what cannot be read: ${error.message}`));
  worker.on("error", (error: unknown) => end(`ended: ${error instanceof Error ? error.message : String(error)}`));
  worker.on("exit", (code) => end(`ended with exit code ${code}`));
  return {
    get gone() {
      return fate !== undefined;
    },
    ask: (task, moved = []) => new Promise((resolve, reject) => {
      if (fate) return reject(fate);
      waiting = {resolve, reject};
      worker.ref();
      try {
        worker.postMessage(task, moved);
      } catch (error) {
        settle();
        reject(error);
      }
    }),
    async dismiss() {
      end("was dismissed");
      await worker.terminate();
    }
  };
}
