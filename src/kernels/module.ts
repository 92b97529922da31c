import {binary} from "./binary.js";

/** Where numbers are computed: WebAssembly, or the readable definition. */
export type {Engine} from "./panel.js";

/** A module of WebAssembly, compiled once and instantiated as often as there are memories. */
export type WasmModule = object;

/** Memory of an instance, in pages of 64 KB. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

interface WasmInstance {
  readonly exports: object;
}

// The compiler's library knows WebAssembly only together with all of the browser.
const {WebAssembly: wasm} = globalThis as unknown as {
  readonly WebAssembly?: {
    readonly Module: new (bytes: Uint8Array) => WasmModule;
    readonly Memory: new (size: {readonly initial: number}) => WasmMemory;
    readonly Instance: new (module: WasmModule, imports: object) => WasmInstance;
  };
};

let made: {readonly module?: WasmModule} | undefined;

/** The kernels, compiled when first asked for; undefined where WebAssembly or its vectors are refused. */
export function compiled(): WasmModule | undefined {
  if (!made) {
    try {
      made = {module: wasm && new wasm.Module(Uint8Array.from(atob(binary), (c) => c.charCodeAt(0)))};
    } catch {
      made = {};
    }
  }
  return made.module;
}

export const page = 65536;

/**
 * An instance of the kernels with a memory of its own, its first page left alone.
 *
 * @param bytes how much is needed beside that page
 */
export function instantiate<Exports>(module: WasmModule, bytes: number): {readonly memory: WasmMemory; readonly exports: Exports} {
  const memory = new wasm!.Memory({initial: 1 + Math.ceil(bytes / page)});
  return {memory, exports: new wasm!.Instance(module, {env: {memory}}).exports as unknown as Exports};
}
