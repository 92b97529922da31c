import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import test from "node:test";
import {fileURLToPath} from "node:url";
import {compiled} from "../../src/kernels/module.js";

const file = (path: string) => new URL(`../../src/kernels/${path}`, import.meta.url);

test("the binary that ships is what its sources compile to", async () => {
  const {build} = (await import(file("assembly/build.js").href)) as {build(): Promise<string>};
  assert.ok(readFileSync(fileURLToPath(file("binary.ts")), "utf8") === (await build()), "run npm run kernels");
});

test("the binary compiles here", () => {
  assert.ok(compiled());
  assert.equal(compiled(), compiled());
});
