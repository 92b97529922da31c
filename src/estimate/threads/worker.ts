import {parentPort, workerData} from "node:worker_threads";
import {report, type Answer, type Desk, type Task} from "./messages.js";
import {slice, type Part, type Slice} from "./slice.js";

// The entry of a thread: it owns the people of one part, and answers each task once.

const {results, halt} = workerData as Desk;
const port = parentPort!;
let own: Slice;
let units = 0;

const halted = () => Atomics.load(halt, 0) !== 0;

/** Works through the units until all are done or it is told to stop. */
function through(work: (u: number) => number): Answer {
  for (let u = 0; u < units;) {
    if (halted()) return {kind: "stopped"};
    u = work(u);
  }
  return {kind: "done", engine: own.engine};
}

function take(part: Part): Answer {
  own = slice(part);
  units = part.choices.weight.length;
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
      return through((u) => own.run(u, results));
    case "centre":
      own.seek(task.theta, task.how);
      return through((u) => {
        own.place(u, results);
        return u + 1;
      });
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
