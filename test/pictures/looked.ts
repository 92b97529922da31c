import assert from "node:assert/strict";
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import test from "node:test";

const output = new URL("./output/", import.meta.url);

/** Coordinates to two decimals, so that the last bit of a logarithm changes nothing. */
export const rounded = (text: string): string => text.replace(/\d+\.\d{3,}/g, (x) => Number(x).toFixed(2));

/** Tests that pictures are as they were when they were last looked at. Accept changed ones with PICTURES=accept. */
export function pictures(all: Readonly<Record<string, () => string>>): void {
  for (const [name, draw] of Object.entries(all)) {
    test(`${name} looks as it did when it was last looked at`, () => {
      const file = new URL(name, output);
      const drawn = draw();
      if (process.env.PICTURES === "accept") {
        mkdirSync(output, {recursive: true});
        writeFileSync(file, `${drawn}\n`);
      }
      assert.ok(existsSync(file), `no picture ${name}: look at it, then accept it with PICTURES=accept`);
      assert.equal(`${drawn}\n`, readFileSync(file, "utf8"));
    });
  }
}
