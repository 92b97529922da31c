import test from "node:test";
import assert from "node:assert/strict";
import {fromLong} from "../../src/data/fromLong.js";
import {ChoiceError} from "../../src/errors.js";
import {fit} from "../../src/estimate/fit.js";
import {reference, roles} from "../support/worlds.js";

const wanted: Readonly<Record<string, readonly [code: string, columns: readonly string[], says: RegExp] | null>> = {
  "complete-separation": ["identify/separation", ["price"], /smaller coefficient/],
  "quasi-separation": ["identify/separation", ["rare"], /larger coefficient/],
  collinear: ["identify/collinear", ["a_plus_b"], /a_plus_b = .*\ba\b.*\bb\b/],
  "no-within-variation": ["identify/no-variation", ["income"], /never varies between the alternatives/],
  "all-ascs": ["identify/collinear", ["asc1"], /asc1 = .*asc0/],
  "never-chosen": ["identify/separation", ["asc2"], /smaller coefficient/],
  regular: null
};

// Seven little data sets. Separation and rank were decided by a linear program and exact arithmetic: maximise the sum of Z d
// subject to 0 <= Z d <= 1, the rows of Z being the chosen alternative less another.
for (const {id, parameters, X, y} of reference("unlearnable").cases) {
  const rows = X.flatMap((set: number[][], n: number) => set.map((x, j) => ({person: n, situation: n, alternative: String(j), chosen: Number(y[n] === j), ...Object.fromEntries(parameters.map((name: string, k: number) => [name, x[k]]))})));
  const run = () => fit(fromLong(rows, roles), {tier: "mnl"});
  const error = wanted[id];

  if (!error) test(`${id}: fits`, async () => assert.ok((await run()).ending.converged));
  else test(`${id}: ${error[0]} naming ${error[1].join(", ")}`, async () => {
    const [code, columns, says] = error;
    await assert.rejects(run, (thrown) => {
      assert.ok(thrown instanceof ChoiceError);
      assert.equal(thrown.code, code);
      assert.deepEqual(thrown.places.map(({column}) => column), columns);
      assert.match(thrown.message, says);
      return true;
    });
  });
}
