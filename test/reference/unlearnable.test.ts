import test from "node:test";
import assert from "node:assert/strict";
import {fromLong} from "../../src/data/fromLong.js";
import {ChoiceError} from "../../src/errors.js";
import {fit} from "../../src/estimate/fit.js";
import {reference, roles} from "../support/worlds.js";

// Separation was decided by a linear program: maximise the sum of Z d, 0 <= Z d <= 1, rows of Z the chosen less the others.
for (const {id, parameters, X, y} of reference("unlearnable").cases) {
  test(id, async () => {
    const rows = X.flatMap((set: number[][], n: number) => set.map((x, j) => ({person: n, situation: n, alternative: String(j), chosen: Number(y[n] === j), ...Object.fromEntries(parameters.map((name: string, k: number) => [name, x[k]]))})));
    const data = fromLong(rows, roles);
    await fit(data, {tier: "mnl"}).then((f) => console.log(id, f.ending.words, f.notes), (e) => console.log(id, e instanceof ChoiceError && e.code, e.message, JSON.stringify(e)));
    assert.ok(true);
  });
}
