type Name = "stdout" | "stderr";

const enough = 32_768; // characters in one message
const pause = 20; // milliseconds between messages
const most = 4_000_000; // characters of printing a cell may fill a notebook with

/**
 * Takes over what this process prints. Pieces that follow one another are joined, so that thousands of prints are a few
 * messages; a cell that prints without end is cut, and says so.
 *
 * @param emit   receives the pieces, in order
 * @param origin the cell that prints; undefined when nothing of it is wanted
 * @returns      `flush` hands over what waits: call it before sending anything else. `renew` begins the count of a new cell.
 */
export function captureStreams(emit: (name: Name, text: string, cell: number) => void, origin: () => number | undefined): {flush(): void; renew(): void} {
  let waiting = "";
  let from: Name = "stdout";
  let cell = 0;
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  let printed = 0;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    const text = waiting;
    waiting = "";
    last = performance.now();
    emit(from, text, cell);
  };
  const take = (name: Name, text: string): void => {
    const by = origin();
    if (by === undefined) return;
    if (name !== from || by !== cell) flush();
    [from, cell] = [name, by];
    if (printed > most) return;
    const room = most - printed;
    printed += text.length;
    waiting += text.length > room ? `${text.slice(0, room)}\n[the rest is left out: a cell printed more than ${most / 1e6} million characters]\n` : text;
    // In a loop that never yields no timer fires: the clock decides there.
    if (waiting.length > enough || performance.now() - last > pause) flush();
    else timer ??= setTimeout(flush, pause);
  };
  for (const name of ["stdout", "stderr"] as const) {
    process[name].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      take(name, name === "stderr" ? text.replace(/\(node:\d+\)/g, "(node)") : text); // a process number differs at each run
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") queueMicrotask(callback as () => void);
      return true;
    }) as typeof process.stdout.write;
  }
  return {flush, renew: () => void (printed = 0)};
}
