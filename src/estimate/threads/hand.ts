import type {Worker} from "node:worker_threads";
import {ChoiceError} from "../../errors.js";
import {revived, type Answer, type Desk, type Task} from "./messages.js";

/** What makes threads: that of node:worker_threads. */
export type WorkerMaker = typeof Worker;

/** One worker thread, as promises. */
export interface Hand {
  /** Whether it can work no more. */
  readonly gone: boolean;
  /**
   * One task at a time. The process is kept alive until the answer, and no longer.
   *
   * @throws {ChoiceError} estimate/worker when the thread ends before it has answered; what a task itself throws, as it is
   */
  ask(task: Task, moved?: readonly ArrayBuffer[]): Promise<Answer>;
  dismiss(): void;
}

// Built, the thread's entry stands beside this file as JavaScript and must not inherit how the program was called (it may
// not run with `--input-type`); from source it needs the same loader of TypeScript as this thread.
const fromSource = import.meta.url.endsWith(".ts");
const entry = new URL(fromSource ? "./worker.ts" : "./worker.js", import.meta.url);

/** Starts a thread. `name` says which, in errors. */
export function hand(Maker: WorkerMaker, desk: Desk, name: string, at: string): Hand {
  const worker = new Maker(entry, {workerData: desk, ...(!fromSource && {execArgv: []})});
  let waiting: {resolve: (answer: Answer) => void; reject: (error: ChoiceError) => void} | undefined;
  let fate: ChoiceError | undefined;
  const trouble = (saw: string) => lost(at, `${name} ${saw}`);
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
    if (answer.kind === "trouble") settle()?.reject(revived(answer.trouble, (words) => trouble(`failed: ${words}`)));
    else settle()?.resolve(answer);
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
    dismiss() {
      end("was dismissed");
      void worker.terminate();
    }
  };
}

/** The error of a thread that is no more. */
export const lost = (at: string, saw: string): ChoiceError => new ChoiceError("estimate/worker", {at, saw, want: "threads that last as long as the fit", hint: "threads: 1, which computes the same without any"});
