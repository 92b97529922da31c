// Preloaded by every thread of a test: a worker thread does not get the loader of TypeScript from `--import tsx` on Node 20.
import {isMainThread} from "node:worker_threads";

if (!isMainThread) (await import("tsx/esm/api")).register();
