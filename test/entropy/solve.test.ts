import assert from "node:assert/strict";
import test from "node:test";
import {datasets} from "../../src/data/datasets.js";
import {cells, errors, probabilities} from "../../src/entropy/cells.js";
import {dualPoint, largestTotals} from "../../src/entropy/dualPoint.js";
import type {Noise, Programme, Signal} from "../../src/entropy/programme.js";
import type {Solution} from "../../src/entropy/solution.js";
import {solve} from "../../src/entropy/solve.js";
import {dualKernel} from "../../src/kernels/dual.js";
import {source} from "../../src/math/random.js";
import {digits} from "../support/lre.js";
import {chosen4, chosen5, chosen6, even, noise, prices, programmeOf, randomProgramme, shannon, supports, x4, x5, z6} from "../support/programmes.js";
import {allClose, close} from "../support/world.js";
import {reference, worldRows} from "../support/worlds.js";

const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const away = (a: ArrayLike<number>, b: ArrayLike<number>) => largest(Array.from(a, (v, k) => v - b[k]));
/** - sum x ln x. */
const entropy = (p: ArrayLike<number>) => -Array.from(p).reduce((sum, v) => sum + (v > 0 ? v * Math.log(v) : 0), 0);

/** That a solution is one: residuals and gap at rounding. */
function proved({certificate: {gap, moments, addingUp, errorSum}, ending}: Solution, tolerance = 1e-12): void {
  assert.equal(ending, "converged");
  for (const [what, residual] of Object.entries({gap, moments, addingUp, errorSum})) assert.ok(residual <= tolerance, `${what}: ${residual}`);
}

// lambda, D, sum x p: a 1-D dual by Newton in double precision and a primal by sequential quadratic programming, to 1e-9 and better.
const fixtures: readonly (readonly [string, Signal, Noise | undefined, number, number, number])[] = [
  ["M = 2", supports(2), undefined, 2.428946137, 5.530604848486, 5.3],
  ["M = 3", supports(3), undefined, 3.811878176424, 8.897325325163, 5.3],
  ["M = 5", supports(5), undefined, 5.45263354002, 13.377519118809, 5.3],
  ["M = 11", supports(11), undefined, 7.584799606871, 20.930127571287, 5.3],
  ["M = 5, u = ±1", supports(5), noise(1, false), 0.065474481169, 31.060771732994, 7.3611289989],
  ["M = 5, u = ±1, tied", supports(5), noise(1, true), 0.505284779006, 30.607035835046, 7.1025189496],
  ["M = 5, u = ±1/2", supports(5), noise(0.5, false), 0.250734807974, 30.868002049354, 7.2515015473],
  ["M = 2, u = ±1", supports(2), noise(1, false), 0.064190614025, 20.75425009933, 7.3210435501],
  ["M = 2, u = ±1, tied", supports(2), noise(1, true), 0.436909553911, 20.368255414530, 6.8719892837],
  ["shannon", shannon, undefined, 1.51484787309, 3.02409309449, 5.3],
  ["shannon, u = ±1", shannon, noise(1, false), 0.063001899413, 17.511770061772, 7.2839116222],
  ["shannon, u = ±1/2", shannon, noise(0.5, false), 0.217930215378, 17.350273437557, 7.0024699428],
  ["shannon, u = ±1, tied", shannon, noise(1, true), 0.388306701121, 17.174766249062, 6.7046727267]
];

for (const [what, signal, noise, lambda, value, total] of fixtures) {
  test(`one total of four situations, ${what}`, async () => {
    const programme = programmeOf({z: prices(x4), chosen: chosen4, signal, noise});
    const found = await solve(programme);
    proved(found);
    close(found.lambda[0], lambda, 1e-9);
    close(found.value, value, 1e-11);
    close(probabilities(programme, found).reduce((sum, p, row) => sum + p * programme.z[row], 0), total, 1e-9);
    assert.ok(found.iterations <= 8, `${found.iterations} steps`);
  });
}

test("the same in detail: probabilities, errors, mu and entropies", async () => {
  const programme = programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5), noise: noise(1, false)});
  const found = await solve(programme);
  allClose(probabilities(programme, found), [.340368225459, .333301151298, .326330623244, .329827635871, .336847076790, .333325287339, .326330623244, .340368225459, .333301151298, .334722371211, .327732125228, .337545503562], 1e-11);
  allClose(errors(programme, found).slice(0, 3), [-.043618496046, -.087050735566, -.130113891604], 1e-11);
  allClose(found.mu, [1.272391492624, 1.272166359443, 1.272391492624, 1.311532465604], 1e-11);
  close(found.entropy.signal, 17.944757238744, 1e-12);
  close(found.entropy.noise, 13.116014494251, 1e-12);
  const none = programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5)});
  allClose(probabilities(none, await solve(none)).slice(0, 3), [.768882175822, .196395517262, .034722306916], 1e-11);
});

test("curvature at no multipliers, and gradient and curvature on the way", async () => {
  const at = async (programme: Programme, lambda: number) => dualPoint(programme, largestTotals(programme), Float64Array.of(lambda), await (await dualKernel(programme)).evaluate({kind: "settle", lambda: Float64Array.of(lambda)}));
  const bare = programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5)});
  const noisy = {...bare, noise: noise(1, false)};
  const spread = cells(bare, {lambda: Float64Array.of(0), mu: (await solve({...bare, moments: 0, z: new Float64Array(0), targets: new Float64Array(0)})).mu, nu: new Float64Array(4)}, 0).spread;
  close(spread[0], 0.107212063457, 1e-11);
  const [signal, both] = [(await at(bare, 0)).curvature[0], (await at(noisy, 0)).curvature[0]];
  close(signal, 0.593954831550, 1e-11);
  close(both - signal, 31.613333333333, 1e-10);
  const { gradient, curvature } = await at(noisy, 0.37);
  close(gradient[0], 8.500645031382, 1e-11);
  close(curvature[0], 22.728429365833, 1e-11);
});

test("cross-entropy: priors on supports, errors and alternatives", async () => {
  const logs = (...q: number[]) => Float64Array.from(q, Math.log);
  const seed = programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5, [.4, .3, .15, .1, .05]), noise: {support: {points: Float64Array.of(-1, 0, 1), logPrior: logs(.2, .6, .2)}, sumToZero: false}});
  const found = await solve(seed);
  proved(found);
  close(found.lambda[0], 0.107794459877, 1e-11);
  close(found.value, -0.335808910736, 1e-11);
  allClose(probabilities(seed, found).slice(0, 3), [.344224675125, .333253066064, .322522258811], 1e-11);
  const logit = programmeOf({z: prices(x4), chosen: chosen4, signal: {kind: "shannon", logPrior: Float64Array.from({length: 12}, (_, row) => Math.log([.5, .3, .2][row % 3]))}});
  const other = await solve(logit);
  close(other.lambda[0], 1.545911082383, 1e-10);
  close(-other.value, 1.398696312480, 1e-11);
  allClose(probabilities(logit, other).slice(0, 3), [.872571251027, .111576182383, .015852566590], 1e-10);
});

test("everyone takes the cheapest: errors keep the multiplier finite, without them it runs away", async () => {
  const cheapest = [0, 1, 1, 2];
  for (const [v, tied, lambda] of [[0.5, false, 0.326050945867], [0.5, true, 1.330602477689], [0.01, false, 8.037580557429], [0.01, true, 12.0424361028]] as const) {
    const found = await solve(programmeOf({z: prices(x4), chosen: cheapest, noise: noise(v, tied)}));
    proved(found);
    close(found.lambda[0], lambda, 1e-10);
  }
  for (const signal of [shannon, supports(2), supports(5)]) {
    const programme = programmeOf({z: prices(x4), chosen: cheapest, signal});
    const found = await solve(programme);
    assert.equal(found.ending, "unbounded");
    assert.ok(found.lambda[0] > 10 && Number.isFinite(found.lambda[0]) && found.iterations <= 30);
    allClose(probabilities(programme, found), [1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1], 1e-9);
  }
});

test("totals that no probabilities have: proved so by a dual below the least entropy", async () => {
  for (const signal of [shannon, supports(2), supports(5), supports(3, [0.2, 0.5, 0.3])]) for (const total of [4, 11]) {
    const found = await solve(programmeOf({z: prices(x4), targets: [total], signal}));
    assert.equal(found.ending, "unbounded");
    assert.ok(found.value < 0 && Number.isFinite(found.value) && found.lambda.every(Number.isFinite) && found.mu.every(Number.isFinite));
  }
  // One total exact and beyond reach, another with a noise of its own.
  const mixed = await solve(programmeOf({z: [[[1, 2], [2, 3]], [[3, 1], [1, 2]]], targets: [0, 4], slack: [0, 1]}));
  assert.equal(mixed.ending, "unbounded");
  // A moment that is the same for all alternatives.
  assert.equal((await solve(programmeOf({z: [[[1], [1]], [[2], [2]]], targets: [4]}))).ending, "unbounded");
  proved(await solve(programmeOf({z: [[[1], [1]], [[2], [2]]], targets: [3]})));
});

test("totals by column: shares, shares with revenue, revenue by alternative", async () => {
  const one = (j: number, k: number) => Number(j === k);
  const found = async (columns: (price: number, j: number) => number[], signal: Signal = shannon) => {
    const solution = await solve(programmeOf({z: x4.map((row) => row.map(columns)), chosen: chosen4, signal}));
    proved(solution);
    return solution;
  };
  allClose((await found((_, j) => [one(j, 0), one(j, 1)])).lambda, [Math.LN2, Math.LN2], 1e-10);
  const shares = await found((price, j) => [one(j, 0), one(j, 1), price]);
  allClose(shares.lambda, [1.5825644566, 1.789634769, 2.1975968482], 1e-8);
  close(shares.value, 2.29752238, 1e-8);
  const revenue = await found((price, j) => [0, 1, 2].map((k) => price * one(j, k)));
  allClose(revenue.lambda, [2.6843098588, 2.3960065506, 1.5889067188], 1e-8);
  close(revenue.value, 2.47015025, 1e-8);
  const seed = await found((price, j) => [0, 1, 2].map((k) => price * one(j, k)), supports(5));
  allClose(seed.lambda, [10.4382905918, 9.2179505452, 6.1242100576], 1e-8);
  close(seed.value, 11.44882466, 1e-8);
});

test("lambda falls as the total rises, through zero where alternatives are equally likely", async () => {
  for (const [total, lambda] of [[5, 7.548], [6, 2.787], [7.4, 0], [9, -3.201], [10.4, -13.15]]) {
    const found = await solve(programmeOf({z: prices(x4), targets: [total], signal: supports(5)}));
    assert.ok(Math.abs(found.lambda[0] - lambda) <= 0.006, `${total}: ${found.lambda[0]}`);
  }
});

test("two alternatives and two points are binary logit, at twice its multiplier", async () => {
  const [seed, logit] = [supports(2), shannon].map((signal) => programmeOf({z: prices(x5), chosen: chosen5, signal}));
  const [a, b] = [await solve(seed), await solve(logit)];
  close(a.lambda[0], 2.563223315325, 1e-10);
  close(a.lambda[0], 2 * b.lambda[0], 1e-12);
  close(a.value, 5.220344792188, 1e-11);
  close(a.value, 2 * b.value, 1e-12);
  const p = probabilities(seed, a);
  allClose(p.filter((_, row) => row % 2 === 0), [.782723991328, .345064403408, .071543138536, .782723991328, .625426240300], 1e-10);
  allClose(p, probabilities(logit, b), 1e-12);
  close(chosen5.reduce((sum, j, n) => sum + Math.log(p[2 * n + j]), 0), -2.610172396094, 1e-11);
});

test("two columns, three alternatives, six situations", async () => {
  const v = 1 / Math.sqrt(6);
  const seed = programmeOf({z: z6, chosen: chosen6, signal: supports(5), noise: noise(v, false)});
  allClose(seed.targets, [10.4, 3.9], 1e-14);
  const found = await solve(seed);
  proved(found);
  allClose(found.lambda, [-.585927508622, 1.444499008955], 1e-11);
  close(found.value, 46.537712143036, 1e-12);
  close(found.entropy.signal, 26.848442775375, 1e-12);
  close(found.entropy.noise, 19.689269367661, 1e-12);
  allClose(probabilities(seed, found).slice(0, 3), [.369085120844, .322495245274, .308419633882], 1e-11);
  allClose(found.mu, [1.377047561646, 1.567925747601, 1.569261387988, 1.409706991478, 1.430648391090, 1.256480895417], 1e-11);
  allClose(found.curvature.to1DArray(), [8.369341037817, 3.760460408947, 3.760460408947, 1.822429716070], 1e-11);
  const expected: readonly (readonly [Signal, Noise | undefined, number[], number])[] = [
    [supports(5), noise(v, true), [-2.301083559195, 3.905216746930], 46.462488435120],
    [shannon, undefined, [-1.508678215854, 2.562434015857], 6.440055880655],
    [shannon, noise(v, false), [-.322607374698, .769367688859], 26.286162329158],
    [shannon, noise(v, true), [-1.123417746207, 1.907532455825], 26.253305190762]
  ];
  for (const [signal, noise, lambda, value] of expected) {
    const solution = await solve(programmeOf({z: z6, chosen: chosen6, signal, noise}));
    proved(solution);
    allClose(solution.lambda, lambda, 1e-10);
    close(solution.value, value, 1e-12);
  }
  const tied = await solve(programmeOf({z: z6, chosen: chosen6, signal: supports(5), noise: noise(v, true)}));
  close(tied.entropy.signal, 26.804966120679, 1e-12);
  close(tied.entropy.noise, 19.657522314441, 1e-12);
});

test("information is a chain: uniform, adding up, price, quality; gains are divergences and add up", async () => {
  const v = 1 / Math.sqrt(6);
  const on = (columns: number[]) => programmeOf({z: z6.map((rows) => rows.map((z) => columns.map((k) => z[k]))), chosen: chosen6, signal: supports(5), noise: noise(v, false)});
  const nothing: Programme = {...on([0]), moments: 0, z: new Float64Array(0), targets: new Float64Array(0)};
  const chain = [await solve(nothing), await solve(on([0])), await solve(on([0, 1]))];
  close(18 * Math.log(15), 48.744903619840, 1e-12);
  allClose(chain.map(({value}) => value), [46.694065522828, 46.677194664829, 46.537712143036], 1e-12);
  close(2 * (chain[0].value - chain[2].value), .312706759584, 1e-10);
  close(chain[0].entropy.signal - chain[1].entropy.signal, .001666329413, 1e-10);
  close(chain[0].entropy.noise - chain[1].entropy.noise, .015204528585, 1e-10);
});

for (const {id, attributes, errorSupport, lambda, dual, entropyP, entropyW, logLikelihood, firstThreeP, firstThreeE} of reference("maxent").cases) {
  test(`${id}: the digits of 50-digit arithmetic`, async () => {
    const rows = worldRows("D1").filter(({situation}) => situation % 5 === 0);
    const value = {asc1: (row: (typeof rows)[0]) => Number(row.alternative === "1"), asc2: (row: (typeof rows)[0]) => Number(row.alternative === "2"), price: (row: (typeof rows)[0]) => row.price, quality: (row: (typeof rows)[0]) => row.quality};
    const sets = Array.from({length: 60}, (_, n) => rows.slice(3 * n, 3 * n + 3));
    const points = errorSupport && Float64Array.from(errorSupport, Number);
    const programme = programmeOf({
      z: sets.map((set) => set.map((row) => attributes.map((name: keyof typeof value) => value[name](row)))), chosen: sets.map((set) => set.findIndex(({chosen}) => chosen)),
      ...(points && {noise: {support: {points, logPrior: new Float64Array(points.length)}, sumToZero: false}})
    });
    const found = await solve(programme);
    proved(found);
    digits(found.lambda, lambda, 11, "lambda");
    digits([found.value], [dual], 14, "dual");
    digits([found.entropy.signal], [entropyP], 13, "entropy");
    const p = probabilities(programme, found);
    digits(p.slice(0, 9), firstThreeP.flat(), 11, "p");
    digits([entropy(p)], [entropyP], 13, "entropy of p");
    digits([sets.reduce((sum, set, n) => sum + Math.log(p[3 * n + set.findIndex(({chosen}) => chosen)]), 0)], [logLikelihood], 12, "log-likelihood");
    if (points) {
      digits([found.entropy.noise], [entropyW], 13, "entropy of errors");
      digits(errors(programme, found).slice(0, 3), firstThreeE, 10, "e");
    }
  });
}

interface Travel {
  readonly sets: readonly (readonly (readonly number[])[])[];
  readonly chosen: readonly number[];
}

/** Greene and Hensher's travellers: intercepts of air, train and bus, generalised cost, terminal time, income for air. */
async function travel(): Promise<Travel> {
  const {mode, choice, gc, ttme, hinc} = await datasets.travelmode.columns();
  const modes = ["air", "train", "bus", "car"];
  const sets = Array.from({length: 210}, (_, n) => modes.map((name, j) => {
    const row = 4 * n + j;
    assert.equal(mode[row], name);
    return [...modes.slice(0, 3).map((other) => Number(other === name)), Number(gc[row]), Number(ttme[row]), name === "air" ? Number(hinc[row]) : 0];
  }));
  return {sets, chosen: sets.map((_, n) => [0, 1, 2, 3].find((j) => Number(choice[4 * n + j]) === 1)!)};
}

// The first row is the multinomial logit of Greene, Econometric Analysis, in 50-digit arithmetic; the others were computed by
// a program of its own in double precision.
test("travel mode: multinomial logit without errors; errors shrink, untied ones by the choice of base", async () => {
  const {sets, chosen} = await travel();
  const v = 1 / Math.sqrt(210);
  const variants: readonly (readonly [Noise | undefined, number[], number, number, number])[] = [
    [undefined, [5.2074432987, 3.8690427015, 3.1631942119, -.0155015253, -.0961247961, .0132870263], 199.12836871598, 199.12836871598, 1e-10],
    [noise(v, false), [5.0136164812, 3.5756547225, 3.0297136362, -.0087477721, -.0921997655, .0132050166], 1127.33219983, 208.42968278, 1e-8],
    [noise(v, true), [5.0432084621, 3.7462666945, 3.0743921453, -.0150736942, -.0929668456, .0127314217], 1123.74358742, 202.62305701, 1e-8]
  ];
  for (const [errors, beta, value, entropyOfP, tolerance] of variants) {
    const programme = programmeOf({z: sets, chosen, noise: errors});
    const found = await solve(programme);
    proved(found);
    allClose(found.lambda.map((l) => -l), beta, 1e-10);
    close(found.value, value, tolerance);
    close(entropy(probabilities(programme, found)), entropyOfP, 1e-8);
    assert.ok(found.iterations <= 8);
  }
  // Supports of ±1: the sign of the cost is lost.
  const wide = programmeOf({z: sets, chosen, noise: noise(1, false)});
  const lost = await solve(wide);
  close(-lost.lambda[3], .0001011877, 1e-9);
  close(entropy(probabilities(wide, lost)) / (210 * Math.log(4)), .98342178, 1e-8);
});

test("travel mode: with errors that sum to zero any base gives the same; without, every base its own", async () => {
  const {sets, chosen} = await travel();
  const v = 1 / Math.sqrt(210);
  const based = (base: number, tied: boolean) => solve(programmeOf({
    z: sets.map((set) => set.map((row, j) => [...[0, 1, 2, 3].filter((k) => k !== base).map((k) => Number(j === k) - Number(base === k)), row[3] - set[base][3], row[4] - set[base][4]])),
    chosen, noise: noise(v, tied)
  }));
  const costs: number[] = [];
  for (let base = 0; base < 4; ++base) {
    const tied = await based(base, true);
    allClose(tied.lambda.slice(3).map((l) => -l), [-.0153654168, -.0939344790], 1e-9);
    close(tied.value, 1124.55331684, 1e-9);
    costs.push((await based(base, false)).lambda[3]);
  }
  costs.sort((a, b) => a - b);
  for (let k = 1; k < 4; ++k) assert.ok(costs[k] - costs[k - 1] > 4e-5, `${costs}`);
});

test("a thousand random programmes: residuals, gap, no NaN, within thirty steps", async () => {
  const endings: Record<string, number> = {};
  for (let turn = 0; turn < 1000; ++turn) {
    const reach = [0.1, 1, 10, 100, 1000][turn % 5];
    const {programme} = await randomProgramme(source(turn).stream("random programme"), reach, turn % 3 ? "met" : "chosen");
    const found = await solve(programme);
    const about = `${turn}, reach ${reach}: ${found.ending} after ${found.iterations}, ${JSON.stringify(found.certificate)}`;
    endings[found.ending] = (endings[found.ending] ?? 0) + 1;
    const numbers = [found.value, ...found.lambda, ...found.mu, ...found.nu, ...found.gradient, ...found.curvature.to1DArray(), found.entropy.signal, found.entropy.noise, ...probabilities(programme, found), ...errors(programme, found)];
    assert.ok(numbers.every(Number.isFinite), about);
    assert.ok(found.iterations <= 30, about);
    assert.ok(found.ending === "converged" || found.ending === "unbounded", about);
    // All these totals can be met, if need be by certain choices.
    for (const residual of [found.certificate.moments, found.certificate.addingUp, found.certificate.errorSum]) assert.ok(residual <= 1e-10, about);
    if (found.ending === "converged") assert.ok(found.certificate.gap <= 1e-10, about);
    for (let step = 1; step < found.path.length; ++step) assert.ok(found.path[step].value <= found.path[step - 1].value + 1e-10 * (1 + Math.abs(found.path[step].value)), `${about}: the dual rose`);
  }
  assert.ok(endings.converged > 800, JSON.stringify(endings));
});

test("the gap identity at random multipliers, entropies summed from the distributions themselves", async () => {
  for (let turn = 0; turn < 300; ++turn) {
    const stream = source(turn).stream("gap");
    const reach = [0.1, 1, 10, 100, 1000][turn % 5];
    const {programme, lambda} = await randomProgramme(stream, reach);
    const {signal, noise: errors, weight, situation, slack, z, moments: K} = programme;
    const tied = errors?.sumToZero === true;
    const scattered = (moves: boolean) => weight.map(() => (moves ? reach * stream.normal() : 0));
    const at = {lambda, mu: scattered(signal.kind === "supports"), nu: scattered(tied)};
    const {value, gradient, grain} = dualPoint(programme, largestTotals(programme), lambda, await (await dualKernel(programme)).evaluate({kind: "given", ...at}));
    let [primal, along] = [0, 0];
    const moments = new Float64Array(K);
    weight.forEach((w, n) => {
      const {p, errors: e, pi, w: omega} = cells(programme, at, n);
      const from = situation[n];
      const relative = (x: Float64Array, log: (c: number) => number) => -w * x.reduce((sum, v, c) => sum + (v > 0 ? v * (Math.log(v) - log(c)) : 0), 0);
      primal += signal.kind === "supports" ? relative(pi!, (c) => signal.support.logPrior[c % signal.support.points.length]) : relative(p, (j) => signal.logPrior?.[from + j] ?? 0);
      if (errors) primal += relative(omega!, (c) => errors.support.logPrior[c % errors.support.points.length]);
      along += w * (signal.kind === "supports" ? at.mu[n] * (1 - p.reduce((a, b) => a + b, 0)) : 0) - w * (tied ? at.nu[n] * e.reduce((a, b) => a + b, 0) : 0);
      p.forEach((v, j) => { for (let k = 0; k < K; ++k) moments[k] += w * z[(from + j) * K + k] * (v + e[j]); });
    });
    lambda.forEach((l, k) => {
      const own = slack ? slack[k] * l : 0;
      close(gradient[k], programme.targets[k] - moments[k] + own, 1e-9, "gradient");
      primal -= 0.5 * own * l;
      along += l * gradient[k];
    });
    assert.ok(Math.abs(value - primal - along) <= 1e-9 * (1 + Math.abs(value)) + 10 * grain, `${turn}, reach ${reach}: ${value} - ${primal} is not ${along}`);
  }
});

test("adding a constant to a situation's prices changes nothing, but with errors that need not sum to zero", async () => {
  const shift = [5, -2, 1, 10];
  const moved = x4.map((row, n) => row.map((price) => price + shift[n]));
  const both = async (signal: Signal, errors?: Noise) => {
    const programmes = [x4, moved].map((x) => programmeOf({z: prices(x), chosen: chosen4, signal, noise: errors}));
    const [a, b] = [await solve(programmes[0]), await solve(programmes[1])];
    return {a: a.lambda[0], b: b.lambda[0], p: away(probabilities(programmes[0], a), probabilities(programmes[1], b))};
  };
  for (const signal of [shannon, supports(2), supports(5)]) for (const errors of [undefined, noise(1, true), noise(0.3, true, 5)]) {
    const {a, b, p} = await both(signal, errors);
    close(a, b, 1e-11);
    assert.ok(p < 1e-12);
  }
  const {a, b} = await both(supports(5), noise(1, false));
  close(a, 0.0654744812, 1e-9);
  close(b, 0.0055262422, 1e-9);
});

test("order of alternatives, units of z and copies of situations", async () => {
  for (let turn = 0; turn < 30; ++turn) {
    const stream = source(turn).stream("invariance");
    const {programme} = await randomProgramme(stream, 2, "chosen");
    const {moments: K, situation, z, weight, targets, signal, slack} = programme;
    const found = await solve(programme);
    if (found.ending !== "converged") continue;
    const p = probabilities(programme, found);
    // The alternatives of every situation back to front.
    const order = Array.from(weight, (_, n) => Array.from({length: situation[n + 1] - situation[n]}, (_, j) => situation[n + 1] - 1 - j)).flat();
    const turned: Programme = {
      ...programme, z: Float64Array.from(order.flatMap((row) => [...z.subarray(row * K, (row + 1) * K)])),
      ...(signal.kind === "shannon" && signal.logPrior && {signal: {kind: "shannon", logPrior: Float64Array.from(order, (row) => signal.logPrior![row])}})
    };
    const back = await solve(turned);
    close(back.value, found.value, 1e-11);
    const q = probabilities(turned, back);
    order.forEach((row, at) => close(q[at], p[row], 1e-9));
    // Other units: lambda in theirs, the noise as it was.
    const unit = Float64Array.from({length: K}, (_, k) => 10 ** (k % 2 ? 4 : -5));
    const scaled: Programme = {...programme, z: z.map((value, c) => value * unit[c % K]), targets: targets.map((b, k) => b * unit[k]), ...(slack && {slack: slack.map((s, k) => s * unit[k] ** 2)})};
    const other = await solve(scaled);
    close(other.value, found.value, 1e-11);
    assert.ok(away(probabilities(scaled, other), p) < 1e-9);
    // Every situation once for each unit of a whole weight.
    const whole = Float64Array.from(weight, (_, n) => 1 + (n % 3));
    const copies = Array.from(whole, (w, n) => Array.from({length: w}, () => n)).flat();
    const pick = <T>(each: (n: number) => ArrayLike<T>) => copies.flatMap((n) => Array.from(each(n)));
    const pointers = new Int32Array(copies.length + 1);
    copies.forEach((n, at) => { pointers[at + 1] = pointers[at] + situation[n + 1] - situation[n]; });
    const b = targets.map((_, k) => copies.reduce((sum, n) => sum + z[(situation[n] + (n % 2)) * K + k], 0));
    const counted: Programme = {...programme, weight: whole, targets: b};
    const copied: Programme = {
      ...programme, targets: b, weight: new Float64Array(copies.length).fill(1), situation: pointers, z: Float64Array.from(pick((n) => z.subarray(situation[n] * K, situation[n + 1] * K))),
      ...(signal.kind === "shannon" && signal.logPrior && {signal: {kind: "shannon", logPrior: Float64Array.from(pick((n) => signal.logPrior!.subarray(situation[n], situation[n + 1])))}})
    };
    const [one, many] = [await solve(counted), await solve(copied)];
    assert.equal(one.ending, many.ending);
    if (one.ending === "converged") close(one.value, many.value, 1e-11);
  }
});

test("nesting: narrow noise, one point of noise and even priors are the plain programme", async () => {
  const plain = programmeOf({z: z6, chosen: chosen6, signal: supports(4)});
  const expected = await solve(plain);
  const p = probabilities(plain, expected);
  const same = async (programme: Programme, tolerance: number, constant: number) => {
    const found = await solve(programme);
    proved(found);
    assert.ok(away(probabilities(programme, found), p) <= tolerance, `${away(probabilities(programme, found), p)}`);
    close(found.value - constant, expected.value, Math.max(1e-12, tolerance));
  };
  for (const tied of [false, true]) {
    await same({...plain, noise: noise(0, tied, 1)}, 1e-12, 0);
    await same({...plain, noise: noise(1e-6, tied)}, 1e-9, 18 * Math.log(3));
  }
  await same(programmeOf({z: z6, chosen: chosen6, signal: supports(4, [0.25, 0.25, 0.25, 0.25])}), 1e-12, -18 * Math.log(4));
  const logit = programmeOf({z: z6, chosen: chosen6});
  const [a, b] = [await solve(logit), await solve({...logit, noise: noise(0, false, 1)})];
  allClose(a.lambda, b.lambda, 1e-10);
  const uniform: Programme = {...logit, signal: {kind: "shannon", logPrior: new Float64Array(18).fill(-Math.log(3))}};
  allClose((await solve(uniform)).lambda, a.lambda, 1e-10);
});

test("a Poisson prior on ever more points recovers multinomial logit", async () => {
  const logit = programmeOf({z: prices(x4), chosen: chosen4});
  const p = probabilities(logit, await solve(logit));
  const far = await Promise.all([10, 40, 160].map(async (L) => {
    const logPrior = new Float64Array(L + 1);
    for (let m = 1; m <= L; ++m) logPrior[m] = logPrior[m - 1] + Math.log(L / 3 / m);
    const programme = programmeOf({z: prices(x4), chosen: chosen4, signal: {kind: "supports", support: {points: even(0, 1, L + 1).points, logPrior}}});
    const found = await solve(programme);
    proved(found, 1e-11);
    return away(probabilities(programme, found), p);
  }));
  assert.ok(far[0] < 0.1 && far[1] < far[0] / 2 && far[2] < far[1] / 4, `${far}`);
});

test("slack: the looser a total, the less it is met; the gap splits as the dual says", async () => {
  let before = 0;
  for (const variance of [1e-6, 0.01, 0.1, 1, 100]) {
    const programme = programmeOf({z: prices(x4), targets: [5.3], signal: supports(5), slack: [variance]});
    const found = await solve(programme);
    proved(found);
    const total = probabilities(programme, found).reduce((sum, p, row) => sum + p * programme.z[row], 0);
    close(5.3 - total, -variance * found.lambda[0], 1e-11);
    close(found.value, found.entropy.signal - 0.5 * variance * found.lambda[0] ** 2, 1e-11);
    assert.ok(total > before && total < 7.4);
    before = total;
  }
  // A total beyond reach can be met with noise of its own.
  proved(await solve(programmeOf({z: prices(x4), targets: [3], slack: [0.1]})));
});

test("sets of one, forced supports and collinear columns", async () => {
  const ragged = programmeOf({z: [[[1]], [[2], [3]], [[4], [5]]], targets: [1 + 2.4 + 4.2], signal: supports(5)});
  const found = await solve(ragged);
  proved(found);
  const p = probabilities(ragged, found);
  close(p[0], 1, 1e-15);
  const without = programmeOf({z: [[[2], [3]], [[4], [5]]], targets: [2.4 + 4.2], signal: supports(5)});
  allClose(p.slice(1), probabilities(without, await solve(without)), 1e-12);
  // Two alternatives of at most a half each.
  const halves = programmeOf({z: [[[1], [2]], [[3], [4], [5]]], targets: [1.5 + 4.1], signal: {kind: "supports", support: even(0, 0.5, 3)}});
  const half = await solve(halves);
  proved(half);
  allClose(probabilities(halves, half).slice(0, 2), [0.5, 0.5], 1e-15);
  const twice = programmeOf({z: z6.map((rows) => rows.map(([price, quality]) => [price, quality, 2 * price - quality])), chosen: chosen6});
  const flat = await solve(twice);
  proved(flat);
  const once = programmeOf({z: z6, chosen: chosen6});
  allClose(probabilities(twice, flat), probabilities(once, await solve(once)), 1e-11);
});

test("no moments at all: adding up alone", async () => {
  const programme: Programme = {...programmeOf({z: prices(x4), chosen: chosen4, signal: supports(5), noise: noise(1, true)}), moments: 0, z: new Float64Array(0), targets: new Float64Array(0)};
  const found = await solve(programme);
  proved(found);
  assert.equal(found.iterations, 0);
  allClose(probabilities(programme, found), new Array(12).fill(1 / 3), 1e-15);
});

test("a start, a stop and the steps between", async () => {
  const programme = programmeOf({z: z6, chosen: chosen6, signal: supports(5), noise: noise(0.1, true)});
  const whole = await solve(programme);
  const steps: number[] = [];
  await solve(programme, {onStep: ({iteration}) => steps.push(iteration)});
  assert.deepEqual(steps, Array.from(whole.path, ({iteration}) => iteration));
  assert.equal(whole.iterations, whole.path.length - 1);
  const again = await solve(programme, {start: whole});
  assert.ok(again.iterations <= 1 && again.ending === "converged");
  allClose(again.lambda, whole.lambda, 1e-12);
  const stopped = await solve(programme, {signal: AbortSignal.abort()});
  assert.equal(stopped.ending, "stopped");
  allClose(stopped.lambda, [0, 0], 0);
  assert.ok(stopped.certificate.addingUp < 1e-12);
  const short = await solve(programme, {iterations: 2});
  assert.equal(short.ending, "iterations");
  assert.equal(short.iterations, 2);
  await assert.rejects(solve(programme, {start: {lambda: Float64Array.of(1)}}), {code: "entropy/start"});
});

test("a stop in the middle of a pass leaves what the pass before found", async () => {
  const stream = source(1).stream("long");
  const N = 20_000;
  const programme: Programme = {
    z: Float64Array.from({length: 8 * N}, () => stream.normal()), moments: 2, situation: Int32Array.from({length: N + 1}, (_, n) => 4 * n), weight: new Float64Array(N).fill(1),
    targets: Float64Array.of(-0.2 * N, 0.1 * N), signal: supports(5)
  };
  const controller = new AbortController();
  // The definition takes long enough for a pass to be stopped on its way.
  const engine = "typescript";
  const found = await solve(programme, {engine, signal: controller.signal, onStep: ({iteration}) => { if (iteration === 1) setImmediate(() => controller.abort()); }});
  assert.equal(found.ending, "stopped");
  const again = dualPoint(programme, largestTotals(programme), found.lambda, await (await dualKernel(programme, {engine})).evaluate({kind: "given", ...found}));
  assert.equal(again.value, found.value);
});
