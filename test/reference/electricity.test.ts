import test from "node:test";
import assert from "node:assert/strict";
import {inverse} from "ml-matrix";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {fitMixed, type TierOptions} from "../../src/estimate/tiers.js";
import type {Fit} from "../../src/estimate/types.js";
import {asPrinted, digits, nearInErrors} from "../support/lre.js";
import {stoppedEarly} from "../support/maximum.js";
import {compose, errorsOf, estimatesOf} from "../support/objective.js";
import {situationScores} from "../support/situationScores.js";

// The Halton draws of R's mlogit 2.0 and of xlogit 0.2.7 are the same: primes 2, 3, 5, … for random columns in their order, the
// first hundred points dropped, one long sequence cut person by person, inverse normal. So their fits are exact targets.
const data = fromLong(await datasets.electricity.columns(), {person: "id", situation: "chid", alternative: "alt", chosen: "choice"});
const means = ["pf", "cl", "loc", "wk", "tod", "seas"];
const spreads = means.map((name) => `sd[${name}]`);

const fitted = (options: TierOptions) => fitMixed(data, {intercepts: false, rule: "halton", draws: 100, ...options});
const six = fitted({});
const fine = six.then((start) => fitted({draws: 500, start}));

/** These draws are not symmetric: the mode that mlogit and xlogit report has all spreads positive in theta, not only in the table. */
function inFirstMode({parameters, theta, notes}: Fit): void {
  const signs = parameters.flatMap(({role, name}, p) => (role === "spread" ? [[name, Math.sign(theta[p])]] : []));
  assert.ok(signs.length >= 5);
  assert.deepEqual(signs, signs.map(([name]) => [name, 1]));
  assert.deepEqual(notes.filter(({code}) => code === "fit/mode"), []);
}

test("six normals, 100 Halton draws: the log-likelihood at which mlogit and xlogit end, to 1e-6", async () => {
  const {logLikelihood, ending} = await six;
  assert.ok(ending.converged);
  inFirstMode(await six);
  assert.ok(Math.abs(logLikelihood + 3952.487732545101) < 1e-6, `${logLikelihood}`); // tests/estimations.py of xlogit 0.2.7
  assert.ok(logLikelihood > -3952.487732545101, "and not below it");
});

// Vignette "e3.mxlogit" of mlogit. It ends where it gains little: to that many units of the last digit (1e-5) from the summit.
test("six normals, 100 Halton draws: mlogit's estimates, where it stopped early", async () => {
  const found = await six;
  const names = [...means, ...spreads];
  const printed = ["-0.97339", "-0.20556", "2.07572", "1.47565", "-9.05254", "-9.10376", "0.21994", "0.37830", "1.48297", "1.00006", "2.28948", "1.18087"];
  asPrinted(estimatesOf(found, names), printed, "estimates", 1.5);
  await stoppedEarly(found, data, {tier: "mixed", intercepts: false, rule: "halton", draws: 100}, names, printed, "-3952.49"); // mlogit's in xlogit's benchmark_results.csv
});

test("six normals, 500 Halton draws: the log-likelihood at which mlogit and xlogit end, to 1e-6", async () => {
  const {logLikelihood, ending} = await fine;
  assert.ok(ending.converged);
  inFirstMode(await fine);
  assert.ok(Math.abs(logLikelihood + 3891.7177135708) < 1e-6, `${logLikelihood}`);
  assert.ok(logLikelihood > -3891.7177135708, "and not below it");
});

// xlogit 0.2.7 with num_hess=True, run on these data: a numerical Hessian at its own end.
test("six normals, 500 Halton draws: estimates to 1e-4 and Hessian errors to 1e-3 of xlogit with its Hessian", async () => {
  const found = await fine;
  const names = [...means, ...spreads];
  digits(estimatesOf(found, names), [-0.9941363, -0.2259334, 2.2936078, 1.6228372, -9.5704713, -9.5880248, 0.2168653, 0.3889507, 1.8214898, 1.227188, 2.4148597, 1.4010226], 4, "estimates");
  digits(errorsOf(found, names), [0.03803, 0.0251967, 0.1243349, 0.0915525, 0.3357244, 0.3176204, 0.0161426, 0.0243114, 0.1175343, 0.0969364, 0.2141818, 0.1624677], 3, "Hessian errors");
});

test("mlogit and xlogit print errors of scores summed by situation, which fall short of those summed by person", async () => {
  const found = await fine;
  const names = ["cl", "loc", "wk", "sd[tod]"];
  const composed = compose(data, {tier: "mixed", intercepts: false, rule: "halton", draws: 500});
  const parts = situationScores(composed, found.theta);
  const bySituation = inverse(parts.transpose().mmul(parts));
  const seen = names.map((name) => Math.sqrt(bySituation.get(composed.names.indexOf(name), composed.names.indexOf(name))));
  // xlogit 0.2.7 with its defaults, run on these data; its robust=True prints the same but for a unit of the last digit.
  asPrinted(seen, ["0.01453", "0.08925", "0.07113", "0.13301"], "situation-summed errors", 1);

  // The parts are those of our scores: summed by person they are the rows of the fit.
  data.people.forEach((_, i) => composed.names.forEach((name, p) => {
    let sum = 0;
    for (let n = data.person[i]; n < data.person[i + 1]; ++n) sum += parts.get(n, p);
    assert.ok(Math.abs(sum - found.scores.get(i, p)) < 1e-9, `${name} of person ${i}: ${sum}, ${found.scores.get(i, p)}`);
  }));

  for (const kind of ["hessian", "opg", "robust"] as const) {
    errorsOf(found, names, kind).forEach((error, k) => assert.ok(error > 1.1 * seen[k], `${kind} ${names[k]}: ${error}, by situation ${seen[k]}`));
  }
  asPrinted(errorsOf(found, names, "hessian").map((error, k) => error / seen[k]), ["1.73", "1.39", "1.29", "1.61"], "how much too small");
});

// The same vignette. Only random columns take a dimension of Halton's sequence, in the order of the columns. mlogit's own
// tolerance leaves its estimates up to 1.4e-4 of a standard error from the summit, 13 units of the last digit printed.
const vignette: readonly {model: string; random: TierOptions["random"]; spreads: readonly string[]; logLikelihood: string; estimates: readonly number[]}[] = [
  {
    model: "mxl2, pf the same for all", random: means.slice(1), spreads: spreads.slice(1), logLikelihood: "-3961.7",
    estimates: [-0.879902, -0.217059, 2.092298, 1.490902, -8.581835, -8.583281, 0.373477, 1.558857, 1.05081, 2.69466, 1.950728]
  },
  {
    model: "mxl3, wk uniform", random: {cl: "normal", loc: "normal", wk: "uniform", tod: "normal", seas: "normal"},
    spreads: ["sd[cl]", "sd[loc]", "halfwidth[wk]", "sd[tod]", "sd[seas]"], logLikelihood: "-3956.7",
    estimates: [-0.882229, -0.217128, 2.099323, 1.509425, -8.606979, -8.602396, 0.38107, 1.593852, 1.786373, 2.719073, 1.945381]
  },
  {
    model: "mxl4, wk uniform, tod and seas minus a lognormal", random: {cl: "normal", loc: "normal", wk: "uniform", tod: "-lognormal", seas: "-lognormal"},
    spreads: ["sd[cl]", "sd[loc]", "halfwidth[wk]", "sd[tod]", "sd[seas]"], logLikelihood: "-3976.5",
    estimates: [-0.868985, -0.211334, 2.023876, 1.479118, 2.112378, 2.124205, 0.37312, 1.548511, 1.52179, 0.367077, 0.275352]
  }
];

for (const {model, random, spreads: asked, logLikelihood, estimates} of vignette) {
  test(`mlogit's ${model}: log-likelihood and estimates, where it stopped early`, async () => {
    const found = await fitted({random});
    assert.ok(found.ending.converged);
    asPrinted([found.logLikelihood], [logLikelihood], "log-likelihood");
    const names = [...means, ...asked];
    nearInErrors(estimatesOf(found, names), estimates, errorsOf(found, names), 2e-4, "estimates");
    await stoppedEarly(found, data, {tier: "mixed", intercepts: false, rule: "halton", draws: 100, random}, names, estimates.map((value) => value.toFixed(6)), logLikelihood);
    inFirstMode(found);
  });
}
