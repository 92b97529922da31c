import {readFileSync} from "node:fs";

/**
 * Peak resident memory of this process, bytes. Where the system tells it per program that is preferred: on Linux, maxRSS of
 * a process begins with that of whoever started it.
 */
export function peak() {
  try {
    return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))[1]);
  } catch {
    return 1024 * process.resourceUsage().maxRSS;
  }
}
