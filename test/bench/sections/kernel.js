import {mkdtempSync, rmSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {startClient} from "../../../dist/notebook/kernel/client.js";
import {least, median} from "../rounds.js";

export const title = "The Jupyter kernel";

// Everything that is timed lies between a message sent over the sockets and its answer, as a front-end sees it. Code differs
// each time: the compiler remembers the last.
const questions = {
  trivial: (i) => ["execute_request", {code: `${i} + 1`}],
  completion: (i) => ["complete_request", {code: `const x${i} = 1;\nfit.endi`}],
  inspection: (i) => ["inspect_request", {code: `const x${i} = 1;\nfitMixed`, detail_level: 0}]
};

export async function run(shop) {
  const count = shop.size(2, 7);
  const home = fileURLToPath(new URL("../../", import.meta.url));
  const folder = mkdtempSync(join(home, "scratch-")); // in this package, so that cells find tslab and the library
  const times = {};
  const note = (what, seconds) => void (times[what] ??= []).push(seconds);
  try {
    for (let i = 0; i < count; ++i) await round(folder, note);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  const rows = [
    ["start", "from starting the process to its answer to kernel_info", 1],
    ["ready", "from there until the first cell, `1 + 1`, has come out: the compiler is loaded"],
    ["trivial", "`1 + 1`, warm", 0.04],
    ["load", "loading the library in a cell: its run time", 0.3],
    ["check", "a cell that imports it, loaded before: its types and compiling", 0.3],
    ["completion", "completing a member of a fit, warm", 0.15],
    ["inspection", "the type and documentation of a function, warm", 0.15],
    ["prints", "20,000 prints in one cell"]
  ];
  const ms = (seconds) => (seconds * 1000).toPrecision(3);
  return {
    words: [`A front-end of our own over ZeroMQ, on the same machine; ${count} kernels, one after the other. Warm is the median of 15 within a kernel, after five that are not counted. The library is imported three seconds after the first cell, in which the kernel has read its types ahead; a cell sent at once waits for that, too.`],
    tables: [{head: ["", "median, ms", "least", "most"], rows: rows.map(([name, what]) => [what, ms(median(times[name])), ms(least(times[name])), ms(Math.max(...times[name]))])}],
    targets: rows.filter(([, , limit]) => limit).map(([name, what, limit]) => ({what: `kernel: ${what}`, want: `${limit * 1000} ms`, got: `${ms(median(times[name]))} ms`, met: median(times[name]) <= limit})),
    data: {times}
  };
}

async function round(folder, note) {
  const began = performance.now();
  const kernel = await startClient({folder});
  note("start", since(began));
  try {
    const ask = async (type, content) => {
      const from = performance.now();
      const answer = await kernel.ask(type, content);
      if (answer.reply.content.status !== "ok") throw new Error(answer.reply.content.evalue ?? `${type} failed`);
      return {seconds: since(from), answer};
    };
    const cell = (code) => ask("execute_request", {code});
    note("ready", (await cell("1 + 1")).seconds);
    await new Promise((resolve) => setTimeout(resolve, 3000)); // somebody types
    // Loaded by `require` first, of which the type checker asks nothing, and imported with its types then.
    const {answer} = await cell("const from = performance.now();\nconst loaded = require('maxent-logit');\nperformance.now() - from");
    note("load", Number(answer.published.find(({header}) => header.msg_type === "execute_result").content.data["text/plain"]) / 1000);
    note("check", (await cell("import {fitMixed, fitMnl, simulate} from 'maxent-logit';\nconst use = [fitMixed, fitMnl, simulate].length;")).seconds);
    await cell("const {data} = simulate({tier: 'mnl'}, {people: 50, situations: 2, seed: 1});\nconst fit = await fitMnl(data);");
    for (const [name, question] of Object.entries(questions)) {
      const found = [];
      for (let i = 0; i < 20; ++i) found.push((await ask(...question(i))).seconds);
      note(name, median(found.slice(5)));
    }
    note("prints", (await cell("for (let i = 0; i < 20000; ++i) console.log(`line ${i}`);")).seconds);
  } finally {
    await kernel.close();
  }
}

const since = (from) => (performance.now() - from) / 1000;
