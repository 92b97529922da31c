import test from "node:test";
import assert from "node:assert/strict";
import {datasets} from "../../src/data/datasets.js";
import {fromLong} from "../../src/data/fromLong.js";
import {fromWide} from "../../src/data/fromWide.js";
import {fit} from "../../src/estimate/fit.js";
import type {Specification} from "../../src/model/specification.js";
import {asPrinted, digits, digitsOfLargest, lre} from "../support/lre.js";
import {isMaximum, stoppedEarly} from "../support/maximum.js";
import {compose, errorsOf, estimatesOf} from "../support/objective.js";
import {swissmetro} from "../support/swissmetro.js";
import {ourName, reference, world} from "../support/worlds.js";

const specifications: Readonly<Record<string, Specification>> = {
  "mnl-tier1": {tier: "mnl"},
  "mnl-tier2": {tier: "mnlIntercepts"},
  "mnl-tier3": {tier: "mnlSlopes"},
  "mnl-unbalanced": {tier: "mnl"}
};

for (const {id, dataset, description, parameters, evaluationPoint, atEvaluationPoint, logLikNull, mle} of reference("multinomial").cases) {
  const data = world(dataset);
  const names = parameters.map(ourName);
  const specification = specifications[id];

  test(`${id} (${description.split(":")[0]}): value, gradient and Hessian at a point have the digits of 50-digit arithmetic`, async () => {
    const {value, gradient, hessian} = await compose(data, specification).at(names, evaluationPoint);
    digits([value], [atEvaluationPoint.logLik], 14, "log-likelihood");
    digitsOfLargest(gradient, atEvaluationPoint.gradient, 13, "gradient");
    digitsOfLargest(hessian, atEvaluationPoint.hessian.flat(), 14, "Hessian");
  });

  test(`${id}: the maximum, the estimates and their errors of three kinds have the digits of 50-digit arithmetic`, async () => {
    const found = await fit(data, specification);
    isMaximum(found, names, mle, {value: 14, estimates: 12, errors: 12});
    digits([found.logLikelihoodAtZero], [logLikNull], 14, "log-likelihood at zero");
  });
}

test("a gradient at the 50-digit estimates is zero to rounding", async () => {
  const {dataset, parameters, mle} = reference("multinomial").cases[1];
  const {gradient} = await compose(world(dataset), {tier: "mnlIntercepts"}).at(parameters.map(ourName), mle.theta);
  for (const g of gradient) assert.ok(Math.abs(g) < 1e-12, `${g}`);
});

// Theta, log-likelihood, errors: 50-digit arithmetic on the 840 rows, the specification of Greene, Econometric Analysis, 5th
// edition, table 21.11, which prints logL -199.1284; R's AER prints the same with mlogit.
test("TravelMode: Greene's conditional logit, with its errors, to ten digits; AER's climb stopped early", async () => {
  const data = fromLong(await datasets.travelmode.columns(), {person: "individual", alternative: "mode", chosen: "choice"});
  const specification = {tier: "mnlIntercepts", base: "car", attributes: ["gc", "ttme", {attribute: "hinc", alternatives: ["air"]}]} as const;
  const found = await fit(data, specification);
  const names = ["intercept[air]", "intercept[train]", "intercept[bus]", "gc", "ttme", "hinc[air]"];
  digits([found.logLikelihood], [-199.128368715981604761477], 14, "log-likelihood");
  digits(estimatesOf(found, names), [5.20744329866707680830838, 3.86904270153217360698960, 3.16319421186721908017024, -0.0155015253161088502927453, -0.0961247961047775505396814, 0.0132870262506032236779512], 11, "estimates");
  digits(errorsOf(found, names), [0.779055142509813437757028, 0.443126852002384347076352, 0.450265930528186554702597, 0.00440799307835640493552426, 0.0104398465313766341296861, 0.0102624069997445760653067], 11, "Hessian errors");
  digits(errorsOf(found, names, "robust"), [0.978815810049757963665404, 0.517458275042176245885064, 0.546257959750911783596866, 0.00494755497296578455702318, 0.0150602028770188490884338, 0.00927340485871308687046041], 11, "robust errors");
  asPrinted(estimatesOf(found, names), ["5.207443", "3.869043", "3.163194", "-0.015502", "-0.096125", "0.013287"], "estimates");
  // As AER's tests print them, up to eleven units of the last digit away: its optimizer stops 1.3e-5 standard errors early.
  const early = ["5.207433", "3.869036", "3.163190", "-0.015501", "-0.096125", "0.013287"];
  asPrinted(estimatesOf(found, names), early, "estimates of AER", 11);
  await stoppedEarly(found, data, specification, names, early, "-199.1284");
  asPrinted(errorsOf(found, names), ["0.779055", "0.443127", "0.450266", "0.004408", "0.010440", "0.010262"], "errors of AER", 1);
});

// Croissant's vignette of R's mlogit 2.0 on random utility: cost + freq | income | time on noalt == 4, alternatives car, train,
// air. The ten who took the bus go out with it. mlogit stops when it has gained enough: its intercept of air is 5e-8, or 7e-8
// of its standard error, from the summit.
test("ModeCanada: mlogit's errors to the digits printed, and its estimates, where it stopped early, to five units of the last", async () => {
  const table = await datasets.modecanada.columns();
  const byBus = new Set((table.case as number[]).filter((_, r) => table.alt[r] === "bus" && table.choice[r] === 1));
  const data = fromLong(table, {
    person: "case", alternative: "alt", chosen: "choice", alternatives: ["car", "train", "air"],
    where: ({case: id, alt, noalt}) => noalt === 4 && alt !== "bus" && !byBus.has(id as number),
    attributes: {cost: "cost", freq: "freq", income: "income", time: ({ivt, ovt}) => (ivt as number) + (ovt as number)}
  });
  assert.equal(data.situations.length, 2769);
  const specification = {
    tier: "mnlIntercepts", base: "car",
    attributes: ["cost", "freq", {attribute: "income", byAlternative: true}, {attribute: "time", byAlternative: true}]
  } as const;
  const found = await fit(data, specification);
  const names = ["intercept[train]", "intercept[air]", "cost", "freq", "income[train]", "income[air]", "time[car]", "time[train]", "time[air]"];
  asPrinted([found.logLikelihood], ["-1951.344"], "log-likelihood");
  asPrinted([1 - found.logLikelihood / found.logLikelihoodAtShares], ["0.31221"], "McFadden's R2");
  asPrinted([2 * (found.logLikelihood - found.logLikelihoodAtShares)], ["1771.6"], "likelihood ratio");
  const printed = ["-0.97034440", "-1.89856552", "-0.02849715", "0.07402902", "-0.00646892", "0.02824632", "-0.01402405", "-0.01096877", "-0.01755120"];
  asPrinted(estimatesOf(found, names), printed, "estimates", 5);
  await stoppedEarly(found, data, specification, names, printed, "-1951.344");
  asPrinted(errorsOf(found, names), ["0.26513065", "0.68414300", "0.00655909", "0.00473270", "0.00310366", "0.00365435", "0.00138047", "0.00081834", "0.00399181"], "errors");
});

// Biogeme 3.3.4, example b01c, saved results: logL -5331.252006916; errors as the tests of larch print them. Biogeme stops up
// to 1.3e-6 from the summit, 2e-5 of a standard error.
test("Swissmetro: the multinomial logit of Biogeme's first example, whose climb stopped early", async () => {
  const data = await swissmetro("ID");
  assert.equal(data.situations.length, 6768);
  assert.equal(data.people.length, 752);
  const specification = {tier: "mnlIntercepts", base: "sm", attributes: ["time", "cost"]} as const;
  const found = await fit(data, specification);
  const names = ["intercept[train]", "time", "cost", "intercept[car]"];
  assert.ok(lre(found.logLikelihood, -5331.252006916) > 12, `${found.logLikelihood}`);
  const printed = ["-0.7011873", "-1.2778590", "-1.0837900", "-0.1546327"];
  asPrinted(estimatesOf(found, names), printed, "estimates", 13);
  await stoppedEarly(found, data, specification, names, printed, "-5331.252006916");
  asPrinted(errorsOf(found, names), ["0.0549", "0.0569", "0.0518", "0.0432"], "errors");
});

// Maximised log-likelihoods on which three or more packages agree to 1e-8 (github.com/mbc96325/torchdcm-evaluation-benchmark);
// estimates and errors of Train and Heating from Croissant's vignettes of R's mlogit,
// to four units of the last digit, a few millionths of a standard error.
test("Electricity: the log-likelihood of the multinomial logit that packages agree on", async () => {
  const data = fromLong(await datasets.electricity.columns(), {person: "id", situation: "chid", alternative: "alt", chosen: "choice"});
  assert.ok(Math.abs((await fit(data, {tier: "mnl"})).logLikelihood + 4958.649119337) < 1e-9);
});

test("Train: the log-likelihood that packages agree on, and mlogit's estimates, where it stopped early", async () => {
  const euro = 2.20371 / 100; // per guilder cent, as the vignette has it
  const pair = (column: string, unit: number) => ({choice1: (row: Readonly<Record<string, unknown>>) => (row[`${column}1`] as number) * unit, choice2: (row: Readonly<Record<string, unknown>>) => (row[`${column}2`] as number) * unit});
  const data = fromWide(await datasets.train.columns(), {
    choice: "choice", alternatives: ["choice1", "choice2"], person: "id",
    attributes: {price: pair("price", euro), time: pair("time", 1 / 60), change: pair("change", 1), comfort: pair("comfort", 1)}
  });
  const found = await fit(data, {tier: "mnl"});
  assert.ok(Math.abs(found.logLikelihood + 1724.1500271594) < 1e-9, `${found.logLikelihood}`);
  const names = ["price", "time", "change", "comfort"];
  const printed = ["-0.0673580", "-1.7205514", "-0.3263409", "-0.9457256"];
  asPrinted(estimatesOf(found, names), printed, "estimates", 4);
  await stoppedEarly(found, data, {tier: "mnl"}, names, printed, "-1724.150027");
  asPrinted(errorsOf(found, names), ["0.0033933", "0.1603517", "0.0594892", "0.0649455"], "errors");
});

test("Heating: the log-likelihood that packages agree on, and mlogit's estimates, with intercepts and without", async () => {
  const data = fromWide(await datasets.heating.columns(), {choice: "depvar", alternatives: ["hp", "gc", "gr", "ec", "er"], attributes: {ic: "ic.{alt}", oc: "oc.{alt}"}});
  const plain = await fit(data, {tier: "mnl"});
  assert.ok(Math.abs(plain.logLikelihood + 1095.2371253294) < 1e-9, `${plain.logLikelihood}`);
  asPrinted(estimatesOf(plain, ["ic", "oc"]), ["-0.0062319", "-0.0045801"], "estimates");
  asPrinted(errorsOf(plain, ["ic", "oc"]), ["0.0003528", "0.0003222"], "errors");
  const found = await fit(data, {tier: "mnlIntercepts"});
  const names = ["intercept[ec]", "intercept[er]", "intercept[gc]", "intercept[gr]", "ic", "oc"];
  asPrinted(estimatesOf(found, names), ["1.6588459", "1.8534370", "1.7109793", "0.3082633", "-0.0015332", "-0.0069964"], "estimates", 1);
  asPrinted(errorsOf(found, names), ["0.4484194", "0.3619551", "0.2267421", "0.2065922", "0.0006209", "0.0015541"], "errors");
});
