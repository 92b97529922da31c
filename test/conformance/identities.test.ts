import test from "node:test";
import assert from "node:assert/strict";
import type {ChoiceData} from "../../src/data/choiceData.js";
import {fit} from "../../src/estimate/fit.js";
import {fitMixed, fitMixedSlopes, fitMnl, fitMnlIntercepts, fitMnlSlopes} from "../../src/estimate/tiers.js";
import type {Fit} from "../../src/estimate/types.js";
import {estimates} from "../../src/infer/estimates.js";
import {simulate} from "../../src/simulate/simulate.js";
import {allClose, close, problem, read, refuses, rowsOf, somewhere, type Row} from "../support/world.js";

const world = simulate({tier: "mixed"}, {people: 80, situations: 4, seed: 21, available: 0.85});
const {data} = world;
const rows = rowsOf(data);
const alternatives = ["a", "b", "c"];
const quadrature = {rule: "gaussHermite", draws: 7} as const;

const byName = ({estimates: {rows: all}}: Fit) => Object.fromEntries(all.map(({name, estimate}) => [name, estimate]));
const errors = ({estimates: {rows: all}}: Fit) => Object.fromEntries(all.map(({name, error}) => [name, error]));

/** The same estimates and errors under the same names, in whatever order. */
function same(one: Fit, other: Fit, tolerance: number, rename = (name: string) => name): void {
  close(other.logLikelihood, one.logLikelihood, tolerance, "log-likelihood");
  const [a, b, ea, eb] = [byName(one), byName(other), errors(one), errors(other)];
  assert.equal(Object.keys(a).length, Object.keys(b).length);
  for (const name of Object.keys(a)) {
    close(b[rename(name)], a[name], tolerance, name);
    close(eb[rename(name)] ?? NaN, ea[name] ?? NaN, tolerance, `error of ${name}`);
  }
}

/** Rows in a random-looking order that is always the same. */
const shuffled = (all: readonly Row[]) => all.map((row, k) => ({row, at: (k * 7919) % 1009})).sort((p, q) => p.at - q.at).map(({row}) => row);

test("a spread held at zero is multinomial logit, to twelve digits", async () => {
  const [mixed, plain] = [problem(data, {tier: "mixed", hold: {"sd[price]": 0, "sd[quality]": 0}}, quadrature), problem(data, {tier: "mnlIntercepts"})];
  for (const seed of [1, 2, 3]) {
    const theta = somewhere(plain.found, seed);
    const one = await plain.objective.evaluate(theta, 2);
    const other = await mixed.objective.evaluate(Float64Array.of(...theta, 0, 0), 2);
    close(other.value, one.value, 1e-12);
    for (let p = 0; p < 4; ++p) close(other.gradient[p], one.gradient[p], 1e-10);
  }
  const [fitted, wanted] = [await fitMixed(data, {...quadrature, hold: {"sd[price]": 0, "sd[quality]": 0}}), await fitMnlIntercepts(data)];
  close(fitted.logLikelihood, wanted.logLikelihood, 1e-12);
  allClose(fitted.theta.slice(0, 4), wanted.theta, 1e-7);
});

test("every family with a spread of zero is a fixed coefficient", async () => {
  const plain = problem(data, {tier: "mnlIntercepts"});
  const wanted = (await plain.objective.evaluate(Float64Array.of(0.3, -0.2, 0.7, 0.5), 0)).value;
  for (const [family, location] of [["normal", 0.7], ["uniform", 0.7], ["triangular", 0.7], ["censored", 0.7], ["lognormal", Math.log(0.7)]] as const) {
    const {objective, names} = problem(data, {tier: "mixed", random: {price: family}}, quadrature);
    assert.equal(names.length, 5);
    close((await objective.evaluate(Float64Array.of(0.3, -0.2, location, 0.5, 0), 0)).value, wanted, 1e-12, family);
  }
});

test("a truncated normal of tiny spread is a fixed coefficient", async () => {
  const plain = problem(data, {tier: "mnlIntercepts"});
  const wanted = (await plain.objective.evaluate(Float64Array.of(0.3, -0.2, 0.7, 0.5), 0)).value;
  const {objective} = problem(data, {tier: "mixed", random: {price: "truncated"}}, quadrature);
  close((await objective.evaluate(Float64Array.of(0.3, -0.2, 0.7, 0.5, 1e-7), 0)).value, wanted, 1e-6);
});

test("a full covariance with nothing off its diagonal is the diagonal one", async () => {
  const [full, diagonal] = [problem(data, {tier: "mixed", covariance: "full"}), problem(data, {tier: "mixed"})];
  const a = await full.objective.evaluate(Float64Array.of(0.3, -0.2, 0.7, 0.5, 0.6, 0, 0.4), 0);
  const b = await diagonal.objective.evaluate(Float64Array.of(0.3, -0.2, 0.7, 0.5, 0.6, 0.4), 0);
  close(a.value, b.value, 1e-14);
});

test("one situation per person: the panel is the cross-section", async () => {
  const once = simulate({tier: "mixed"}, {people: 150, situations: 1, seed: 5}).data;
  assert.equal(once.panel, true);
  const how = {rule: "halton", draws: 10} as const;
  const [panel, cross] = [problem(once, {tier: "mixed"}, how), problem(once, {tier: "mixed", panel: false}, how)];
  const theta = somewhere(panel.found);
  const [a, b] = [await panel.objective.evaluate(theta, 2), await cross.objective.evaluate(theta, 2)];
  assert.equal(a.value, b.value);
  assert.deepEqual(a.gradient, b.gradient);
});

test("a panel of multinomial logit is its cross-section: only the scores are summed differently", async () => {
  const [panel, cross] = [await fitMnlIntercepts(data), await fitMnlIntercepts(read(rows, {person: undefined, alternatives}))];
  same(panel, cross, 1e-12);
  assert.equal(panel.scores.rows, 80);
  assert.equal(cross.scores.rows, 320);
});

test("reordering the rows of the table changes nothing: multinomial logit", async () => {
  same(await fitMnlSlopes(data), await fitMnlSlopes(read(shuffled(rows), {alternatives})), 1e-10);
});

test("reordering the rows of the table changes nothing: mixed logit by quadrature", async () => {
  same(await fitMixed(data, quadrature), await fitMixed(read(shuffled(rows), {alternatives}), quadrature), 1e-10);
});

test("reordering rows within people changes nothing with draws, too: a person keeps the draws", async () => {
  const within = data.people.flatMap((person) => shuffled(rows.filter((row) => row.person === String(person))));
  const how = {rule: "sobol", draws: 16} as const;
  const theta = somewhere(world.parameters);
  const [one, other] = [problem(data, {tier: "mixed"}, how), problem(read(within, {alternatives}), {tier: "mixed"}, how)];
  close((await other.objective.evaluate(theta, 0)).value, (await one.objective.evaluate(theta, 0)).value, 1e-12);
});

test("relabelling alternatives changes names and nothing else", async () => {
  const names: Record<string, string> = {a: "z", b: "y", c: "x"};
  const rename = (name: string) => name.replace(/\[([abc])\]/, (_, j: string) => `[${names[j]}]`);
  const relabelled = read(rows.map((row) => ({...row, alternative: names[row.alternative]})), {alternatives: ["x", "y", "z"]});
  same(await fitMnlSlopes(data, {base: "a"}), await fitMnlSlopes(relabelled, {base: "z"}), 1e-10, rename);
  same(await fitMixed(data, quadrature), await fitMixed(relabelled, {...quadrature, base: "z"}), 1e-10, rename);
});

for (const factor of [1000, 1e12, 1e-12]) {
  test(`a column times ${factor}: its coefficient is divided, the log-likelihood stays`, async () => {
    const scaled = read(rows.map((row) => ({...row, price: Number(row.price) * factor})), {alternatives});
    for (const [one, other] of [[await fitMnlIntercepts(data), await fitMnlIntercepts(scaled)], [await fitMixed(data, quadrature), await fitMixed(scaled, quadrature)]]) {
      assert.ok(other.ending.converged, other.ending.words);
      close(other.logLikelihood, one.logLikelihood, 1e-10);
      const [a, b, ea, eb] = [byName(one), byName(other), errors(one), errors(other)];
      for (const name of Object.keys(a)) {
        const by = name.includes("price") ? factor : 1;
        close(b[name] * by, a[name], 1e-7, name);
        close(eb[name]! * by, ea[name]!, 1e-7, `error of ${name}`);
      }
    }
  });
}

test("a lognormal coefficient's log shifts when its column is scaled", async () => {
  const how = {...quadrature, random: {price: "-lognormal", quality: "normal"}} as const;
  const one = await fitMixed(data, how);
  const other = await fitMixed(read(rows.map((row) => ({...row, price: Number(row.price) * 100})), {alternatives}), how);
  close(other.logLikelihood, one.logLikelihood, 1e-9);
  close(byName(other).price + Math.log(100), byName(one).price, 1e-5);
  close(byName(other)["sd[price]"], byName(one)["sd[price]"], 1e-5);
});

test("a constant added to an attribute within each situation changes nothing", async () => {
  const moved = read(rows.map((row) => ({...row, price: Number(row.price) + (Number(String(row.situation).slice(1)) % 17) - 8})), {alternatives});
  same(await fitMnlIntercepts(data), await fitMnlIntercepts(moved), 1e-10);
  same(await fitMixed(data, quadrature), await fitMixed(moved, quadrature), 1e-9);
});

test("probabilities sum to one: each alternative in turn as the one chosen", async () => {
  const menu = rows.filter((row) => row.situation === "s0" || row.situation === "s1");
  const others = menu.filter((row) => row.situation === "s0");
  assert.ok(others.length > 1);
  for (const [specification, how] of [[{tier: "mnlIntercepts"}, {}], [{tier: "mixed"}, quadrature], [{tier: "mixed", covariance: "full", random: {price: "-lognormal", quality: "triangular"}}, quadrature]] as const) {
    let sum = 0;
    for (const {alternative} of others) {
      // One situation of one person, in which this alternative was chosen.
      const single = read(others.map((row) => ({...row, chosen: row.alternative === alternative ? 1 : 0})), {alternatives: others.map((row) => String(row.alternative))});
      const {objective, found} = problem(single, specification, how);
      sum += Math.exp((await objective.evaluate(somewhere(found), 0)).value);
    }
    close(sum, 1, 1e-14, JSON.stringify(specification));
  }
});

test("with an intercept per alternative, multinomial logit predicts the shares that were observed, and attributes' totals", async () => {
  const {theta, design: {columns, z}} = await fitMnlIntercepts(data);
  const C = columns.length;
  const [observed, predicted] = [new Float64Array(3), new Float64Array(3)];
  const totals = [new Float64Array(C), new Float64Array(C)];
  for (let n = 0; n < data.chosen.length; ++n) {
    const range = Array.from({length: data.situation[n + 1] - data.situation[n]}, (_, k) => data.situation[n] + k);
    const e = range.map((row) => Math.exp(columns.reduce((v, _, c) => v + z[row * C + c] * theta[c], 0)));
    const sum = e.reduce((a, b) => a + b);
    range.forEach((row, k) => {
      predicted[data.alternative[row]] += e[k] / sum;
      for (let c = 0; c < C; ++c) totals[0][c] += (e[k] / sum) * z[row * C + c];
    });
    observed[data.alternative[data.chosen[n]]] += 1;
    for (let c = 0; c < C; ++c) totals[1][c] += z[data.chosen[n] * C + c];
  }
  allClose(predicted, observed, 1e-8);
  allClose(totals[0], totals[1], 1e-8);
});

test("an alternative that is never on offer changes nothing", async () => {
  const ghosts = rows.filter((row, k) => k === 0 || row.situation !== rows[k - 1].situation).map((row) => ({...row, alternative: "ghost", chosen: 0, price: 99, quality: -99}));
  const haunted = read([...rows.map((row) => ({...row, available: 1})), ...ghosts.map((row) => ({...row, available: 0}))], {available: "available"});
  same(await fitMnl(data), await fitMnl(haunted), 1e-12);
  same(await fitMixed(data, {...quadrature, intercepts: false}), await fitMixed(haunted, {...quadrature, intercepts: false}), 1e-12);
});

test("a weight of two is the same as being there twice, and a weight of zero as not being there", async () => {
  const heavy = (person: unknown) => [0, 1, 2][Number(person) % 3];
  const weighted = read(rows.map((row) => ({...row, weight: heavy(row.person)})), {weights: "weight", alternatives});
  const copies = read(rows.flatMap((row) => Array.from({length: heavy(row.person)}, (_, k) => ({...row, weight: 1, person: `${row.person}/${k}`, situation: `${row.situation}/${k}`}))), {alternatives});
  same(await fitMnlIntercepts(copies), await fitMnlIntercepts(weighted), 1e-9);
  same(await fitMixed(copies, quadrature), await fitMixed(weighted, quadrature), 1e-8);
});

test("a weight of two is the same as being there twice in the outer product of scores, too", async () => {
  const heavy = (person: unknown) => 1 + (Number(person) % 3);
  const weighted = read(rows.map((row) => ({...row, weight: heavy(row.person)})), {weights: "weight", alternatives});
  const copies = read(rows.flatMap((row) => Array.from({length: heavy(row.person)}, (_, k) => ({...row, weight: 1, person: `${row.person}/${k}`, situation: `${row.situation}/${k}`}))), {alternatives});
  for (const [run, tolerance] of [[(some: ChoiceData) => fitMnlIntercepts(some, {errors: "opg"}), 1e-9], [(some: ChoiceData) => fitMixed(some, {...quadrature, errors: "opg"}), 1e-7]] as const) {
    const [one, other] = [await run(copies), await run(weighted)];
    assert.equal(other.estimates.errors, "opg");
    same(one, other, tolerance);
  }
});

const light = ({person}: Row) => (Number(person) % 5 === 0 ? 0 : 1);

for (const [words, how] of [["multinomial logit", {tier: "mnlIntercepts"}], ["quadrature", {tier: "mixed", ...quadrature}], ["Halton draws", {tier: "mixed", rule: "halton", draws: 20}], ["draws fresh in every situation", {tier: "mixed", rule: "halton", draws: 20, panel: false}]] as const) {
  const village = ({person}: Row) => (Number(person) % 5 === 0 ? "ghost town" : `v${Number(person) % 7}`);
  const lived = rows.map((row) => ({...row, village: village(row), weight: light(row)}));
  const options = {alternatives, attributes: ["price", "quality"], clusters: "village"};
  const both = () => Promise.all([fit(read(lived.filter(light), options), how), fit(read(lived, {...options, weights: "weight"}), how)]);

  test(`people of weight zero change no estimate, error, criterion or note: ${words}`, async () => {
    const [without, ghosts] = await both();
    for (const kind of ["hessian", "opg", "robust"] as const) {
      const [one, other] = [estimates(without, {errors: kind}), estimates(ghosts, {errors: kind})];
      allClose(other.rows.map(({estimate}) => estimate), one.rows.map(({estimate}) => estimate), 1e-10, `estimates, ${kind}`);
      allClose(other.rows.map(({error}) => error ?? NaN), one.rows.map(({error}) => error ?? NaN), 1e-9, `errors, ${kind}`);
    }
    for (const fact of ["logLikelihood", "logLikelihoodAtZero", "logLikelihoodAtShares", "rho2", "aic"] as const) close(ghosts[fact], without[fact], 1e-10, fact);
    assert.deepEqual(ghosts.integration, without.integration);
    assert.deepEqual(ghosts.notes, without.notes);
  });

  test(`people of weight zero are not counted, as people, clusters or situations: ${words}`, async () => {
    const [without, ghosts] = await both();
    close(ghosts.bic, without.bic, 1e-10, "BIC");
    for (const kind of ["opg", "robust", "clustered"] as const) {
      const [one, other] = [estimates(without, {errors: kind}), estimates(ghosts, {errors: kind})];
      allClose(other.rows.map(({error}) => error ?? NaN), one.rows.map(({error}) => error ?? NaN), 1e-9, `errors, ${kind}`);
      assert.equal(other.words, one.words);
    }
  });
}

test("rows of weight zero neither identify a column nor keep it from separating choices", async () => {
  const only = (value: (row: Row) => number) => read(rows.map((row) => ({...row, extra: value(row), weight: light(row)})), {weights: "weight", alternatives});
  const uneven = (row: Row) => (row.alternative === "a" ? 1 : 0) + Number(row.person) / 100;
  // Among those who count, `extra` is constant, or a copy of price, or what they chose.
  await refuses("identify/constant", () => fitMnl(only((row) => (light(row) ? 3 : uneven(row)))), "extra");
  await refuses("identify/no-variation", () => fitMnl(only((row) => (light(row) ? Number(row.person) : uneven(row)))), "extra");
  await refuses("identify/collinear", () => fitMnl(only((row) => (light(row) ? 2 * Number(row.price) : uneven(row)))), "extra = 2 price");
  await refuses("identify/separation", () => fitMnl(only((row) => (light(row) ? Number(row.chosen) : 1 - Number(row.chosen)))), "extra");
  // The other way round they spoil nothing.
  const fine = await fitMnl(only((row) => (light(row) ? uneven(row) * Number(row.quality) : Number(row.chosen))));
  assert.ok(fine.ending.converged, fine.ending.words);
});

test("a start with a negative spread ends in the other mode of finitely many draws: a note says so, the table shows it positive", async () => {
  const how = {rule: "halton", draws: 15} as const;
  const [plain, turned] = [await fitMixed(data, how), await fitMixed(data, {...how, start: {"sd[price]": -0.8}})];
  const at = turned.parameters.findIndex(({name}) => name === "sd[price]");
  assert.ok(plain.ending.converged && turned.ending.converged);
  assert.ok(plain.theta[at] > 0);
  assert.deepEqual(plain.notes.filter(({code}) => code === "fit/mode"), []);
  assert.ok(turned.theta[at] < -0.1, `${turned.theta[at]}`);
  const row = turned.estimates.rows.find(({name}) => name === "sd[price]")!;
  assert.equal(row.estimate, -turned.theta[at]);
  assert.ok(row.error! > 0 && row.z! > 0 && row.high! > row.estimate);
  const [note, ...more] = turned.notes.filter(({code}) => code === "fit/mode");
  assert.deepEqual(more, []);
  assert.match(note.text, /sd\[price\] negative/);
  // Two summits, nearly as high.
  assert.ok(Math.abs(turned.logLikelihood - plain.logLikelihood) > 1e-6);
  close(turned.logLikelihood, plain.logLikelihood, 0.02);
});

test("at the optimum the scores sum to zero, in units of their own size", async () => {
  for (const done of [await fitMnlSlopes(data), await fitMixed(data, {...quadrature, covariance: "full"}), await fitMixed(data, {rule: "sobol", draws: 32})]) {
    assert.ok(done.ending.converged);
    for (let f = 0; f < done.scores.columns; ++f) {
      const column = done.scores.getColumn(f);
      close(column.reduce((a, b) => a + b) / Math.hypot(...column), 0, 1e-7, done.parameters[done.free[f]].name);
    }
  }
});

test("permuting random columns changes nothing under quadrature", async () => {
  same(await fitMixed(data, {...quadrature, attributes: ["price", "quality"]}), await fitMixed(data, {...quadrature, attributes: ["quality", "price"]}), 1e-8);
});

test("the base alternative does not touch the log-likelihood: intercepts shift, slopes stay", async () => {
  for (const [a, b, tolerance] of [[await fitMnlIntercepts(data), await fitMnlIntercepts(data, {base: "c"}), 1e-10], [await fitMixed(data, quadrature), await fitMixed(data, {...quadrature, base: "c"}), 1e-8]] as const) {
    close(b.logLikelihood, a.logLikelihood, 1e-12);
    const [one, other] = [byName(a), byName(b)];
    close(other["intercept[a]"], -one["intercept[c]"], tolerance);
    close(other["intercept[b]"], one["intercept[b]"] - one["intercept[c]"], tolerance);
    close(other.price, one.price, tolerance);
  }
});

test("the same seed gives the same bits, another seed other bits", async () => {
  const how = {rule: "sobol", draws: 32} as const;
  const [one, again, other] = [await fitMixed(data, {...how, seed: 4}), await fitMixed(data, {...how, seed: 4}), await fitMixed(data, {...how, seed: 5})];
  assert.deepEqual(again.theta, one.theta);
  assert.equal(again.logLikelihood, one.logLikelihood);
  assert.deepEqual(again.hessian.to1DArray(), one.hessian.to1DArray());
  assert.notEqual(other.logLikelihood, one.logLikelihood);
  // Scrambled differently, and yet the same integral.
  close(other.logLikelihood, one.logLikelihood, 0.05);
});

test("the seed says nothing under quadrature", async () => {
  assert.equal((await fitMixed(data, {...quadrature, seed: 4})).logLikelihood, (await fitMixed(data, {...quadrature, seed: 5})).logLikelihood);
});

test("slopes by alternative that are made equal are one slope", async () => {
  const [many, one] = [problem(data, {tier: "mnlSlopes"}), problem(data, {tier: "mnlIntercepts"})];
  assert.deepEqual(many.names, ["intercept[b]", "intercept[c]", "price[a]", "price[b]", "price[c]", "quality[a]", "quality[b]", "quality[c]"]);
  close((await many.objective.evaluate(Float64Array.of(0.2, 0.1, -1, -1, -1, 0.5, 0.5, 0.5), 0)).value, (await one.objective.evaluate(Float64Array.of(0.2, 0.1, -1, 0.5), 0)).value, 1e-13);
});

test("an outside option is an alternative whose utility is zero, whether its rows are in the table or added", async () => {
  const {data: with0} = simulate({tier: "mnl"}, {people: 60, situations: 3, seed: 9, outside: "none"});
  const all = rowsOf(with0);
  const bare = all.filter((row) => row.alternative !== "none");
  const [listed, added] = [read(all, {outside: "none", alternatives: ["none", "a", "b", "c"]}), read(bare, {outside: "none", alternatives: ["a", "b", "c"]})];
  const [one, other] = [await fitMnl(listed), await fitMnl(added)];
  assert.deepEqual(one.parameters.map(({name}) => name), ["intercept", "price", "quality"]);
  close(other.logLikelihood, one.logLikelihood, 1e-12);
  allClose(other.theta, one.theta, 1e-10);
});

test("nothing varies within people when the spreads within are held at zero: tier seven is tier six", async () => {
  const {data: few} = simulate({tier: "mixedSlopes"}, {people: 40, situations: 4, seed: 2, alternatives: ["a", "b"], attributes: ["price"]});
  const [six, seven] = [problem(few, {tier: "mixedSlopes"}, {rule: "halton", draws: 20}), problem(few, {tier: "mixedDynamic"}, {rule: "halton", draws: 20})];
  const theta = somewhere(six.found);
  close((await seven.objective.evaluate(Float64Array.of(...theta, 0, 0), 0)).value, (await six.objective.evaluate(theta, 0)).value, 1e-13);
  assert.equal((await fitMixedSlopes(few, {rule: "halton", draws: 20})).tier, "mixedSlopes");
});

test("two intercept conventions of fit agree: fit with a tier is the function with the tier's name", async () => {
  const [one, other] = [await fit(data, {tier: "mnlSlopes"}), await fitMnlSlopes(data)];
  assert.deepEqual(one.theta, other.theta);
});
