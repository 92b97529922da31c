import {Socket} from "node:net";
import {parentPort, workerData} from "node:worker_threads";
import {slots} from "./slots.js";

// A thread beside the cells: it hears interrupts while a cell keeps the other thread busy.

const {words, line} = workerData as {words: Int32Array; line: number};
const tooSoon = 250; // milliseconds in which a cell's second interrupt is an echo of the first: a message and a signal, a key held down
const patience = 200; // milliseconds a cell's loops have to notice before a signal breaks it off, which leaves no trace of where it was
let last = {serial: 0, at: -Infinity};

const socket = new Socket({fd: line, readable: true, writable: true});
socket.on("data", (bytes) => void (bytes.length && interrupt()));
// A cell may keep its thread busy for ever: when nobody is left to stop it, this thread ends the process.
for (const event of ["end", "close", "error"]) socket.on(event, () => process.kill(process.pid, "SIGKILL"));
parentPort!.postMessage("up");

/**
 * Asks a cell to stop when it listens; the second time, or when nothing in it listens, stops it. Says which, and of what cell:
 * "a7" or "c7", and "e7" to an echo. Each interrupt is answered, so that silence tells of a thread that is not there.
 */
function interrupt(): void {
  const serial = Atomics.load(words, slots.running);
  if (serial === last.serial && performance.now() - last.at < tooSoon) return say("e", serial);
  last = {serial, at: performance.now()};
  const asked = serial === 0 || (Atomics.load(words, slots.hearers) > 0 && Atomics.load(words, slots.asked) !== serial && Atomics.load(words, slots.cut) !== serial);
  if (serial !== 0) Atomics.store(words, asked ? slots.asked : slots.cut, serial);
  parentPort!.postMessage({asked, serial});
  say(asked ? "a" : "c", serial);
  if (!asked && process.platform !== "win32") setTimeout(() => breakOff(serial), patience);
}

const say = (word: "a" | "c" | "e", serial: number): void => void socket.write(`${word}${serial}\n`);

function breakOff(serial: number): void {
  if (Atomics.load(words, slots.running) === serial && Atomics.load(words, slots.inside) === 1) process.kill(process.pid, "SIGINT");
}
