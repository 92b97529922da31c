import {endedBy} from "../child.js";
import {plainError, type Report} from "../messages.js";
import {grace, tooLong, type Session} from "../session.js";
import {startClient} from "./client.js";
import {asReport} from "./reports.js";
import type {Message} from "./wire.js";

/**
 * A session whose cells run in a kernel, over its sockets: what a notebook shows is what Jupyter would be sent.
 *
 * @throws {ChoiceError} kernel/start, kernel/gone, notebook/no-tslab
 */
export async function startKernelSession({folder, javascript}: {folder: string; javascript: boolean}): Promise<Session> {
  const client = await startClient({folder, javascript, batch: true});
  await client.ask("is_complete_request", {code: ""}); // answered once cells can run: a cell's limit is its own time
  const cells = new Map<string, number>(); // by request
  let take: (report: Report) => void = () => {};
  let over = false;
  let closed: Promise<void> | undefined;
  client.listen(({parent, header: {msg_type}, content}: Message) => {
    const cell = cells.get(parent.msg_id ?? "");
    const report = asReport(msg_type, content);
    if (report && cell !== undefined) take({...report, cell});
  });

  return {
    get over() {
      return over;
    },
    async execute(code, {count, seconds, take: taker}) {
      take = taker;
      const named = (id: string): void => void cells.set(id, count);
      const asked = client.ask("execute_request", {code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: false}, {named}).catch(() => "gone" as const);
      const how = await Promise.race([asked, after(seconds * 1000)]);
      if (how === "gone") taker({type: "error", ...plainError("ProcessEnded", endedBy("the kernel is gone", false))});
      if (how === "late") {
        // What the interrupted cell throws is not its own error: only its printing is still wanted.
        take = (report) => void (report.type === "stream" && taker(report));
        void client.ask("interrupt_request", {}, {channel: "control"});
        await Promise.race([asked, after(grace)]);
        taker({type: "error", ...tooLong(seconds)});
      }
      over = typeof how === "string" || how.reply.content.process_ended === true;
    },
    close() {
      over = true;
      return (closed ??= client.close());
    }
  };
}

const after = (ms: number): Promise<"late"> => new Promise((resolve) => void setTimeout(() => resolve("late"), ms).unref());
