import {parentPort, workerData} from "node:worker_threads";
import {layout, type DualEngine} from "../../kernels/dual.js";
import {dualVectors} from "../../kernels/dualVectors.js";
import {compiled} from "../../kernels/module.js";
import {report} from "../../optimize/threads/report.js";
import type {Answer, Desk, Task} from "./messages.js";

// The entry of a thread: it owns consecutive runs of situations, and answers each task once.

const {results, halt} = workerData as Desk;
const port = parentPort!;
let own: DualEngine;
let size = 0;
let first = 0;

function answer(task: Task): Answer {
  if (task.kind === "take") {
    own = dualVectors(compiled()!, task.part);
    ({size} = layout(task.part.moments));
    first = task.run;
    return {kind: "done"};
  }
  if (task.accepted) own.accept();
  own.begin(task.move);
  for (let k = 0; k < own.runs; ++k) {
    if (Atomics.load(halt, 0) !== 0) return {kind: "stopped"};
    results.set(own.sum(k), (first + k) * size);
  }
  return {kind: "done"};
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
