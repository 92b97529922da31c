import type {Centring} from "../../integrate/centre.js";
import type {Mixing} from "../../integrate/mixing.js";
import type {Lattice} from "../../kernels/lattice.js";
import type {Engine, Order} from "../../kernels/panel.js";
import type {Units} from "../../model/choices.js";
import {Stopped} from "../../optimize/climb.js";
import {breather} from "../../optimize/breath.js";
import {resultSizes, slice, type Results} from "./slice.js";

/** Who computes: this thread, or several. All of them give the same bits. */
export interface Crew {
  readonly engine: Engine;
  readonly threads: number;
  /** Why this thread works alone, where more were asked for or would have helped. */
  readonly note?: string;
  readonly results: Results;
  /** Lays nodes out: standard normals. */
  lay(lattice: Lattice): Promise<void>;
  /**
   * Fills `results` at theta.
   *
   * @throws {Stopped} when the signal aborts on the way
   */
  compute(theta: Float64Array, order: Order, signal?: AbortSignal): Promise<void>;
  /** Fills `results.places` at theta, from the nodes that are laid. */
  centre(theta: Float64Array, how: Centring, signal?: AbortSignal): Promise<void>;
  /** Dismisses the threads. */
  close(): void;
}

/** This thread alone, giving way to others as it goes. */
export function soloCrew(units: Units, blend: Mixing, engine?: Engine): Crew {
  const U = units.weight.length;
  const only = slice({choices: units, first: 0, of: blend.of, engine});
  const results = resultsIn((size) => new Float64Array(size), units, blend);
  let heeded: AbortSignal | undefined;
  const breathe = breather(() => stop(heeded));
  return {
    engine: only.engine,
    threads: 1,
    results,
    lay: async (lattice) => only.lay(lattice),
    async compute(theta, order, signal) {
      stop(heeded = signal);
      only.begin(theta, order);
      for (let u = 0; u < U;) {
        u = only.run(u, results);
        const breath = breathe();
        if (breath) await breath;
      }
    },
    async centre(theta, how, signal) {
      stop(heeded = signal);
      only.seek(theta, how);
      for (let u = 0; u < U; ++u) {
        only.place(u, results);
        const breath = breathe();
        if (breath) await breath;
      }
    },
    close() {}
  };
}

/** Room for the results of all units. */
export function resultsIn(room: (doubles: number) => Float64Array, {weight}: Units, blend: Mixing): Results {
  return Object.fromEntries(Object.entries(resultSizes(weight.length, blend)).map(([name, size]) => [name, room(size)])) as unknown as Results;
}

/** @throws {Stopped} when the signal has aborted */
export function stop(signal?: AbortSignal): void {
  if (signal?.aborted) throw new Stopped();
}
