import {parentPort, workerData} from "node:worker_threads";
import {report, type Answer, type Desk, type Task} from "./messages.js";
import {piece, slice, type Part, type Slice} from "./slice.js";

// The entry of a thread: it owns the people of one part, and answers each task once.

const {results, halt} = workerData as Desk;
const port = parentPort!;
let own: Slice;
let units = 0;

const halted = () => Atomics.load(halt, 0) !== 0;

/** Works through the units, `step` at a time, until all are done or it is told to stop. */
function through(step: number, work: (from: number, to: number) => void): Answer {
  for (let from = 0; from < units; from += step) {
    if (halted()) return {kind: "stopped"};
    work(from, Math.min(units, from + step));
  }
  return {kind: "done", engine: own.engine};
}

function take(part: Part): Answer {
  own = slice(part);
  units = part.weight.length;
  return {kind: "done", engine: own.engine};
}

function answer(task: Task): Answer {
  switch (task.kind) {
    case "take": return take(task.part);
    case "lay":
      own.lay(task.lattice);
      return {kind: "done", engine: own.engine};
    case "move":
      own.move(task.places);
      return {kind: "done", engine: own.engine};
    case "compute":
      own.begin(task.theta, task.order);
      return through(1, (u) => own.unit(u, results));
    case "centre": return through(piece, (from, to) => own.centre(task.theta, task.how, from, to, results));
  }
}

port.on("message", (task: Task) => {
  let reply: Answer;
  try {
    reply = answer(task);
  } catch (error) {
    reply = {kind: "trouble", trouble: report(error)};
  }
  port.postMessage(reply);
});
