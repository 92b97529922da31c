import type {Data, Host, ShowOptions} from "./host.js";

interface KernelObject {
  readonly live?: boolean;
  displayBundle(data: Data, options?: ShowOptions): void;
  onInterrupt?(listener: () => void): () => void;
}

/** This library's own kernel, or its headless runner: both leave an object in the cells' process. */
export function kernelHost(): Host | undefined {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for("Jupyter.kernel")] as KernelObject | undefined;
  if (typeof kernel?.displayBundle !== "function") return undefined;
  return {
    name: "kernel", live: kernel.live !== false,
    show: (data, options) => kernel.displayBundle({...data}, options),
    ...(typeof kernel.onInterrupt === "function" && {onInterrupt: (listener: () => void) => kernel.onInterrupt!(listener)})
  };
}
