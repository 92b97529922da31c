import {spawn} from "node:child_process";
import {createInterface} from "node:readline";

/**
 * A process that reads one question a line, JSON, and answers one line: {ok: true, …} or {ok: false, error}. It lives until
 * it is closed, so that rounds can be interleaved. One question at a time; who takes longer than its patience is ended.
 *
 * @param patience seconds to wait for the first line, in which the process says that it is ready
 */
export async function open(command, args, {env = {}, cwd, patience = 300} = {}) {
  const began = performance.now();
  const child = spawn(command, args, {env: {...process.env, ...env}, cwd, stdio: "pipe"});
  let heard; // the one who waits for an answer
  let said = ""; // the last of what it complained about
  const settle = (answer) => {
    const waiting = heard;
    heard = undefined;
    waiting?.(answer);
  };
  child.stderr.on("data", (bytes) => { said = (said + bytes).slice(-4000); });
  child.stdin.on("error", () => {});
  child.on("error", (error) => settle({ok: false, error: error.message}));
  child.on("close", (code, signal) => settle({ok: false, error: `ended (${signal ?? code}): ${lastLine(said)}`}));
  createInterface({input: child.stdout}).on("line", (line) => settle(JSON.parse(line)));

  const answer = (seconds) => new Promise((resolve) => {
    const timer = setTimeout(() => {
      settle({ok: false, error: `took longer than ${seconds} s`, late: true});
      child.kill("SIGKILL");
    }, seconds * 1000);
    heard = (got) => {
      clearTimeout(timer);
      resolve(got);
    };
  });
  const expect = async (seconds) => {
    const got = await answer(seconds);
    if (!got.ok) throw new Error(withoutPaths(got.error));
    return got;
  };

  const ready = await expect(patience);
  return {
    ...ready,
    /** Seconds from the start of the process until it was ready: the interpreter and what it imports. */
    start: (performance.now() - began) / 1000,
    ask(question, seconds = 600) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error("the process has ended");
      const got = expect(seconds);
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return got;
    },
    close: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.on("close", resolve);
      child.stdin.end();
      setTimeout(() => child.kill("SIGKILL"), 5000).unref();
    })
  };
}

const lastLine = (text) => text.trim().split("\n").at(-1) ?? "";

/** Messages end in the results: one line, that tells nothing of the machine's folders. */
const withoutPaths = (text) => text.split("\n")[0].replace(/(?:\/[\w.+@-]+)+\//g, "").slice(0, 300);
