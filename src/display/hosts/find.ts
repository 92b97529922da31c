import {denoHost} from "./deno.js";
import type {Host} from "./host.js";
import {kernelHost} from "./kernel.js";
import {tslabHost} from "./tslab.js";

/**
 * Whoever runs the cells; undefined in plain Node, and in worker threads, to which no host reaches. Our own kernel comes
 * first, since it runs cells through tslab's executor and leaves tslab's traces too.
 */
export const findHost = (): Host | undefined => kernelHost() ?? denoHost() ?? tslabHost();
