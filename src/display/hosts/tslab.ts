import {createRequire} from "node:module";
import {content, type Host} from "./host.js";

interface Jupyter {
  /** Set anew for each cell. */
  readonly lastWriteDisplayData?: ((content: object, update: boolean) => void) | null;
}

/** What stock tslab leaves for compiled cells. */
export interface TslabGlobal {
  exports: Record<PropertyKey, unknown>;
  readonly require: unknown;
}

export const tslabGlobal = (): TslabGlobal | undefined => {
  const left = (globalThis as {__tslab__?: TslabGlobal}).__tslab__;
  return left?.require && left.exports ? left : undefined;
};

let found: Jupyter | undefined;

/**
 * tslab as it comes from the registry. Its `display` functions send one MIME type each, so bundles go through the function
 * below them; the kernel's own copy is found among the loaded modules, as another copy would answer "not ready".
 */
export function tslabHost(): Host | undefined {
  if (!tslabGlobal()) return undefined;
  const jupyter = (found ??= loaded());
  if (!jupyter) return undefined;
  return {
    name: "tslab", live: true,
    show: (data, options) => jupyter.lastWriteDisplayData?.(content(data, options), !!options?.update),
    // Only to be called when the part of a cell that runs without a break is over: Node takes listeners that are added in it
    // for its own, and the next interrupt then ends the process.
    onInterrupt(listener) {
      process.on("SIGINT", listener);
      return () => void process.removeListener("SIGINT", listener);
    }
  };
}

function loaded(): Jupyter | undefined {
  const {cache} = createRequire(import.meta.url);
  const path = Object.keys(cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  return path === undefined ? undefined : (cache[path]!.exports as Jupyter);
}
