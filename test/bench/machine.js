import {cpus, loadavg, release, totalmem, type} from "node:os";
import {readFileSync} from "node:fs";

/** What the times depend on. */
export function machine() {
  const [{model}] = cpus();
  return {
    cpu: model.trim(), family: family(), threads: cpus().length, memory: `${Math.round(totalmem() / 2 ** 30)} GiB`, system: `${type()} ${release().split("-")[0]}`, node: process.versions.node
  };
}

/** Virtual machines hide the name of their processor, but not its family. */
function family() {
  try {
    const text = readFileSync("/proc/cpuinfo", "utf8");
    const of = (name) => new RegExp(`^${name}\\s*:\\s*(.+)$`, "m").exec(text)?.[1];
    const flags = of("flags").split(" ");
    return `family ${of("cpu family")} model ${of("model")}, ${flags.includes("avx512f") ? "AVX-512" : flags.includes("avx2") ? "AVX2" : "no AVX2"}`;
  } catch {
    return undefined;
  }
}

/** How busy the machine is just now: the load of the last minute. */
export const load = () => Number(loadavg()[0].toFixed(2));
