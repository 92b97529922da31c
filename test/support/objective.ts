import assert from "node:assert/strict";
import type {ChoiceData} from "../../src/data/choiceData.js";
import {estimates, type ErrorKind} from "../../src/infer/estimates.js";
import {likelihood, type Likelihood} from "../../src/estimate/likelihood.js";
import type {Fit} from "../../src/estimate/types.js";
import {mixing, type Mixing} from "../../src/integrate/mixing.js";
import type {Rule} from "../../src/integrate/rule.js";
import type {RuleName} from "../../src/integrate/shorthand.js";
import {spread, type Spread} from "../../src/integrate/spread.js";
import {source} from "../../src/math/random.js";
import {units, type Units} from "../../src/model/choices.js";
import {design} from "../../src/model/design.js";
import {parameters} from "../../src/model/parameters.js";
import type {Specification} from "../../src/model/specification.js";

export interface Request extends Specification {
  readonly rule?: RuleName | Rule;
  readonly draws?: number;
  readonly ruleWithin?: RuleName | Rule;
  readonly drawsWithin?: number;
}

export interface Composed {
  readonly names: readonly string[];
  readonly units: Units;
  readonly mixing: Mixing;
  readonly nodes: Spread;
  readonly likelihood: Likelihood;
  /** Value, gradient and Hessian at a point, in the order of the names asked for. */
  at(names: readonly string[], values: ArrayLike<number | string>, order?: 0 | 1 | 2): Promise<{value: number; gradient: number[]; hessian: number[]; opg: number[]}>;
}

/** The log-likelihood of a specification, without a fit. */
export function compose(data: ChoiceData, {rule = "gaussHermite", draws, ruleWithin = rule, drawsWithin = draws, ...specification}: Request): Composed {
  const plan = design(data, specification);
  const found = parameters(plan, specification.hold);
  const laid = units(data, plan);
  const blend = mixing(plan, found);
  const nodes = spread(laid, blend, {rule, draws, ruleWithin, drawsWithin}, source(1));
  const objective = likelihood(laid, blend, nodes.lattice);
  const names = found.map(({name}) => name);
  return {
    names, units: laid, mixing: blend, nodes, likelihood: objective,
    async at(asked, values, order = 2) {
      const place = placesOf(asked, names);
      const theta = Float64Array.from(found, ({held}) => held ?? NaN);
      place.forEach((p, k) => { theta[p] = Number(values[k]); });
      assert.ok(theta.every(Number.isFinite), `values for ${asked.join(", ")}; wanted for ${names.join(", ")}`);
      const {value, gradient, hessian, opg} = await objective.evaluate(theta, order);
      const flat = (A: typeof hessian) => (A ? place.flatMap((p) => place.map((q) => A.get(p, q))) : []);
      return {value, gradient: place.map((p) => gradient[p]), hessian: flat(hessian), opg: flat(opg)};
    }
  };
}

/** Estimates of a fit under these names; spreads are reported positive. */
export const estimatesOf = (fit: Fit, asked: readonly string[]): number[] => rowsOf(fit, asked).map(({estimate}) => estimate);

/** Standard errors of a fit under these names; NaN where there is none. */
export const errorsOf = (fit: Fit, asked: readonly string[], errors: ErrorKind = "hessian"): number[] => rowsOf(fit, asked, errors).map(({error}) => error ?? NaN);

function rowsOf(fit: Fit, asked: readonly string[], errors: ErrorKind = "hessian") {
  const {rows} = estimates(fit, {errors});
  return placesOf(asked, rows.map(({name}) => name)).map((p) => rows[p]);
}

function placesOf(asked: readonly string[], names: readonly string[]): number[] {
  return asked.map((name) => {
    const p = names.indexOf(name);
    assert.ok(p >= 0, `no parameter ${name} among ${names.join(", ")}`);
    return p;
  });
}
