import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";
import test from "node:test";
import {fileURLToPath, pathToFileURL} from "node:url";
import ts from "typescript";
import * as library from "../../src/index.js";

// Every @example in a doc comment runs, and what it promises behind `//` is what it gives.

const src = resolve(dirname(fileURLToPath(import.meta.url)), "../../src");
const AsyncFunction = (async () => undefined).constructor as new (...parts: string[]) => (...values: unknown[]) => Promise<void>;

interface Example {
  readonly name: string;
  readonly file: string;
  readonly code: string;
}

function examples(): Example[] {
  return readdirSync(src, {recursive: true, encoding: "utf8"}).filter((file) => file.endsWith(".ts")).flatMap((file) =>
    [...readFileSync(join(src, file), "utf8").matchAll(/\/\*\*(?:(?!\*\/)[\s\S])*?@example\n((?:(?!\*\/)[\s\S])*?)\s*\*\/\s*(?:export )?(?:async )?(?:function|const|interface|class|type)?\s*(\w+)/g)]
      .map(([, body, name]) => ({file, name: `${file}: ${name}`, code: body.split("\n").map((line) => line.replace(/^\s*\* ?/, "")).filter((line) => !line.startsWith("@") && !line.startsWith("import ")).join("\n")})));
}

/** `expression // 0.05` becomes a check; a promise that is no literal is prose, and only has to run. */
function checked(code: string): string {
  return code.split("\n").map((line) => {
    const match = /^(?!\s*(?:const|let|for|if|\/\/|\}|\{))(\S.*?);?\s+\/\/ (.+)$/.exec(line);
    return match && literal(match[2]) !== undefined ? `__check(await (${match[1]}), ${JSON.stringify(match[2])});` : line;
  }).join("\n");
}

function literal(text: string): {value: unknown} | undefined {
  try {
    return {value: new Function(`"use strict"; return (${text});`)()};
  } catch {
    return undefined;
  }
}

function check(got: unknown, promise: string): void {
  const {value} = literal(promise)!;
  if (typeof value === "number" && typeof got === "number") assert.ok(got === value || Math.abs(got - value) <= 1e-12 * Math.max(1, Math.abs(value)), `${got} is not ${promise}`);
  else assert.deepEqual(got, value);
}

test("examples are found", () => assert.ok(examples().length >= 20, `${examples().length} examples`));

const world = library.simulate({tier: "mixed"}, {people: 80, situations: 4, seed: 1});
// What a reader of an example has at hand.
const scene = async () => {
  const mixed = await library.fitMixed(world.data, {draws: 32});
  const error = new library.ChoiceError("data/missing-column", {at: "fromLong(frame)", saw: "no such column", want: "one"});
  return {data: world.data, fit: mixed, mixed, logit: await library.fitMnl(world.data), error, frame: await library.datasets.electricity.columns()};
};
let shared: Awaited<ReturnType<typeof scene>> | undefined;

// The quickstart takes minutes: it is run once, by `test/notebook/quickstart.test.ts`.
for (const {name, file, code} of examples().filter((example) => !example.code.includes("quickstart.ipynb"))) {
  test(`the example of ${name} runs and keeps its promises`, async () => {
    shared ??= await scene();
    const own = (await import(pathToFileURL(join(src, file)).href)) as object;
    const scope: Record<string, unknown> = {...library, ...own, ...shared, __check: check};
    if (file.startsWith("estimate")) scope["fit"] = library.fit;
    const js = ts.transpileModule(`async function body() {\n${checked(code)}\n}`, {compilerOptions: {target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext}}).outputText;
    await new AsyncFunction(...Object.keys(scope), `${js}\nawait body();`)(...Object.values(scope));
  });
}
