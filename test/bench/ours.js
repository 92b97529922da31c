// The library as the benchmarks use it: the built modules, as a user has them. The one place to change when its insides do.
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {fit, fromLong, halton, sobol, source, version} from "../../dist/index.js";
import {counted} from "../../dist/data/counted.js";
import {solveNested} from "../../dist/entropy/nested.js";
import {solvePrimal} from "../../dist/entropy/primal.js";
import {solve} from "../../dist/entropy/solve.js";
import {hireCrew} from "../../dist/estimate/threads/hire.js";
import {likelihood} from "../../dist/estimate/likelihood.js";
import {mixing} from "../../dist/integrate/mixing.js";
import {spread} from "../../dist/integrate/spread.js";
import {units} from "../../dist/model/choices.js";
import {design} from "../../dist/model/design.js";
import {parameters} from "../../dist/model/parameters.js";

export {version};

/** A problem's columns, as `write` of problems.js left them. */
export function load(folder) {
  const meta = JSON.parse(readFileSync(join(folder, "meta.json"), "utf8"));
  const numbers = (name, make) => {
    const {buffer, byteOffset, byteLength} = readFileSync(join(folder, name));
    return byteOffset % 8 ? new make(buffer.slice(byteOffset, byteOffset + byteLength)) : new make(buffer, byteOffset, byteLength / make.BYTES_PER_ELEMENT);
  };
  return {
    meta,
    columns: Object.fromEntries([
      ...meta.ids.map((name) => [name, numbers(`${name}.i32`, Int32Array)]),
      ...meta.attributes.map((name) => [name, numbers(`${name}.f64`, Float64Array)])
    ])
  };
}

/** From columns in memory to choices. */
export const choices = ({meta, columns}) => fromLong(columns, {
  chosen: "chosen", alternative: "alternative", situation: "situation", ...(meta.panel && {person: "person"}),
  attributes: meta.attributes, alternatives: Array.from({length: meta.alternatives}, (_, j) => String(j + 1))
});

/** A fit, with options of its own beside the model of the problem. */
export const fitted = (data, {model}, options) => fit(data, {...model, ...options});

const rules = {halton, sobol};

/**
 * One evaluation of the log-likelihood over plain draws, without a fit: names of the parameters, and (theta, order) to
 * {value, gradient, hessian?}, and how many threads did it; order 0 is the value alone, 1 with the gradient, 2 with the Hessian.
 */
export async function evaluator(problem, {rule = "halton", draws, shared = false, threads = 1, seed = 1}) {
  const data = counted(choices(problem));
  problem.columns = undefined; // as a user may let go of the table
  const plan = design(data, problem.meta.model);
  const found = parameters(plan, undefined);
  const laid = units(data, plan);
  const blend = mixing(plan, found);
  const nodes = spread(laid, blend, {rule: rules[rule](draws, {shared}), ruleWithin: "gaussHermite", drawsWithin: 3}, source(seed));
  const objective = likelihood(laid, blend, nodes.lattice, {crew: crew(laid, blend, threads)});
  return {names: found.map(({name}) => name), threads: () => objective.crew.threads, evaluate: (theta, order) => objective.evaluate(theta, order)};
}

/** Threads for an evaluation: the library's own where there is one thread, else as many as asked for. */
const crew = (laid, blend, threads) => (threads === 1 ? undefined : hireCrew(laid, blend, {threads}));

/** A programme solved: by the joint Newton method, the nested one, or as it is written over all its unknowns. */
export const solved = (programme, {solver = "joint", threads, kernel}) => ({joint: solve, nested: solveNested, primal: solvePrimal})[solver](programme, {threads, engine: kernel});
