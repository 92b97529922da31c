import assert from "node:assert/strict";
import {writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import test, {after, before, describe} from "node:test";
import {codec, headers, type Message} from "../../../src/notebook/kernel/wire.js";
import {address, requireZeromq} from "../../../src/notebook/kernel/zeromq.js";
import {bare, contents, heard, inCells, kernel, later, printed, scratchFolder, trace, types, value, type Kernel} from "./support.js";

const folder = scratchFolder();
const hold = "import {existsSync} from 'node:fs';\nconst until = (file: string) => { while (!existsSync(file)) {} };"; // keeps its thread busy
let k: Kernel;
let answeredBeforeTheCompiler = false;

before(async () => {
  k = await kernel(folder.path);
  // the first cell waits for the compiler; questions about the kernel do not
  const first = k.run(hold).then(() => "cell");
  answeredBeforeTheCompiler = (await Promise.race([k.ask("kernel_info_request").then(() => "info"), first])) === "info";
  await first;
});
after(async () => {
  await k.close();
  folder.remove();
});

describe("Jupyter's protocol", () => {
  test("the kernel says what it is, before the compiler is there, and on both channels", async () => {
    assert.ok(answeredBeforeTheCompiler);
    for (const channel of ["shell", "control"] as const) {
      const answer = await k.ask("kernel_info_request", {}, {channel});
      const info = answer.reply.content as Record<string, Record<string, unknown>>;
      assert.deepEqual(types(answer), ["status", "status"]);
      assert.deepEqual(contents(answer, "status").map(({execution_state}) => execution_state), ["busy", "idle"]);
      assert.equal(info.status, "ok");
      assert.match(String(info.protocol_version), /^5\.\d$/);
      assert.equal(info.implementation, "maxent-logit");
      const need = createRequire(import.meta.url);
      const compiler = createRequire(need.resolve("tslab/package.json"))("@tslab/typescript-for-tslab/package.json") as {version: string};
      assert.deepEqual([info.language_info.name, info.language_info.version, info.language_info.file_extension], ["typescript", compiler.version, ".ts"]);
    }
  });

  test("a cell is announced, numbered, answered and followed by rest, in this order", async () => {
    const answer = await k.run("console.log('said');\n6 * 7");
    const count = answer.reply.content.execution_count;
    assert.deepEqual(types(answer), ["status", "execute_input", "stream", "execute_result", "status"]);
    assert.deepEqual(contents(answer, "execute_input"), [{code: "console.log('said');\n6 * 7", execution_count: count}]);
    assert.deepEqual(contents(answer, "execute_result"), [{execution_count: count, data: {"text/plain": "42"}, metadata: {}}]);
    assert.deepEqual(answer.reply.content, {status: "ok", execution_count: count, user_expressions: {}, payload: []});
    const [request] = answer.published.map(({parent}) => parent.msg_id);
    assert.ok([answer.reply, ...answer.published].every(({parent}) => parent.msg_id === request), "all name the request");
    assert.ok(answer.published.every(({ids, header}) => String(ids[0]) === header.msg_type));
    assert.equal(new Set([answer.reply, ...answer.published].map(({header}) => header.msg_id)).size, answer.published.length + 1, "each has an id of its own");
  });

  test("numbers count what is stored; a silent cell says nothing and still runs", async () => {
    const start = (await k.run("1")).reply.content.execution_count as number;
    const silent = await k.run("let quiet = 3; console.log('unheard'); quiet", {silent: true});
    assert.deepEqual(types(silent), ["status", "status"]);
    const unstored = await k.run("quiet", {store_history: false});
    assert.equal(value(unstored), "3");
    const empty = await k.run("  \n");
    assert.deepEqual([empty.reply.content.status, types(empty)], ["ok", ["status", "status"]]);
    assert.equal((await k.run("2")).reply.content.execution_count, start + 1);
    const failing = await k.run("throw new Error('quietly')", {silent: true});
    assert.deepEqual([types(failing), failing.reply.content.evalue], [["status", "status"], "quietly"]);
  });

  test("an error is published and replied alike, in the user's own lines", async () => {
    const made = await k.run("function fails(why: string): never {\n  throw new RangeError(why);\n}");
    const at = made.reply.content.execution_count;
    const answer = await k.run("// a comment\n[1].forEach(() => fails('too far'))", {stop_on_error: false});
    const {ename, evalue, traceback} = answer.reply.content;
    assert.deepEqual(contents(answer, "error"), [{ename, evalue, traceback}]);
    assert.deepEqual([answer.reply.content.status, ename, evalue], ["error", "RangeError", "too far"]);
    const count = answer.reply.content.execution_count;
    assert.equal(trace(answer), `RangeError: too far\n  1 | function fails(why: string): never {\n> 2 |   throw new RangeError(why);\n    |         ^\n    at fails (cell ${at}, line 2:9)\n    at cell ${count}, line 2:19\n    at cell ${count}, line 2:5`);
    const thrown = await k.run("throw {odd: 1}", {stop_on_error: false});
    assert.deepEqual([thrown.reply.content.ename, thrown.reply.content.evalue], ["Thrown", "{ odd: 1 }"]);
  });

  test("a cell that does not type-check runs nothing, and shows the place", async () => {
    const answer = await k.run("console.log('never');\nconst word: string = 1;", {stop_on_error: false});
    assert.equal(printed(answer), "");
    assert.equal(answer.reply.content.ename, "TypeScriptError");
    assert.equal(trace(answer), "TypeScriptError: Type 'number' is not assignable to type 'string'.\n  1 | console.log('never');\n> 2 | const word: string = 1;\n    |       ^");
  });

  test("streams keep their order; displays, updates from later cells, and clearing", async () => {
    const streams = await k.run("console.log('a'); console.error('b'); console.log('c')");
    assert.deepEqual(contents(streams, "stream"), [{name: "stdout", text: "a\n"}, {name: "stderr", text: "b\n"}, {name: "stdout", text: "c\n"}]);
    const shown = await k.run("const kernel = (globalThis as any)[Symbol.for('Jupyter.kernel')];\nkernel.displayBundle({'text/plain': 'first'}, {displayId: 'one'});\nkernel.clear(true);\nkernel.displayBundle({'text/html': '<b>2</b>'}, {metadata: {isolated: true}})");
    assert.deepEqual(types(shown), ["status", "execute_input", "display_data", "clear_output", "display_data", "status"]);
    assert.deepEqual(contents(shown, "display_data"), [
      {data: {"text/plain": "first"}, metadata: {}, transient: {display_id: "one"}},
      {data: {"text/html": "<b>2</b>"}, metadata: {isolated: true}, transient: {}}
    ]);
    assert.deepEqual(contents(shown, "clear_output"), [{wait: true}]);
    const updated = await k.run("kernel.displayBundle({'text/plain': 'second'}, {displayId: 'one', update: true})");
    assert.deepEqual(contents(updated, "update_display_data"), [{data: {"text/plain": "second"}, metadata: {}, transient: {display_id: "one"}}]);
    const rich = await k.run("({[Symbol.for('Jupyter.display')]: async () => ({'text/plain': 'r', 'text/html': '<i>r</i>'})})");
    assert.deepEqual(contents(rich, "execute_result")[0].data, {"text/plain": "r", "text/html": "<i>r</i>"});
  });

  test("twenty thousand prints and three thousand updates in one cell arrive, all and in order", async () => {
    const answer = await k.run("for (let i = 0; i < 20000; ++i) console.log(`line ${i}`);\nkernel.displayBundle({'text/plain': 'step 0'}, {displayId: 'flood'});\nfor (let i = 1; i <= 3000; ++i) kernel.displayBundle({'text/plain': `step ${i}`}, {displayId: 'flood', update: true});\nconsole.log('end');\n'all'");
    assert.equal(printed(answer), `${Array.from({length: 20_000}, (_, i) => `line ${i}\n`).join("")}end\n`);
    const steps = contents(answer, "update_display_data").map(({data}) => (data as Record<string, string>)["text/plain"]);
    assert.deepEqual(steps, Array.from({length: 3000}, (_, i) => `step ${i + 1}`));
    const order = types(answer);
    assert.ok(order.indexOf("display_data") > order.indexOf("stream") && order.lastIndexOf("stream") > order.lastIndexOf("update_display_data"));
    assert.equal(value(answer), "all");
  });

  test("the heart beats and the kernel answers while a cell keeps its thread busy, and what it prints is heard at once", async () => {
    const sign = heard(k, "busy now");
    let over = false;
    const cell = k.run("console.log('busy now'); until('enough'); 'rested'").finally(() => void (over = true));
    await sign;
    assert.ok(await k.heartbeat() > 0);
    const info = await k.ask("kernel_info_request");
    assert.equal(info.reply.content.status, "ok");
    assert.ok(!over, "all that came before the cell ended");
    writeFileSync(join(folder.path, "enough"), "");
    const answer = await cell;
    assert.equal(value(answer), "rested");
    const states = contents(answer, "status").map(({execution_state}) => execution_state);
    assert.deepEqual(states, ["busy", "busy", "idle"], "after another answer the cell is said to be running, again");
  });

  test("cells sent at once run one after the other; after a failure those that wait are not run, unless they shall", async () => {
    const good = await Promise.all(["let turns = [1];", "turns.push(2)", "turns.push(3); turns.join()"].map((code) => k.run(code)));
    assert.equal(value(good[2]), "1,2,3");
    const [failed, ...rest] = await Promise.all(["throw new Error('stop')", "turns.push(4)", "turns.push(5)"].map((code) => k.run(code)));
    assert.equal(failed.reply.content.status, "error");
    assert.deepEqual(rest.map(({reply}) => reply.content.status), ["aborted", "aborted"]);
    assert.deepEqual(types(rest[0]), ["status", "status"]);
    assert.equal(value(await k.run("turns.join()")), "1,2,3", "a cell sent afterwards runs");
    const on = await Promise.all(["throw new Error('go on')", "turns.push(6)"].map((code) => k.run(code, {stop_on_error: false})));
    assert.deepEqual(on.map(({reply}) => reply.content.status), ["error", "ok"]);
  });

  test("work a cell left behind speaks at that cell's place, and its failures are told there", async () => {
    const heardLate = heard(k, "late words");
    const messages: Message[] = [];
    const off = k.listen((message) => void messages.push(message));
    const first = await k.run("setTimeout(() => { console.log('late words'); }, 60);\nsetTimeout(() => { throw new Error('late failure'); }, 70);");
    const second = await k.run("await new Promise((resolve) => setTimeout(resolve, 400)); 'second'");
    await heardLate;
    off();
    assert.deepEqual([printed(second), second.reply.content.status], ["", "ok"]);
    const request = first.reply.parent.msg_id;
    const told = messages.filter(({header}) => header.msg_type === "stream").map(({parent, content}) => [parent.msg_id === request, content.name, bare(content.text).split("\n")[0]]);
    assert.deepEqual(told, [[true, "stdout", "late words"], [true, "stderr", "In the background: Error: late failure"]]);
  });

  test("completion, inspection and completeness know the cells before, and count characters as Jupyter does", async () => {
    await k.run("/**\n * Doubles a number.\n * @example twice(2)\n */\nfunction twice(n: number) { return 2 * n; }");
    const code = "'😀'; twi(1)";
    const completed = await k.ask("complete_request", {code, cursor_pos: 8});
    const {matches, cursor_start, cursor_end, metadata} = completed.reply.content as Record<string, never>;
    assert.deepEqual([matches[0], cursor_start, cursor_end], ["twice", 5, 8]);
    assert.deepEqual((metadata as Record<string, unknown[]>)._jupyter_types_experimental[0], {text: "twice", type: "function", start: 5, end: 8});
    const inspected = await k.ask("inspect_request", {code: "'😀'; twice(1)", cursor_pos: 7, detail_level: 0});
    const {found, data} = inspected.reply.content as {found: boolean; data: Record<string, string>};
    assert.ok(found);
    assert.equal(data["text/plain"], "function twice(n: number): number\n\nDoubles a number.\n\n@example twice(2)");
    assert.equal(data["text/markdown"], "```typescript\nfunction twice(n: number): number\n```\n\nDoubles a number.\n\n*@example*\n```typescript\ntwice(2)\n```");
    const nothing = await k.ask("inspect_request", {code: "   ", cursor_pos: 1});
    assert.deepEqual([nothing.reply.content.status, nothing.reply.content.found, nothing.reply.content.data], ["ok", false, {}]);
    const states = await Promise.all(["twice(1)", "if (x) {", "  f(", "const = 3", "`a"].map((code) => k.ask("is_complete_request", {code})));
    assert.deepEqual(states.map(({reply}) => reply.content), [{status: "complete"}, {status: "incomplete", indent: "  "}, {status: "incomplete", indent: "    "}, {status: "invalid"}, {status: "incomplete", indent: ""}]);
  });

  test("what a kernel without widgets and history answers", async () => {
    assert.deepEqual((await k.ask("comm_info_request", {target_name: "jupyter.widget"})).reply.content, {status: "ok", comms: {}});
    assert.deepEqual((await k.ask("history_request", {hist_access_type: "tail", n: 5})).reply.content, {status: "ok", history: []});
    const closed = new Promise<Message>((resolve) => {
      const off = k.listen((message) => {
        if (message.header.msg_type !== "comm_close") return;
        off();
        resolve(message);
      });
    });
    void k.ask("comm_open", {comm_id: "c1", target_name: "x", data: {}});
    assert.deepEqual((await closed).content, {comm_id: "c1", data: {}});
  });

  test("a message that another key has signed, or that is none, is not heard", async () => {
    const {Dealer, Subscriber} = requireZeromq(folder.path);
    const [shell, iopub] = [new Dealer({linger: 0}), new Subscriber()];
    const {connection} = k;
    shell.connect(address(connection, connection.shell_port));
    iopub.connect(address(connection, connection.iopub_port));
    iopub.subscribe();
    const message = (code: string): Message => ({ids: [], header: headers("stranger")("execute_request"), parent: {}, metadata: {}, content: {code}});
    await shell.send(codec({...connection, key: "another"}).pack(message("turns = [];")));
    await shell.send(["no", "message"]);
    await shell.send(["<IDS|MSG>", "", "{}", "{}", "{}", "{}"]);
    await shell.send(codec(connection).pack(message("'from the right key'")));
    const frames = await shell.receive();
    const reply = codec(connection).unpack(frames);
    assert.equal(reply?.header.msg_type, "execute_reply");
    assert.equal(codec({...connection, key: "another"}).unpack(frames), undefined);
    assert.notEqual(value(await k.run("turns.length")), "0");
    [shell, iopub].forEach((socket) => socket.close());
  });

  test("a cell that ends the process says so, and the next one runs in a fresh one", async () => {
    const [ended, waiting] = await Promise.all([k.run("console.log('last words'); process.exit(3)"), k.run("1")]);
    assert.equal(printed(ended), "last words\n");
    assert.deepEqual([ended.reply.content.ename, ended.reply.content.evalue], ["ProcessEnded", "the cell ended the process that runs the notebook (exit code 3); all variables are gone"]);
    assert.equal(waiting.reply.content.status, "aborted");
    assert.equal((await k.run("twice(1)", {stop_on_error: false})).reply.content.ename, "TypeScriptError", "variables are gone");
    assert.equal(value(await k.run("'fresh'")), "fresh");
  });

  test("what a kernel that dies has not answered is refused, and what it is asked afterwards, too", async () => {
    const other = await kernel(folder.path, inCells("first", "while (process.connected) await new Promise((resolve) => setTimeout(resolve, 50)); process.exit();"));
    const asked = other.ask("is_complete_request", {code: "1"});
    other.process.kill("SIGKILL");
    const patience = later(20_000).then(() => assert.fail("it waits on"));
    await assert.rejects(Promise.race([asked, patience]), {code: "kernel/gone"});
    await assert.rejects(Promise.race([other.ask("kernel_info_request"), patience]), {code: "kernel/gone"});
    await Promise.race([other.close(), patience]);
  });

  test("shut down, it says farewell to all and ends, even in the middle of a cell", async () => {
    const other = await kernel(folder.path);
    const sign = heard(other, "endless");
    void other.run("console.log('endless'); for (;;) {}");
    await sign;
    const last: string[] = [];
    other.listen(({header, content}) => void last.push(`${header.msg_type} ${JSON.stringify(content)}`));
    const answer = await other.ask("shutdown_request", {restart: true}, {channel: "control"});
    assert.deepEqual(answer.reply.content, {status: "ok", restart: true});
    assert.ok(types(answer).includes("shutdown_reply"));
    await Promise.race([other.gone, later(20_000).then(() => assert.fail("it lives on"))]);
    assert.ok(!last.some((line) => line.startsWith("error")));
  });
});
