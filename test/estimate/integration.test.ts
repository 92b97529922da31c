import assert from "node:assert/strict";
import test from "node:test";
import {ChoiceError, datasets, fitMixed, fromLong, howManyDraws, simulate, type Fit, type FitOptions} from "../../src/index.js";
import {close} from "../support/world.js";

const world = (dimensions: number, people: number, situations: number, seed = 3, truth: Record<string, number> = {}) =>
  simulate({tier: "mixed", intercepts: false}, {people, situations, attributes: ["p", "q", "r", "s"].slice(0, dimensions), seed, truth}).data;
const rms = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
/** Distance of two fits of one model, root mean square in standard errors of the second. */
const distance = (a: Fit, b: Fit) => rms(b.estimates.rows.map(({estimate, error}, r) => (a.estimates.rows[r].estimate - estimate) / error!));

test("by default, a panel with six normals comes within the accuracy asked for, and says so", async () => {
  const data = fromLong(await datasets.electricity.columns(), {person: "id", situation: "chid", alternative: "alt", chosen: "choice"});
  const found = await fitMixed(data, {intercepts: false});
  const {integration} = found;
  assert.ok(found.ending.converged, found.ending.words);
  assert.equal(integration.method, "centred");
  assert.ok(integration.simulation!.certified && integration.simulation!.rms <= 0.05);
  // 8192 centred nodes for each person, by four seeds: -3878.90 ± 0.01.
  assert.ok(Math.abs(found.logLikelihood + 3878.9) < 4 * integration.simulation!.logLikelihood + 0.02, `${found.logLikelihood} ± ${integration.simulation!.logLikelihood}`);
  assert.ok(integration.effective!.least > 0.2 * integration.draws, `${integration.effective!.least} of ${integration.draws}`);
  assert.equal(integration.effective!.worst!.length, 5);
  assert.equal(integration.effective!.worst![0].effective, integration.effective!.least);
  assert.ok(integration.work! < 8000, `${integration.work} nodes for each person`);
  assert.match(found.toText(), /256 draws/);
});

for (const [what, options, least] of [["centred draws", {draws: 32}, 0.02], ["plain draws", {rule: "sobol", draws: 64}, 0.1]] as const) {
  test(`${what}: over twenty seeds, estimates and log-likelihoods vary by as much as each fit says`, async () => {
    const data = world(3, 80, 6);
    const fits: Fit[] = [];
    for (let seed = 1; seed <= 20; ++seed) fits.push(await fitMixed(data, {intercepts: false, seed, ...options}));
    const spread = (f: (fit: Fit) => number) => {
      const values = fits.map(f);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
    };
    const told = (f: (fit: Fit) => number) => fits.reduce((sum, fit) => sum + f(fit) ** 2, 0) / fits.length;
    const P = fits[0].free.length;
    const errors = fits[0].estimates.rows.map(({error}) => error!);
    const ratios = errors.map((_, p) => spread((fit) => fit.estimates.rows[p].estimate) / told((fit) => fit.integration.simulation!.estimates[p]));
    // Twenty seeds tell a variance to a third; the mean of six of them, not independent, to a fifth or so.
    const ratio = Math.sqrt(ratios.reduce((sum, v) => sum + v, 0) / P);
    assert.ok(ratio > 0.7 && ratio < 1.4, `estimates vary ${ratio} times as much as told`);
    const value = Math.sqrt(spread((fit) => fit.logLikelihood) / told((fit) => fit.integration.simulation!.logLikelihood));
    assert.ok(value > 0.6 && value < 1.6, `log-likelihoods vary ${value} times as much as told`);
    assert.ok(rms(errors.map((error, p) => Math.sqrt(spread((fit) => fit.estimates.rows[p].estimate)) / error)) > least, "there is something to tell");
  });
}

test("few plain draws are too low in log-likelihood by what the fit says", async () => {
  const data = world(3, 80, 6);
  const exact = await fitMixed(data, {intercepts: false, draws: 2048});
  const options = (seed: number) => ({intercepts: false, rule: "monteCarlo", draws: 100, seed, start: exact}) as const;
  let [off, told] = [0, 0];
  for (let seed = 1; seed <= 100; ++seed) off += ((await fitMixed(data, {...options(seed), seconds: 1e-9})).logLikelihood - exact.logLikelihood) / 100; // where it starts
  for (let seed = 1; seed <= 6; ++seed) told += (await fitMixed(data, options(seed))).integration.simulation!.bias / 6;
  assert.ok(off < -0.5, `${off}`);
  assert.ok(told / off > 0.6 && told / off < 1.6, `off by ${off}, told ${told}`);
});

for (const [what, data] of [["one dimension, one situation", world(1, 600, 1, 5, {"sd[p]": 2})], ["one dimension, a panel", world(1, 80, 8)], ["two dimensions, one situation", world(2, 600, 1)], ["two dimensions, a panel", world(2, 80, 8, 5, {"sd[p]": 2, "sd[q]": 2})]] as const) {
  test(`${what}: the default comes as near to the trapezoid rule as it says`, async () => {
    const found = await fitMixed(data, {intercepts: false});
    const exact = await fitMixed(data, {intercepts: false, rule: "trapezoid", draws: what.startsWith("one") ? 191 : 61, start: found});
    assert.ok(found.integration.simulation!.certified, "certified");
    const off = distance(found, exact);
    assert.ok(off < 2 * found.integration.simulation!.rms + 1e-4, `${off} standard errors off, ${found.integration.simulation!.rms} told`);
  });
}

for (const family of ["lognormal", "-lognormal", "uniform", "triangular", "-exponential", "-truncated"] as const) {
  test(`${family}: the default comes as near to the trapezoid rule as it says`, async () => {
    const {data} = simulate({tier: "mixed", intercepts: false, random: {p: family}}, {people: 120, situations: 6, attributes: ["p", "q"], seed: 9});
    const options = {intercepts: false, random: {p: family, q: "normal"}} as const;
    const found = await fitMixed(data, options);
    assert.ok(found.ending.converged, found.ending.words);
    const exact = await fitMixed(data, {...options, rule: "trapezoid", draws: 61, start: found});
    close(found.logLikelihood, exact.logLikelihood, 5e-4, family);
    if (exact.ending.converged && exact.notes.every(({code}) => code !== "fit/zero-spread")) assert.ok(distance(found, exact) < 0.1, `${distance(found, exact)}`);
  });
}

test("a censored coefficient is averaged over draws, whose kinks are many and small", async () => {
  const {data} = simulate({tier: "mixed", intercepts: false, random: {p: "-censored"}}, {people: 120, situations: 6, attributes: ["p"], seed: 9});
  const found = await fitMixed(data, {intercepts: false, random: {p: "-censored"}});
  const exact = await fitMixed(data, {intercepts: false, random: {p: "-censored"}, rule: "trapezoid", draws: 1001, start: found});
  assert.equal(found.integration.method, "centred");
  close(found.logLikelihood, exact.logLikelihood, 5e-4);
});

test("variation within people beside centred nodes between them", async () => {
  const {data} = simulate({tier: "mixedDynamic"}, {people: 60, situations: 6, seed: 31, alternatives: ["a"], outside: "none", attributes: ["price"]});
  const options = {tier: "mixedDynamic", ruleWithin: "gaussHermite", drawsWithin: 7} as const;
  const {tier: _, ...rest} = options;
  const {fitMixedDynamic} = await import("../../src/index.js");
  const found = await fitMixedDynamic(data, rest);
  const plain = await fitMixedDynamic(data, {...rest, rule: "gaussHermite", draws: 31, start: found});
  assert.ok(found.ending.converged, found.ending.words);
  close(found.logLikelihood, plain.logLikelihood, 1e-4);
});

test("the path is one story: numbered steps, passes that follow each other, and within a pass never down", async () => {
  const {path, ending} = await fitMixed(world(3, 80, 6), {intercepts: false});
  assert.ok(ending.converged);
  assert.match(ending.words, new RegExp(`${path.length - 1} steps`));
  path.forEach((step, k) => {
    assert.equal(step.iteration, k);
    if (!k) return;
    const before = path[k - 1];
    assert.ok(step.pass === before.pass || step.pass! > before.pass!);
    assert.ok(step.seconds >= before.seconds);
    if (step.pass === before.pass) assert.ok(step.logLikelihood >= before.logLikelihood - 1e-9);
  });
  assert.ok(path[path.length - 1].pass! > 1);
});

test("limits hold over all passes together, and the endings keep their meaning", async () => {
  const data = world(3, 80, 6);
  const short = await fitMixed(data, {intercepts: false, iterations: 3});
  assert.deepEqual([short.ending.code, short.path.length], ["iterations", 4]);
  assert.equal(short.logLikelihood, short.path[3].logLikelihood);
  const none = await fitMixed(data, {intercepts: false, seconds: 1e-9});
  assert.equal(none.ending.code, "time");
  const stop = new AbortController();
  const stopped = await fitMixed(data, {intercepts: false, signal: stop.signal, progress: ({iteration}) => { if (iteration === 2) stop.abort(); }});
  assert.equal(stopped.ending.code, "stopped");
  assert.ok(Number.isFinite(stopped.logLikelihood) && stopped.theta.every(Number.isFinite));
  const rest = await fitMixed(data, {intercepts: false, start: stopped});
  assert.ok(rest.ending.converged && rest.integration.simulation!.certified);
});

test("the same seed gives the same bits, another seed another fit", async () => {
  const data = world(3, 80, 6);
  const [a, b, c] = [await fitMixed(data, {intercepts: false, draws: 32}), await fitMixed(data, {intercepts: false, draws: 32}), await fitMixed(data, {intercepts: false, draws: 32, seed: 2})];
  assert.deepEqual(a.theta, b.theta);
  assert.equal(a.logLikelihood, b.logLikelihood);
  assert.notEqual(a.logLikelihood, c.logLikelihood);
});

test("too few draws are said to be too few, in words; draws asked for are not exceeded", async () => {
  const few = await fitMixed(world(4, 80, 6), {intercepts: false, draws: 16});
  assert.equal(few.integration.draws, 16);
  assert.equal(few.integration.simulation!.certified, false);
  const note = few.notes.find(({code}) => code === "fit/integration")!;
  assert.equal(note.level, "warning");
  assert.match(note.text, /16 draws .* standard errors from those of exact integrals .*0\.05 was asked for.*Raise draws/);
  const plain = await fitMixed(world(4, 80, 6), {intercepts: false, rule: "halton", draws: 50});
  assert.match(plain.notes.find(({code}) => code === "fit/integration")!.text, /integration: "auto"/);
});

test("how many draws: the number recommended brings the error down to the target, about", async () => {
  const data = world(4, 100, 6);
  const few = await fitMixed(data, {intercepts: false, draws: 64});
  const advice = await howManyDraws(few, {target: 0.02});
  assert.equal(Math.log2(advice.draws) % 1, 0);
  assert.deepEqual(advice.table.map(({draws}) => draws), [16, 32, 64]);
  assert.ok(advice.table[0].rms > advice.table[2].rms && advice.rate >= 0.5 && advice.rate <= 1.5);
  assert.match(advice.toText(), new RegExp(`${advice.draws} draws bring the estimates within 0\\.02`));
  const fine = await fitMixed(data, {intercepts: false, draws: advice.draws, accuracy: 0.02});
  // Rounding up to a power of two lowers it by up to a half; five sets tell it to a fifth.
  assert.ok(fine.integration.simulation!.rms < 0.03 && fine.integration.simulation!.rms > 0.004, `${fine.integration.simulation!.rms} with ${advice.draws}`);
  const easy = await howManyDraws(few, {target: 1});
  assert.ok(easy.draws < advice.draws);
  const grid = await fitMixed(data, {intercepts: false, random: ["p"]});
  assert.equal(grid.integration.method, "adaptive");
  const instead = await howManyDraws(grid, {target: 0.02});
  const drawn = await fitMixed(data, {intercepts: false, random: ["p"], draws: instead.draws, accuracy: 0.02});
  assert.ok(distance(drawn, grid) < 0.06, `${distance(drawn, grid)} with ${instead.draws}`);
  assert.equal(instead.method, "centred");
  const product = await fitMixed(data, {intercepts: false, random: ["p"], rule: "gaussHermite", draws: 15});
  for (const [wrong, code] of [[product, "estimate/no-draws"], [few, "options/number"]] as const) {
    await assert.rejects(howManyDraws(wrong, code === "options/number" ? {target: -1} : {}), (error: ChoiceError) => error.code === code);
  }
});

test("several starts: those that lead to one summit are one basin, whatever the signs of spreads", async () => {
  const data = world(2, 80, 8);
  const many = await fitMixed(data, {intercepts: false, starts: 4, draws: 64, start: {"sd[p]": -0.7}});
  assert.equal(many.basins!.reduce((sum, {starts}) => sum + starts, 0), 4);
  assert.deepEqual(many.basins!.map(({taken}) => taken), many.basins!.map((_, k) => k === 0));
  assert.equal(many.basins!.length, 1);
  const one = await fitMixed(data, {intercepts: false, draws: 64});
  assert.equal(one.basins, undefined);
  assert.ok(distance(many, one) < 0.1, `${distance(many, one)}`);
});

test("ways to integrate that contradict each other are refused at the door", async () => {
  const data = world(1, 20, 2);
  const wrong: readonly (readonly [FitOptions, RegExp])[] = [
    [{integration: "centered" as never}, /"centred"/],
    [{integration: "centred", rule: "halton"}, /beside a rule/],
    [{integration: "auto", draws: 100}, /beside draws/],
    [{integration: "adaptive", rule: "gaussHermite"}, /beside a rule/]
  ];
  for (const [options, words] of wrong) await assert.rejects(fitMixed(data, options), (error: ChoiceError) => error.code === "options/integration" && words.test(error.message));
  for (const options of [{accuracy: 0}, {accuracy: -1}, {starts: 0}, {starts: 1.5}]) await assert.rejects(fitMixed(data, options), {code: "options/number"});
});

test("adaptive quadrature by request, with as many points as asked for", async () => {
  const data = world(3, 60, 6);
  const {integration} = await fitMixed(data, {intercepts: false, integration: "adaptive", draws: 7});
  assert.deepEqual([integration.method, integration.draws, integration.shared, integration.exact], ["adaptive", 343, true, true]);
});

test("at whatever step a fit is stopped, it says stopped", async () => {
  const data = world(3, 80, 6);
  const {path} = await fitMixed(data, {intercepts: false, threads: 1});
  for (let k = 0; k < path.length - 1; ++k) {
    const stop = new AbortController();
    const stopped = await fitMixed(data, {intercepts: false, threads: 1, signal: stop.signal, progress: ({iteration}) => { if (iteration === k) stop.abort(); }});
    assert.equal(stopped.ending.code, "stopped", `step ${k}`);
    assert.ok(Number.isFinite(stopped.logLikelihood));
  }
});

test("where everything is held there is nothing to be exact about: the first rule serves", async () => {
  const {integration} = await fitMixed(world(1, 60, 5), {intercepts: false, threads: 1, hold: {p: 0.5, "sd[p]": 1}});
  assert.deepEqual([integration.method, integration.draws, integration.simulation!.rms], ["adaptive", 9, 0]);
});

test("adaptive quadrature stays what was asked for; a fit that was stopped is asked for no draws", async () => {
  const {integration} = await fitMixed(world(1, 60, 5), {intercepts: false, threads: 1, integration: "adaptive", accuracy: 1e-18});
  assert.equal(integration.method, "adaptive");
  assert.match(integration.simulation!.limit!, /points/);
  const stop = new AbortController();
  const stopped = await fitMixed(world(1, 60, 5), {intercepts: false, draws: 64, signal: stop.signal, progress: () => stop.abort()});
  await assert.rejects(howManyDraws(stopped), {code: "estimate/not-at-optimum"});
});
