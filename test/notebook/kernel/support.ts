import {mkdtempSync, realpathSync, rmSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {startClient, type Answer, type Client} from "../../../src/notebook/kernel/client.js";
import {kernelCommand} from "../../../src/notebook/kernel/spec.js";
import type {Message} from "../../../src/notebook/kernel/wire.js";

/** A folder below this one, so that tslab and the library are found from it as from a notebook's. */
export function scratchFolder(): {path: string; remove(): void} {
  const path = realpathSync(mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), "scratch-")));
  return {path, remove: () => rmSync(path, {recursive: true, force: true})};
}

/** A kernel and what tests ask it. */
export interface Kernel extends Client {
  run(code: string, options?: object): Promise<Answer>;
  interrupt(): Promise<Answer>;
}

/** Flags with which Node runs some code before anything else, in each process and thread. */
export const preloading = (code: string): string[] => ["--import", `data:text/javascript,${encodeURIComponent(code)}`];

/** Code for `preloading` that runs in the process of the cells alone, in its first thread or in the one that hears interrupts. */
export const inCells = (thread: "first" | "watching", code: string): string =>
  `import {isMainThread, workerData} from "node:worker_threads"; if (${thread === "first" ? "isMainThread && /cells\\.[jt]s$/.test(process.argv[1])" : "workerData?.line"}) { ${code} }`;

/** @param preload code that its processes run before their own */
export async function kernel(folder: string, preload?: string): Promise<Kernel> {
  const [node, ...words] = kernelCommand();
  const client = await startClient({folder, ...(preload !== undefined && {command: (file, more) => [node, ...preloading(preload), ...words, "--connection-file", file, ...more]})});
  return {
    ...client,
    run: (code, options = {}) => client.ask("execute_request", {code, ...options}),
    interrupt: () => client.ask("interrupt_request", {}, {channel: "control"})
  };
}

export const types = ({published}: Answer): string[] => published.map(({header}) => header.msg_type);
export const contents = ({published}: Answer, type: string): Message["content"][] => published.filter(({header}) => header.msg_type === type).map(({content}) => content);
export const printed = (answer: Answer, name = "stdout"): string => contents(answer, "stream").filter((one) => one.name === name).map(({text}) => text).join("");
export const value = (answer: Answer): unknown => (contents(answer, "execute_result")[0]?.data as Record<string, unknown> | undefined)?.["text/plain"];
export const bare = (text: unknown): string => String(text).replace(/\u001b\[\d+m/g, "");
export const trace = ({reply}: Answer): string => bare((reply.content.traceback as string[]).join("\n"));
export const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something a cell prints has been heard. */
export function heard(client: Client, text: string): Promise<void> {
  return new Promise((resolve) => {
    const off = client.listen(({header, content}) => {
      if (header.msg_type !== "stream" || !String(content.text).includes(text)) return;
      off();
      resolve();
    });
  });
}
