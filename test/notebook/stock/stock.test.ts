import assert from "node:assert/strict";
import {existsSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join, resolve} from "node:path";
import test, {after, before, describe} from "node:test";
import {fileURLToPath} from "node:url";
import {startClient, type Answer, type Client} from "../../../src/notebook/kernel/client.js";
import {ensureSelfLink} from "../../../src/notebook/selfLink.js";
import {contents, printed, scratchFolder, types} from "../kernel/support.js";

// The library in tslab's own kernel, as it comes. What that kernel cannot do is no promise of ours, so it is told and not
// asserted. tslab 1.0.22 sends no `execute_input`, `execute_result` or `error`: a last value is a text on stdout, an exception
// one on stderr, and its reply names neither. Its sends are not awaited: some 500 prints in one go are all it has room for,
// later ones are lost and the cell stays busy. For 200 ms after an error it answers every cell with `abort`, which the
// protocol spells `aborted`, and `stop_on_error` changes nothing. A cell that fails or is interrupted loses its variables;
// an interrupted `await` is left, and what it waited for goes on. An empty `comm_info_request` gets a `complete_reply`.

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const tslab = createRequire(import.meta.url).resolve("tslab/bin/tslab");
const folder = scratchFolder();
let k: Client;
const run = (code: string): Promise<Answer> => k.ask("execute_request", {code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true});

/** Runs a cell that must go well. */
async function good(code: string): Promise<Answer> {
  const answer = await run(code);
  assert.equal(answer.reply.content.status, "ok", printed(answer, "stderr"));
  return answer;
}

before(async () => {
  assert.ok(existsSync(join(root, "dist/index.js")), "build first: npm run build");
  ensureSelfLink(folder.path);
  k = await startClient({folder: folder.path, command: (file) => [process.execPath, tslab, "kernel", "--config-path", file]});
});
after(async () => {
  await k.close();
  folder.remove();
});

describe("in tslab's own kernel", () => {
  test("the kernel is tslab's", async () => {
    const {content} = (await k.ask("kernel_info_request")).reply;
    assert.deepEqual([content.implementation, (content.language_info as {name: string}).name], ["tslab", "typescript"]);
  });

  test("the library is imported with its types, and its subpaths with theirs", async () => {
    await good("import {fitMnl, simulate} from 'maxent-logit';\nimport {checker} from 'maxent-logit/course';\nconst {data} = simulate({tier: 'mnl'}, {people: 60, situations: 3, seed: 2});");
    const inspected = await k.ask("inspect_request", {code: "fitMnl", cursor_pos: 3, detail_level: 0});
    assert.match((inspected.reply.content.data as Record<string, string>)["text/plain"], /fitMnl: \(data: ChoiceData, options\?: TierOptions\) => Promise<Fit>/);
    const completed = await k.ask("complete_request", {code: "data.peo", cursor_pos: 8});
    assert.deepEqual((completed.reply.content.matches as string[])[0], "people");
  });

  test("a fit is awaited; its last value is its text, and display.html(fit.toHTML()) draws it", async () => {
    const fitted = await good("const fit = await fitMnl(data);\nfit");
    assert.match(printed(fitted), /price[\s\S]*[Ll]og-likelihood/);
    const shown = await good("import {display} from 'tslab';\ndisplay.html(fit.toHTML());");
    assert.deepEqual(types(shown).filter((type) => type !== "status"), ["display_data"]);
    const {data} = contents(shown, "display_data")[0] as {data: Record<string, string>};
    assert.deepEqual(Object.keys(data), ["text/html"]);
    assert.match(data["text/html"], /<table[\s\S]*<th[^>]*>price<\/th>/);
    assert.equal(printed(await good("console.log(fit.ending.code, data.people.length)")), "converged 60\n");
  });

  test("a mistake of types is found before the cell runs", async () => {
    const answer = await run("console.log('never'); const code: number = fit.ending.code;");
    assert.equal(answer.reply.content.status, "error");
    assert.deepEqual([printed(answer), /is not assignable to type 'number'/.test(printed(answer, "stderr"))], ["", true]);
  });
});
