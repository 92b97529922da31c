/**
 * Imported for its effect, `import "maxent-logit/auto"`, in a first cell: stock tslab then draws the last value of every
 * later cell, as this library's own kernel does by itself. Anywhere else it does nothing.
 */
import "../display/register.js";
import {findHost} from "../display/hosts/find.js";
import {tslabGlobal} from "../display/hosts/tslab.js";
import {dressed, formatted} from "./format.js";
import type {MimeData} from "./ipynb.js";

const done = Symbol.for("maxent-logit.auto");

/**
 * tslab prints a cell's last value, which its compiler stores as `tsLastExpr`, with a number where that name is taken. Each
 * cell asks for the object it is stored in, so that one that watches can take its place: a value that can be drawn is shown,
 * and does not arrive; any other is left to tslab.
 */
function drawLastValues(): void {
  const tslab = tslabGlobal();
  if (!tslab || findHost()?.name !== "tslab" || (tslab as {[done]?: boolean})[done]) return;
  tslab.exports = new Proxy(tslab.exports, {
    set(exports, key, value) {
      return Reflect.set(exports, key, typeof key === "string" && /^tsLastExpr\d*$/.test(key) && dressed(value) ? void show(value) : value);
    }
  });
  Object.defineProperty(tslab, done, {value: true});
}

/** At once where that can be: what is shown when the cell has ended comes too late for those who write notebooks down. */
function show(value: unknown): void {
  const failed = (error: unknown) => console.log(`[a value whose display failed: ${error instanceof Error ? error.message : String(error)}]`);
  const hand = (bundle: MimeData) => findHost()?.show(bundle);
  try {
    const bundle = formatted(value);
    if (bundle instanceof Promise) bundle.then(hand).catch(failed);
    else hand(bundle);
  } catch (error) {
    failed(error);
  }
}

drawLastValues();
