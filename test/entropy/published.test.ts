import assert from "node:assert/strict";
import test from "node:test";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {cells} from "../../src/entropy/cells.js";
import {fitMaxEnt} from "../../src/entropy/fitMaxEnt.js";
import type {MaxEntFit} from "../../src/entropy/maxEntFit.js";
import {allClose, close} from "../support/world.js";
import {reference, worldRows} from "../support/worlds.js";

// The data of 74 cars of 1978 (Chambers, Cleveland, Kleiner and Tukey 1983), Stata's example: the last 22 are foreign.
const cars = {
  price: "4099 4749 3799 4816 7827 5788 4453 5189 10372 4082 11385 14500 15906 3299 5705 4504 5104 3667 3955 3984 4010 5886 6342 4389 4187 11497 13594 13466 3829 5379 6165 4516 6303 3291 8814 5172 4733 4890 4181 4195 10371 4647 4425 4482 6486 4060 5798 4934 5222 4723 4424 4172 9690 6295 9735 6229 4589 5079 8129 4296 5799 4499 3995 12990 3895 3798 5899 3748 5719 7140 5397 4697 6850 11995",
  mpg: "22 17 22 20 15 18 26 20 16 19 14 14 21 29 16 22 22 24 19 30 18 16 17 28 21 12 12 14 22 14 15 18 14 20 21 19 19 18 19 24 16 28 34 25 26 18 18 18 19 19 19 24 17 23 25 23 35 24 21 21 25 28 30 14 26 35 18 31 18 23 41 25 25 17",
  weight: "2930 3350 2640 3250 4080 3670 2230 3280 3880 3400 4330 3900 4290 2110 3690 3180 3220 2750 3430 2120 3600 3600 3740 1800 2650 4840 4720 3830 2580 4060 3720 3370 4130 2830 4060 3310 3300 3690 3370 2730 4030 3260 1800 2200 2520 3330 3700 3470 3210 3200 3420 2690 2830 2070 2650 2370 2020 2280 2750 2130 2240 1760 1980 3420 1830 2050 2410 2200 2670 2160 2040 1930 1990 3170",
  trunk: "11 11 12 16 20 21 10 16 17 13 20 16 13 9 20 17 16 7 13 8 17 17 21 9 10 22 18 15 9 16 23 15 16 17 20 16 16 20 14 10 17 11 11 17 8 16 20 7 16 17 13 7 15 11 12 6 8 8 8 16 10 5 11 14 10 11 14 9 11 12 15 15 16 14"
};

// Birth weights at Baystate Medical Center, 1986 (Hosmer and Lemeshow 1989): the last 59 of 189 are low.
const births = {
  age: "19 33 20 21 18 21 22 17 29 26 19 19 22 30 18 18 15 25 20 28 32 31 36 28 25 28 17 29 26 17 17 24 35 25 25 29 19 27 31 33 21 19 23 21 18 18 32 19 24 22 22 23 22 30 19 16 21 30 20 17 17 23 24 28 26 20 24 28 20 22 22 31 23 16 16 18 25 32 20 23 22 32 30 20 23 17 19 23 36 22 24 21 19 25 16 29 29 19 19 30 24 19 24 23 20 25 30 22 18 16 32 18 29 33 20 28 14 28 25 16 20 26 21 22 25 31 35 19 24 45 28 29 34 25 25 27 23 24 24 21 32 19 25 16 25 20 21 24 21 20 25 19 19 26 24 17 20 22 27 20 17 25 20 18 18 20 21 26 31 15 23 20 24 15 23 30 22 17 23 17 26 20 26 14 28 14 23 17 21",
  smoke: "001110001100001101010000001010011001111110001100010011001000000010010011101001100000010000001110011001000000100010100000000000010010100000011100110100001101110110001100101110011110001110101",
  ht: "000000000000100000000000000000000000000000000000001000000000000000000000000000000000000000001000000001000100000000000000000000000000110000110000000000000000000000000000000000000000100000011"
};

/** A binary outcome as a choice between no and yes, whose coefficients are those of yes. */
function binary(columns: Readonly<Record<string, readonly number[]>>, ones: number) {
  const names = Object.keys(columns);
  const N = columns[names[0]].length;
  const rows = Array.from({length: N}, (_, n) => ["no", "yes"].map((answer) => ({n, answer, took: Number((n >= N - ones) === (answer === "yes")), ...Object.fromEntries(names.map((name) => [name, columns[name][n]]))}))).flat();
  return fromLong(rows, {chosen: "took", alternative: "answer", situation: "n", attributes: names});
}

const numbers = (text: string, by = " ") => text.split(by).map(Number);
const auto = binary({price: numbers(cars.price), mpg: numbers(cars.mpg), weight: numbers(cars.weight), trunk: numbers(cars.trunk)}, 22);
const lbw = binary({age: numbers(births.age), smoke: numbers(births.smoke, ""), ht: numbers(births.ht, "")}, 59);

// Software for binary outcomes has one error for each outcome, none for its complement, and no sum to keep.
const stata = {tier: "mnlSlopes", errors: "hessian", noise: {sumToZero: false}} as const;
const rows = (fit: MaxEntFit, names: readonly string[]) => names.map((name) => fit.estimates.rows.find((row) => row.name === name)!);

test("Stata's gmentropylogit foreign price mpg weight trunk (Corral and Terbish 2015): what it prints, and more digits", async () => {
  const fit = await fitMaxEnt(auto, stata);
  // Printed: N = 74, entropy 24.4, normalised 0.4750, entropy ratio 53.9, pseudo R2 0.5250.
  assert.equal(fit.entropies.p.toFixed(1), "24.4");
  assert.equal(fit.entropies.normalized.p.toFixed(4), "0.4750");
  assert.equal(fit.entropies.information.toFixed(4), "0.5250");
  const ratio = 2 * 74 * Math.LN2 * fit.entropies.information;
  assert.equal(ratio.toFixed(1), "53.9");
  // The rest from a program of its own for the same dual, in double precision.
  close(fit.entropies.p, 24.36443360, 1e-9);
  close(ratio, 53.85691552, 1e-9);
  const names = ["price[yes]", "mpg[yes]", "weight[yes]", "trunk[yes]", "intercept[yes]"];
  allClose(rows(fit, names).map(({estimate}) => estimate), [0.000563325076, -0.08781920616, -0.00436725553, 0.0367000285, 9.373783952], 1e-8);
  allClose(rows(fit, names).map(({error}) => error!), [0.0001571320, 0.0831962079, 0.0010258910, 0.1159333437, 3.919670337], 1e-8);
  let right = 0;
  for (let n = 0; n < 74; ++n) right += Number((cells(fit.programme, fit.solution, n).p[1] > 0.5) === (n >= 52));
  close((100 * right) / 74, 87.837838, 1e-7);
  const logit = await fitMaxEnt(auto, {...stata, noise: false});
  allClose(rows(logit, names).map(({estimate}) => estimate), [0.000939796329, -0.1224237781, -0.006864429479, -0.03124330363, 14.75960033], 1e-8);
  close(logit.logLikelihood!, -17.13971175, 1e-9);
});

test("low birth weight on age, smoking and hypertension: the example of gmentropylogit's help, from a program of its own", async () => {
  const names = ["age[yes]", "smoke[yes]", "ht[yes]", "intercept[yes]"];
  const fit = await fitMaxEnt(lbw, stata);
  allClose(rows(fit, names).map(({estimate}) => estimate), [-0.0490591, 0.68505574, 1.21108409, -0.02517381], 1e-7);
  allClose(rows(fit, names).map(({error}) => error!), [0.03198855, 0.32202138, 0.61527263, 0.75845795], 1e-7);
  close(fit.entropies.p, 112.28065437, 1e-9);
  close(fit.entropies.normalized.p, 0.85707272, 1e-7);
  close(2 * 189 * Math.LN2 * fit.entropies.information, 37.44832552, 1e-8);
  const logit = await fitMaxEnt(lbw, {...stata, noise: false});
  allClose(rows(logit, names).map(({estimate}) => estimate), [-0.05042954, 0.70088994, 1.23394353, -0.0171588], 1e-7);
  close(logit.logLikelihood!, -111.64066935, 1e-9);
});

test("travel mode (Greene and Hensher): the textbook's logit without noise, and three kinds of noise", async () => {
  const travel = fromLong(await datasets.travelmode.columns(), {chosen: "choice", alternative: "mode", situation: "individual", attributes: ["gc", "ttme", "hinc"]});
  const options = {base: "car", attributes: ["gc", "ttme", {attribute: "hinc", alternatives: ["air"]}]} as const;
  const names = ["intercept[air]", "intercept[train]", "intercept[bus]", "gc", "ttme", "hinc[air]"];
  const estimate = (fit: MaxEntFit) => rows(fit, names).map((row) => row.estimate);

  const logit = await fitMaxEnt(travel, {...options, noise: false, errors: "hessian"});
  allClose(estimate(logit), [5.2074432986, 3.8690427015, 3.1631942119, -0.0155015253, -0.0961247961, 0.0132870263], 1e-9);
  // Greene, Econometric Analysis, prints 5.2074, 3.8690, 3.1632, -0.01550, -0.09612, 0.01329 and -199.1284.
  close(logit.logLikelihood!, -199.12836872, 1e-10);
  close(logit.entropies.p, 199.12836872, 1e-10);
  close(logit.entropies.normalized.p, 0.68400360, 1e-8);
  close(2 * 210 * Math.log(4) * logit.entropies.information, 183.986894, 1e-8);
  allClose(rows(logit, names).map(({error}) => error!), [0.7790551425, 0.443126852, 0.4502659305, 0.0044079931, 0.0104398465, 0.010262407], 1e-8);

  const loose = await fitMaxEnt(travel, {...options, noise: {sumToZero: false}});
  allClose(estimate(loose), [5.0136164812, 3.5756547225, 3.0297136362, -0.0087477721, -0.0921997655, 0.0132050166], 1e-9);
  close(loose.solution.value, 1127.33219983, 1e-11);
  close(loose.entropies.p, 208.42968278, 1e-10);
  close(loose.entropies.normalized.p, 0.71595350, 1e-8);

  const tied = await fitMaxEnt(travel, options);
  allClose(estimate(tied), [5.0432084621, 3.7462666945, 3.0743921453, -0.0150736942, -0.0929668456, 0.0127314217], 1e-9);
  close(tied.solution.value, 1123.74358742, 1e-11);
  close(tied.entropies.p, 202.62305701, 1e-10);
  close(tied.logLikelihood!, -199.18877331, 1e-10);

  const wide = await fitMaxEnt(travel, {...options, noise: {v: 1, sumToZero: false}});
  close(estimate(wide)[3], 0.0001011877, 1e-9, "of the wrong sign");
  close(wide.entropies.normalized.p, 0.98342178, 1e-8);
});

test("sixty situations of a made-up world, against 50 digits", async () => {
  // mpmath: Newton on the dual of each programme to a gradient of 1e-48; errors not tied.
  const T = (reference("worlds") as {D1: {T: number}}).D1.T;
  const data = fromLong(worldRows("D1").filter(({person, situation}) => person < 60 && situation === person * T), {chosen: "chosen", alternative: "alternative", situation: "situation", alternatives: ["0", "1", "2"], attributes: ["price", "quality"]});
  const names = ["intercept[1]", "intercept[2]", "price", "quality"];
  const known: readonly [object | false, readonly number[], number, number, number, number, readonly number[]][] = [
    [false, [0.1558682519710719, -0.2273825375461622, -0.6244140818950159, 0.21830320052887894], 60.63863122912141, 60.63863122912141, NaN, -60.63863122912141, [0.2790268934743767, 0.29931627233872427, 0.42165683418689903]],
    [{v: 1, sumToZero: false}, [0.08831462635141916, -0.009896110260849897, -0.09130518706024758, 0.11128924518780683], 262.65169651474883, 65.6554575841355, 196.99623893061334, -64.1435785397392, [0.33104223854575004, 0.3364692681496198, 0.33248849330463015]],
    [{v: 0.125, sumToZero: false}, [0.19607819103796362, -0.14727439527216768, -0.5035888981631826, 0.28728209827769], 259.09020929688495, 61.844935367505116, 197.24527392937983, -60.83343699833421, [0.2995169369028405, 0.31285386488082373, 0.3876291982163358]]
  ];
  for (const [noise, beta, value, p, w, logLikelihood, first] of known) {
    const fit = await fitMaxEnt(data, {noise});
    allClose(rows(fit, names).map(({estimate}) => estimate), beta, 1e-12);
    close(fit.solution.value, value, 1e-14);
    close(fit.entropies.p, p, 1e-13);
    if (noise) close(fit.entropies.noise, w, 1e-13);
    close(fit.logLikelihood!, logLikelihood, 1e-13);
    allClose(cells(fit.programme, fit.solution, 0).p, first, 1e-13);
  }
  const price = await fitMaxEnt(data, {tier: "mnl", attributes: ["price"], noise: false});
  close(price.theta[0], -0.6093405602032587, 1e-13);
  close(price.entropies.p, 61.628487163243136, 1e-14);
});
