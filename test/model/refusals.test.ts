import test from "node:test";
import assert from "node:assert/strict";
import {fit} from "../../src/estimate/fit.js";
import {fitMixed, fitMixedDynamic, fitMixedIntercepts, fitMnl, fitMnlIntercepts, fitMnlSlopes} from "../../src/estimate/tiers.js";
import type {FitOptions} from "../../src/estimate/options.js";
import {units} from "../../src/model/choices.js";
import {design} from "../../src/model/design.js";
import {simulate} from "../../src/simulate/simulate.js";
import {close, read, refuses, rowsOf, type Row} from "../support/world.js";

const {data} = simulate({tier: "mnlIntercepts"}, {people: 80, situations: 4, seed: 21});
const rows = rowsOf(data);
const having = (more: (row: Row) => Row) => read(rows.map((row) => ({...row, ...more(row)})));
const quick = {rule: "halton", draws: 8} as const;

test("one intercept for all alternatives is refused without an outside option, and says what to use", () =>
  refuses("identify/common-intercept", () => fitMnl(data, {intercepts: true}), "cancels", "fitMnlIntercepts", "outside"));

test("a column that is a combination of others is refused, and the relation is printed", async () => {
  await refuses("identify/collinear", () => fitMnl(having((row) => ({total: 2 * Number(row.price) - Number(row.quality)}))), /total = 2 price - (1 )?quality/, '{"total": 0}');
  await refuses("identify/collinear", () => fitMnl(having((row) => ({copy: row.price}))), /copy = (1 )?price/);
  await refuses("identify/collinear", () => fitMnlIntercepts(having((row) => ({isB: row.alternative === "b" ? 3 : 0}))), "isB = 3 intercept[b]");
});

test("collinear up to a constant of the situation is collinear: only differences count", () =>
  refuses("identify/collinear", () => fitMnl(having((row) => ({shifted: 2 * Number(row.price) + 5 * Number(row.person)}))), "shifted = 2 price"));

test("nearly collinear columns are fitted: they are no error", async () => {
  const {ending} = await fitMnl(having((row) => ({near: Number(row.price) + 1e-4 * Number(row.quality) ** 2})));
  assert.ok(ending.converged, ending.words);
});

test("an attribute that is the same for all alternatives of a situation is refused, with a way to keep it", async () => {
  const incomes = having((row) => ({income: Number(row.person) / 80}));
  const error = await refuses("identify/no-variation", () => fitMnl(incomes), '"income" never varies', "byAlternative: true");
  assert.deepEqual(error.places.map(({column}) => column), ["income"]);
  // The way out works, and the base carries no coefficient.
  const {parameters, ending} = await fitMnlIntercepts(incomes, {attributes: ["price", {attribute: "income", byAlternative: true}]});
  assert.ok(ending.converged);
  assert.deepEqual(parameters.map(({name}) => name), ["intercept[b]", "intercept[c]", "price", "income[b]", "income[c]"]);
});

test("an attribute that is constant everywhere is refused as such", async () => {
  await refuses("identify/constant", () => fitMnl(having(() => ({one: 1}))), '"one" is constant everywhere (1)');
  await refuses("identify/constant", () => fitMnl(having(() => ({one: 1, two: 2}))), '"one" and "two" are constant everywhere');
});

test("a random column without variation is refused like any other", async () => {
  await refuses("identify/constant", () => fitMixed(having(() => ({one: 1})), {random: ["one"]}), '"one"');
  await refuses("identify/no-variation", () => fitMixed(having((row) => ({income: row.person === "1" ? 1 : 2})), {random: ["income"]}), '"income"');
});

test("a column that predicts every choice is refused: complete separation", async () => {
  await refuses("identify/separation", () => fitMnl(having((row) => ({oracle: row.chosen}))), "oracle predicts some choices perfectly", "a larger coefficient");
  await refuses("identify/separation", () => fitMnl(having((row) => ({omen: -Number(row.chosen)}))), "omen", "a smaller coefficient");
});

test("a column that predicts a few choices and contradicts none is refused: quasi-separation", async () => {
  const flagged = having((row) => ({flag: row.chosen === 1 && row.person === "3" ? 1 : 0}));
  await refuses("identify/separation", () => fitMnl(flagged), "flag");
  await refuses("identify/separation", () => fitMixed(flagged, quick), "flag");
  assert.ok((await fitMnl(flagged, {hold: {flag: 1}})).ending.converged);
});

test("columns that separate only together are named together", () =>
  refuses("identify/separation", () => fitMnl(read(rows.slice(0, 3))), "price and quality together"));

test("an alternative that nobody chose is refused by its intercept, and can be held", async () => {
  const chosen = new Set(rows.filter((row) => row.chosen && row.alternative === "c").map(({situation}) => situation));
  const without = read(rows.filter(({situation}) => !chosen.has(situation)));
  await refuses("identify/separation", () => fitMnlIntercepts(without), "intercept[c]", "a smaller intercept[c]");
  await refuses("identify/separation", () => fitMnlSlopes(without), "intercept[c]");
  await refuses("identify/separation", () => fitMixed(without, quick), "intercept[c]");
  const {ending, estimates: {rows: table}} = await fitMnlIntercepts(without, {hold: {"intercept[c]": -3}});
  assert.ok(ending.converged);
  assert.deepEqual([table[1].estimate, table[1].error, table[1].why], [-3, null, "held"]);
});

test("choices that are hard to predict are no separation: a strong effect with one contradiction is fitted", async () => {
  const most = having((row) => ({strong: row.chosen === 1 ? 1 : 0}));
  const broken = rowsOf(most).map((row) => (row.situation === "s0" || row.situation === "s1" ? {...row, strong: 1 - Number(row.strong)} : row));
  const {ending, theta} = await fitMnl(read(broken), {attributes: ["strong"]});
  assert.ok(ending.converged);
  assert.ok(theta[0] > 2 && theta[0] < 10);
});

test("more columns than comparisons are refused", () =>
  refuses("identify/too-few", () => fitMnlSlopes(read(rows.slice(0, 3))), "8 columns and 2 comparisons"));

test("variation within people is refused with one situation per person, or without a panel", async () => {
  const once = simulate({tier: "mixed"}, {people: 60, situations: 1, seed: 2}).data;
  await refuses("identify/within-cross-section", () => fitMixedDynamic(once), "one situation per person", "fitMixedSlopes");
  await refuses("identify/within-cross-section", () => fitMixedDynamic(data, {panel: false}));
  await refuses("identify/within-cross-section", () => fitMixedDynamic(read(rows, {person: undefined})));
});

test("an intercept may not vary within people: it cannot be told from the noise of utility", async () => {
  await refuses("identify/within-intercept", () => fitMixedIntercepts(data, {within: ["intercepts"]}), "intercept[b]");
  await refuses("identify/within-intercept", () => fitMixedDynamic(data, {within: ["intercept[c]"]}), "intercept[c]");
});

test("only Gaussian coefficients vary within people", async () => {
  await refuses("model/within-distribution", () => fitMixed(data, {random: {price: "uniform"}, within: ["price"]}), "price (uniform)");
  await refuses("model/within-distribution", () => fitMixed(data, {random: ["quality"], within: ["price"]}), "price (fixed)");
});

test("a panel without people, and people whose situations differ in weight, are refused", async () => {
  await refuses("model/no-people", () => fitMixed(read(rows, {person: undefined}), {panel: true}));
  const uneven = {...data, weight: data.weight.map((_, n) => 1 + (n % 2))};
  await refuses("model/unequal-weights", () => units(uneven, design(uneven, {tier: "mixed"})), "weight 1 and 2", "panel: false");
  assert.equal(units(uneven, design(uneven, {tier: "mixed", panel: false})).weight.length, 320);
});

// What is misspelt, the options, the code, and the word it should suggest.
const misspelt: [string, object, string, string][] = [
  ["a tier", {tier: "mixd"}, "model/unknown-tier", '"mixed"'],
  ["an attribute", {attributes: ["prize"]}, "model/unknown-attribute", '"price"'],
  ["an attribute of a term", {attributes: [{attribute: "qualty"}]}, "model/unknown-attribute", '"quality"'],
  ["an option of a term", {attributes: [{attribute: "price", byAlternatives: true}]}, "options/unknown", '"byAlternative"'],
  ["an alternative of a term", {attributes: [{attribute: "price", alternatives: ["d"]}]}, "model/unknown-alternative", '"a"'],
  ["a base", {base: "bb"}, "model/unknown-alternative", '"b"'],
  ["a distribution", {tier: "mixed", random: {price: "lognorml"}}, "model/unknown-distribution", '"lognormal"'],
  ["a negative distribution", {tier: "mixed", random: {price: "-lognorml"}}, "model/unknown-distribution", '"lognormal"'],
  ["a random column", {tier: "mixed", random: ["pric"]}, "model/unknown-column", '"price"'],
  ["a column within", {tier: "mixedDynamic", within: ["qualityy"]}, "model/unknown-column", '"quality"'],
  ["a covariance", {tier: "mixed", covariance: "ful"}, "model/unknown-covariance", '"full"'],
  ["an option", {drwas: 3}, "options/unknown", '"draws"'],
  ["an optimizer", {optimizer: "newtn"}, "options/unknown-optimizer", '"newton"'],
  ["a rule", {tier: "mixed", rule: "sobel"}, "integrate/unknown-rule", '"sobol"'],
  ["a rule within", {tier: "mixed", random: ["price"], within: ["price"], ruleWithin: "gausHermite"}, "integrate/unknown-rule", '"gaussHermite"'],
  ["a held parameter", {tier: "mixed", hold: {"sd[pric]": 1}}, "model/unknown-parameter", '"sd[price]"'],
  ["a starting value", {tier: "mixed", start: {pric: 1}}, "options/start", '"price"'],
  ["a kind of errors", {errors: "robst"}, "infer/unknown-errors", '"robust"']
];

for (const [what, options, code, near] of misspelt) {
  test(`${what} misspelt is refused with the nearest: ${near}`, () => refuses(code, () => fit(data, options as FitOptions), `Did you mean ${near}?`).then(() => undefined));
}

test("a number that is none is refused by the name of its option", async () => {
  for (const name of ["tolerance", "iterations", "seconds", "draws", "drawsWithin"]) {
    for (const value of [0, -1, NaN, "3", null]) await refuses("options/number", () => fit(data, {[name]: value} as FitOptions), `${name}:`, "a positive number");
  }
  await refuses("options/number", () => fit(data, {seed: 1.5}), "seed: 1.5");
  await refuses("options/number", () => fit(data, {seed: -1}), "-1");
  await refuses("integrate/draws", () => fitMixed(data, {draws: 2.5}), "2.5 draws");
  await refuses("infer/level", () => fit(data, {level: 95}), "level: 95");
});

test("a value held or started at must be finite", async () => {
  for (const value of [NaN, Infinity]) {
    await refuses("model/held-value", () => fitMnl(data, {hold: {price: value}}), `"price": ${value}`);
    await refuses("options/start", () => fitMnl(data, {start: {price: value}}), `${value} for price`);
  }
  await refuses("options/start", () => fitMixed(data, {...quick, start: [1, 2]}), "2 values", "6, in the order intercept[b], intercept[c], price, quality");
});

test("a sign is for families that live on one side of zero", async () => {
  await refuses("model/two-sided", () => fitMixed(data, {random: {price: "-normal" as never}}), "a signed normal");
  await refuses("model/two-sided", () => fitMixed(data, {random: {price: {family: "uniform", sign: -1}}}), "a signed uniform");
  await refuses("model/sign", () => fitMixed(data, {random: {price: {family: "lognormal", sign: 2 as never}}}), "sign: 2");
});

test("random columns need a tier that varies over people", () =>
  refuses("model/random-tier", () => fitMnl(data, {random: ["price"]}), '"mnl"', "fitMixed"));

test("an attribute named twice, or nothing at all, is refused", async () => {
  await refuses("model/twice", () => fitMnl(data, {attributes: ["price", "price"]}), '"price" twice');
  await refuses("model/empty", () => fitMnl(data, {attributes: []}), '"price" and "quality"');
});

test("beside an outside option no other alternative can be the base", () =>
  refuses("model/base-outside", () => fitMnlIntercepts(simulate({tier: "mnl"}, {people: 20, situations: 2, outside: "none"}).data, {base: "a"}), '"none"'));

test("clustered errors want clusters: one label per person, and several", async () => {
  await refuses("infer/no-clusters", () => fitMnl(data, {errors: "clustered"}), "no clusters");
  await refuses("infer/no-clusters", () => fitMnl(data, {errors: "clustered", clusters: ["x"]}), "1 labels for 80 people");
  await refuses("infer/few-clusters", () => fitMnl(data, {errors: "clustered", clusters: data.people.map(() => "x")}), "1 cluster");
});

test("an error names the call that the user made", async () => {
  assert.match((await refuses("model/unknown-attribute", () => fitMixed(data, {attributes: ["prise"]}))).at, /^fitMixed\(data/);
  assert.match((await refuses("model/unknown-attribute", () => fit(data, {attributes: ["prise"]}))).at, /^fit\(data/);
});

test("an intercept and its spread from one choice between two are not both known: the table says so instead of a number", async () => {
  const once = rowsOf(simulate({tier: "mnlIntercepts"}, {people: 200, situations: 1, seed: 9, alternatives: ["a", "b"]}).data);
  const {estimates: {rows: table}, notes, ending} = await fitMixedIntercepts(read(once), {attributes: [], rule: "gaussHermite", draws: 15});
  assert.ok(ending.converged);
  for (const {name, estimate, error, z, p, low, high, why} of table) {
    assert.ok(Number.isFinite(estimate), name);
    assert.deepEqual([error, z, p, low, high], [null, null, null, null, null], name);
    assert.match(why!, /flat/, name);
  }
  const note = notes.find(({code}) => code === "fit/flat");
  assert.ok(note?.text.includes("intercept[b]") && note.text.includes("sd[intercept[b]]"));
  assert.ok(notes.some(({code}) => code === "fit/weak-intercepts"));
});

test("no table holds a NaN, whatever is held, flat or at an edge", async () => {
  const fits = [
    await fitMixed(data, {...quick, hold: {"sd[price]": 0}}),
    await fitMixed(data, {...quick, covariance: "full", hold: {"chol[quality,price]": 0}}),
    await fitMixed(data, {...quick, hold: {price: -1, quality: 1}}),
    await fitMixed(data, {...quick, iterations: 1}),
    await fitMixed(data, {...quick, random: {price: "-lognormal"}})
  ];
  for (const {estimates: {rows: table}} of fits) {
    for (const row of table) {
      for (const [key, value] of Object.entries(row)) assert.ok(typeof value !== "number" || Number.isFinite(value), `${key} of ${row.name} is ${String(value)}`);
      if (row.error === null) assert.ok(row.why, row.name);
      else close(row.z!, row.estimate / row.error, 1e-14);
    }
  }
});

test("a fit in which everything is held is an evaluation", async () => {
  const {logLikelihood, ending, estimates: {rows: table}} = await fitMnl(data, {hold: {price: 0, quality: 0}});
  assert.ok(ending.converged);
  close(logLikelihood, -320 * Math.log(3), 1e-13);
  assert.ok(table.every(({error, why}) => error === null && why === "held"));
});

test("attributes and random given as one word, not a list, are refused in words", async () => {
  await refuses("model/not-a-list", () => fitMnl(data, {attributes: "price" as never}), "attributes");
  await refuses("model/not-a-list", () => fitMixed(data, {random: "price" as never}), "random");
});

test("a rule nobody knows is refused although multinomial logit needs none, and before the fit begins", () =>
  refuses("integrate/unknown-rule", () => fitMnl(data, {rule: "sobel" as never}), '"sobol"'));
