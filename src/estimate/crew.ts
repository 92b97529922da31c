import type {Centring} from "../integrate/centre.js";
import type {Mixing} from "../integrate/mixing.js";
import type {Lattice} from "../kernels/lattice.js";
import type {Engine, Order} from "../kernels/panel.js";
import type {Units} from "../model/choices.js";
import {Stopped} from "../optimize/climb.js";
import {blockSize, resultSizes, slice, type Results} from "./slice.js";

/** Who computes: this thread, or several. All of them give the same bits. */
export interface Crew {
  readonly engine: Engine;
  readonly threads: number;
  readonly results: Results;
  /** Lays nodes out: standard normals. */
  lay(lattice: Lattice): Promise<void>;
  /**
   * Fills `results` at theta.
   *
   * @throws {Stopped} when the signal aborts on the way
   */
  compute(theta: Float64Array, order: Order, signal?: AbortSignal): Promise<void>;
  /** Fills \`results.places\` at theta, from the nodes that are laid. */
  centre(theta: Float64Array, how: Centring, signal?: AbortSignal): Promise<void>;
  /** Dismisses the threads. */
  close(): void;
}

/** How long to compute before letting timers, messages and aborts through, in milliseconds. */
const breath = 20;

/** This thread alone, giving way to others as it goes. */
export function soloCrew(units: Units, blend: Mixing, engine?: Engine): Crew {
  const {d, row, unit, columns, weight} = units;
  const only = slice({choices: {d, row, unit, columns}, weight, first: 0, of: blend.of, engine});
  const sizes = resultSizes(weight.length, blend);
  const results = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, new Float64Array(size)])) as unknown as Results;
  let breathed = performance.now();
  const breathe = async (signal?: AbortSignal) => {
    if (performance.now() - breathed < breath) return;
    await pause();
    breathed = performance.now();
    stop(signal);
  };
  return {
    engine: only.engine,
    threads: 1,
    results,
    lay: async (lattice) => only.lay(lattice),
    async compute(theta, order, signal) {
      stop(signal);
      only.begin(theta, order);
      for (let b = 0; b < only.blocks; ++b) {
        only.block(b, results);
        await breathe(signal);
      }
    },
    async centre(theta, how, signal) {
      for (let from = 0; from < weight.length; from += blockSize) {
        only.centre(theta, how, from, Math.min(weight.length, from + blockSize), results);
        await breathe(signal);
      }
    },
    close() {}
  };
}

/** @throws {Stopped} when the signal has aborted */
function stop(signal?: AbortSignal): void {
  if (signal?.aborted) throw new Stopped();
}

/** Lets timers, messages and aborts through. */
export const pause = () => new Promise<void>((resolve) => { (typeof setImmediate === "function" ? setImmediate : setTimeout)(resolve); });
