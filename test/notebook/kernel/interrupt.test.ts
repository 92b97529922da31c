import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test, {after, before, describe} from "node:test";
import {bare, contents, heard, inCells, kernel, later, printed, scratchFolder, trace, value, type Kernel} from "./support.js";

const folder = scratchFolder();
let k: Kernel;
before(async () => {
  k = await kernel(folder.path);
  await k.run("const kernel = (globalThis as any)[Symbol.for('Jupyter.kernel')];\nconst sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));\nconst until = (ms: number) => { const end = Date.now() + ms; while (Date.now() < end) {} };");
});
after(async () => {
  await k.close();
  folder.remove();
});

const interrupted = "Interrupted: the cell was interrupted";
const head = (answer: Parameters<typeof trace>[0]): string => trace(answer).split("\n")[0];

/** Runs a cell that says "going", and interrupts it then: as often as told, far enough apart to be meant. */
async function stopped(code: string, times = 1) {
  const sign = heard(k, "going");
  const cell = k.run(code);
  await sign;
  for (let i = 0; i < times; ++i) {
    await later(i ? 1000 : 50);
    await k.interrupt();
  }
  return cell;
}

describe("interrupting a cell", () => {
  test("work that listens is asked to stop, and the cell ends well with what it has", async () => {
    const answer = await stopped("let stop = false;\nconst off = kernel.onInterrupt(() => { stop = true; });\nconsole.log('going');\nlet steps = 0;\nwhile (!stop) { ++steps; await sleep(5); }\noff();\nconst best = {steps, aborted: kernel.interruption.aborted};\nbest.steps > 0 && best.aborted");
    assert.deepEqual([answer.reply.content.status, value(answer)], ["ok", "true"]);
    assert.equal(value(await k.run("best.aborted")), "true", "its variables are there");
    assert.equal(value(await k.run("kernel.interruption.aborted || kernel.interrupted")), "false", "the next cell has a signal of its own");
  });

  test("a signal that was taken is trusted; the second interrupt stops the cell where it is", async () => {
    const once = await stopped("const {interruption} = kernel;\nconsole.log('going');\nawait new Promise((resolve) => interruption.addEventListener('abort', resolve));\n'heeded'");
    assert.equal(value(once), "heeded");
    const twice = await stopped("const deaf: AbortSignal = kernel.interruption;\nconsole.log('going');\nlet turns = 0;\nfor (;;) { ++turns; await sleep(5); }", 2);
    assert.equal(head(twice), interrupted);
    assert.equal(value(await k.run("deaf.aborted && turns > 0")), "true", "what it had finished is kept");
  });

  test("a loop that never yields hears that it shall stop, too", async () => {
    const answer = await stopped("kernel.onInterrupt(() => {});\nconsole.log('going');\nlet looks = 0;\nwhile (!kernel.interrupted) ++looks;\nlooks > 0");
    assert.equal(value(answer), "true");
  });

  test("where nothing listens, a loop ends at its line: finally blocks run, finished variables stay, earlier ones too", async () => {
    await k.run("const wide = 'before'; const twice = (n: number) => 2 * n; interface Kept { n: number }");
    const answer = await stopped("let done: string[] = [];\nconst total: Kept = {n: twice(21)};\nawait null;\nconsole.log('going');\ntry {\n  for (;;) {\n    done.length;\n  }\n} finally {\n  done.push('finally');\n}\nconst wide = 'after', unreached = 1;");
    assert.equal(head(answer), interrupted);
    assert.match(trace(answer), /> 7 \| {5}done\.length;\n/);
    assert.deepEqual([contents(answer, "error")[0].ename, answer.reply.content.ename], ["Interrupted", "Interrupted"]);
    assert.equal(value(await k.run("[done, total.n, wide, twice(4)].join()")), "finally,42,before,8");
    assert.match(String((await k.run("unreached")).reply.content.evalue), /^Cannot find name 'unreached'/);
    const kept = await k.run("const again: Kept = {n: wide};", {stop_on_error: false});
    assert.equal(kept.reply.content.evalue, "Type 'string' is not assignable to type 'number'. (line 1)", "with their types");
  });

  test("an error keeps the finished statements' variables as an interrupt does", async () => {
    await k.run("import {join} from 'node:path';\nconst reached = [1, 2];\nclass Point { x = 3 }\nenum Side {Left, Right}\nthrow new Error('here');\nconst beyond = 1;");
    assert.equal(value(await k.run("[join('a', 'b'), reached.length, new Point().x, Side.Right].join()")), "a/b,2,3,1");
    assert.equal((await k.run("beyond")).reply.content.ename, "TypeScriptError");
  });

  test("a loop in the first synchronous part, one that catches all, and recursion without a loop end as well", async () => {
    assert.equal(head(await stopped("console.log('going');\nfor (;;) {}")), interrupted);
    assert.equal(head(await stopped("console.log('going');\nfor (;;) {\n  try {\n    for (;;) {}\n  } catch {}\n}")), interrupted);
    assert.equal(head(await stopped("const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2);\nconsole.log('going');\nfib(60)")), interrupted);
    assert.equal(head(await stopped("console.log('going');\nawait new Promise(() => {})")), interrupted);
    assert.equal(head(await stopped("console.log('going');\nfor (;;) await null;")), interrupted);
    assert.equal(value(await k.run("1 + 1")), "2");
  });

  test("what a stopped cell left behind neither speaks nor goes on", async () => {
    const left = "const log: string[] = [];\nlet release = () => {};\nconst held = new Promise<void>((resolve) => { release = resolve; });\nsetInterval(() => console.log('zombie'), 10);\nvoid (async () => { for (;;) { await sleep(10); log.push('loop'); } })();\nvoid held.then(() => { console.error('zombie'); throw new Error('zombie'); });\nconsole.log('going');\nawait held;\nlog.push('after');";
    const answer = await stopped(left);
    assert.equal(head(answer), interrupted);
    const heardOf: string[] = [];
    const off = k.listen(({header, content}) => void (header.msg_type === "stream" && heardOf.push(String(content.text))));
    await k.run("const length = log.length; release(); await sleep(500);");
    const grown = await k.run("[log.length - length, log.includes('after')].join()");
    off();
    assert.equal(value(grown), "0,false");
    assert.deepEqual(heardOf, []);
  });

  test("cells that wait behind an interrupted one are not run", async () => {
    const sign = heard(k, "going");
    const first = k.run("let soft = false; kernel.onInterrupt(() => { soft = true; }); console.log('going'); while (!soft) await sleep(5);");
    const second = k.run("const second = 2;");
    await sign;
    await k.interrupt();
    assert.equal((await first).reply.content.status, "ok");
    assert.equal((await second).reply.content.status, "aborted");
    assert.equal(value(await k.run("'after'")), "after");
  });

  test("an interrupt while nothing runs does no harm, and a second that comes at once is an echo", async () => {
    assert.equal((await k.interrupt()).reply.content.status, "ok");
    assert.equal(value(await k.run("'idle'")), "idle");
    await later(300);
    const sign = heard(k, "going");
    const cell = k.run("let heardIt = 0; kernel.onInterrupt(() => { ++heardIt; }); console.log('going'); while (!heardIt) await sleep(5); await sleep(100); heardIt");
    await sign;
    await Promise.all([k.interrupt(), k.interrupt()]);
    assert.deepEqual([(await cell).reply.content.status, value(await cell)], ["ok", "1"]);
  });

  test("code that no one can stop is spoken of; one more interrupt ends its process, and a fresh one runs the next cell", async () => {
    const spoken = heard(k, "one more interrupt ends its process");
    const sign = heard(k, "going");
    // recursion after an await: neither a loop of the cell's nor its first synchronous part
    const cell = k.run("const deep = (n: number): number => n < 2 ? n : deep(n - 1) + deep(n - 2);\nawait null;\nconsole.log('going');\ndeep(60)");
    await sign;
    await later(300);
    await k.interrupt();
    await spoken;
    await k.interrupt();
    const answer = await cell;
    assert.deepEqual([answer.reply.content.ename, answer.reply.content.evalue], ["Interrupted", "the cell was interrupted, and its process had to be ended: all variables are gone"]);
    assert.match(bare(printed(answer, "stderr")), /^The cell is in code that does not stop by itself\./);
    assert.equal(value(await k.run("'fresh'")), "fresh");
  });

  test("a cell that still waits for the compiler can be interrupted", async (t) => {
    const gate = join(folder.path, "gate");
    const other = await kernel(folder.path, inCells("first", `const {existsSync} = await import("node:fs"); while (process.connected && !existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 10));`));
    t.after(() => other.close());
    const begun = new Promise<void>((resolve) => {
      const off = other.listen(({header}) => {
        if (header.msg_type !== "execute_input") return;
        off();
        resolve();
      });
    });
    const first = other.run("(globalThis as any).trace = 1; const kept = 1;");
    await begun;
    await other.interrupt();
    const {content} = (await first).reply;
    assert.deepEqual([content.ename, content.evalue], ["Interrupted", "the cell was interrupted before it began"]);
    writeFileSync(gate, "");
    assert.equal(value(await other.run("typeof (globalThis as any).trace")), "undefined", "it left no trace");
    assert.equal((await other.run("kept", {stop_on_error: false})).reply.content.ename, "TypeScriptError");
    assert.equal(value(await other.run("2")), "2");
  });

  test("where the thread that hears interrupts does not start, no cell runs, and that is said", async (t) => {
    const other = await kernel(folder.path, inCells("watching", "throw new Error('no thread today')"));
    t.after(() => other.close());
    const answer = await other.run("console.log('ran')");
    assert.deepEqual([answer.reply.content.ename, printed(answer)], ["ChoiceError", ""]);
    assert.match(String(answer.reply.content.evalue), /^kernel start: the thread that hears interrupts did not start \(no thread today\)/);
  });

  test("where the thread that hears interrupts is lost, its process ends: no cell runs that nobody could stop", async (t) => {
    const end = join(folder.path, "end");
    const other = await kernel(folder.path, inCells("watching", `const {existsSync} = await import("node:fs"); setInterval(() => { if (existsSync(${JSON.stringify(end)})) throw new Error("gone"); }, 50);`));
    t.after(() => other.close());
    const sign = heard(other, "going");
    const cell = other.run("console.log('going'); await new Promise(() => {})");
    await sign;
    writeFileSync(end, "");
    const answer = await Promise.race([cell, later(20_000).then(() => assert.fail("it runs on"))]);
    assert.equal(answer.reply.content.ename, "ProcessEnded");
  });

  test("an interrupt that nobody hears is spoken of, and the next one ends the process", async (t) => {
    const other = await kernel(folder.path, inCells("watching", "const {load} = Atomics; Atomics.load = (words, at) => (words === workerData.words ? Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0) : load(words, at));"));
    t.after(() => other.close());
    const spoken = heard(other, "does not hear that the cell shall stop");
    const sign = heard(other, "going");
    const cell = other.run("console.log('going'); for (;;) {}");
    await sign;
    await other.interrupt();
    await Promise.race([spoken, cell, later(20_000).then(() => assert.fail("nothing is said"))]);
    await later(300);
    await other.interrupt();
    assert.match(String((await cell).reply.content.evalue), /^the cell was interrupted, and its process had to be ended/);
  });

  test("a late word of the last cell's end is not taken for this one's", async (t) => {
    const other = await kernel(folder.path, inCells("watching", "const {Socket} = await import('node:net'); const {write} = Socket.prototype; Socket.prototype.write = function (...words) { return /^[ac]\\d*\\n?$/.test(words[0]) ? void setTimeout(() => write.apply(this, words), 700) : write.apply(this, words); };"));
    t.after(() => other.close());
    const sign = heard(other, "going");
    const cell = other.run("console.log('going'); for (;;) {}");
    await sign;
    await other.interrupt();
    assert.equal((await cell).reply.content.ename, "Interrupted");
    const next = await other.run("await new Promise((resolve) => setTimeout(resolve, 2500)); 'next'");
    assert.deepEqual([value(next), printed(next, "stderr")], ["next", ""]);
  });

  test("when the process that talks is gone, the one that computes ends, even in a loop without end", {skip: process.platform === "win32"}, async () => {
    const other = await kernel(folder.path);
    let pid = 0;
    other.listen(({content}) => void (pid ||= Number(/^pid (\d+)/.exec(String(content.text))?.[1] ?? 0)));
    const sign = heard(other, "pid");
    void other.run("console.log('pid', process.pid); for (;;) {}");
    await sign;
    const alive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    assert.ok(alive());
    other.process.kill("SIGKILL");
    await other.gone;
    for (let i = 0; i < 100 && alive(); ++i) await later(100);
    assert.ok(!alive());
  });
});
