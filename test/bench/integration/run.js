// Where does it pay to move nodes? Every rule on simulated designs: `npm run build`, then `node test/bench/integration/run.js`.
// For each design the model is fitted, and at its optimum the gradient of each rule is set beside that of a reference: their
// difference times (-H)^-1 is how far the rule's own optimum is away (eq:certificate), here in standard errors. Writes RESULTS.md.
import {writeFileSync} from "node:fs";
import {cpus} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {fit} from "../../../dist/estimate/fit.js";
import {ground, nodesFor, placed} from "../../../dist/estimate/passes/ground.js";
import {likelihood} from "../../../dist/estimate/likelihood.js";
import {locate, refined} from "../../../dist/estimate/passes/places.js";
import {mixing} from "../../../dist/integrate/mixing.js";
import {sobol} from "../../../dist/integrate/sobol.js";
import {spread} from "../../../dist/integrate/spread.js";
import {trapezoid} from "../../../dist/integrate/trapezoid.js";
import {branch, source} from "../../../dist/math/random.js";
import {inverse, negated} from "../../../dist/math/symmetric.js";
import {units} from "../../../dist/model/choices.js";
import {simulate} from "../../../dist/simulate/simulate.js";

const only = process.argv.slice(2).map(Number); // dimensions, to run a part
const counts = [64, 128, 256, 512];
const seeds = [1, 2, 3, 4];
const within = {ruleWithin: "gaussHermite", drawsWithin: 7};
const clock = performance.now();
const lines = [];

for (const D of [1, 2, 3, 5, 8].filter((d) => !only.length || only.includes(d))) {
  const rows = [];
  for (const sd of [0.5, 2]) for (const T of [1, 5, 12]) rows.push(await design(D, T, sd));
  lines.push(`## ${D} ${D === 1 ? "dimension" : "dimensions"}`, "", table(rows), "");
}

function world(D, T, sd) {
  const attributes = Array.from({length: D}, (_, k) => `x${k + 1}`);
  const truth = Object.fromEntries(attributes.flatMap((name, k) => [[name, k % 2 ? 0.8 : -0.8], [`sd[${name}]`, sd]]));
  return simulate({tier: "mixed", intercepts: false}, {people: T === 1 ? 1500 : 300, situations: T, attributes, truth, seed: 100 * D + T}).data;
}

async function design(D, T, sd) {
  const data = world(D, T, sd);
  const fitted = await fit(data, {tier: "mixed", intercepts: false, seconds: 15});
  const laid = units(data, fitted.design);
  const blend = mixing(fitted.design, fitted.parameters);
  const from = source(1);
  const stage = ground(laid, blend, likelihood(laid, blend, nodesFor({units: laid, blend, within, source: from}, {by: "plain", rule: "sobol", draws: 4}).lattice), within, from);
  const {theta} = fitted;
  const V = inverse(negated(fitted.hessian)).inverse;
  const look = async (lattice) => {
    await stage.lay(lattice);
    return stage.evaluate(theta, 1);
  };
  const seeded = (s) => ({...stage, source: source(1000 + s)});
  const moments = async (s, draws = 256) => refined(seeded(s), theta, await locate(seeded(s), theta), draws, 0);
  const reference = await exact(D, look, moments, laid, blend);
  const off = ({gradient}) => Math.sqrt(V.diagonal().reduce((sum, v, p) => sum + V.getRow(p).reduce((x, a, q) => x + a * (gradient[q] - reference.gradient[q]), 0) ** 2 / v, 0) / theta.length);
  const rms = (x) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0) / x.length);

  const cells = {};
  const over = async (name, R, make) => {
    const all = [];
    for (const s of seeds) all.push(await look(await make(s)));
    const share = all[0].effective.slice().sort();
    cells[`${name} ${R}`] = {error: rms(all.map(off)), value: rms(all.map(({value}) => value - reference.value)), least: share[0] / R, median: share[share.length >> 1] / R};
  };
  for (const R of counts) {
    await over("plain", R, async (s) => nodesFor(stage, {by: "centred", draws: R}, source(s)).lattice);
    await over("one set", R, async (s) => spread(laid, blend, {rule: sobol(R, {shared: true}), ...within}, source(s)).lattice);
    await over("mode", R, async (s) => {
      const base = nodesFor(stage, {by: "centred", draws: R}, source(s)).lattice;
      await stage.lay(base);
      return placed(base, await stage.centre(theta, "mode"));
    });
    await over("from prior", R, async (s) => {
      const base = nodesFor(stage, {by: "centred", draws: 256}, branch(source(s), "scouts")).lattice;
      await stage.lay(base);
      const first = await stage.centre(theta, "moments", 1.2);
      await stage.lay(placed(base, first));
      return placed(nodesFor(stage, {by: "centred", draws: R}, source(s)).lattice, await stage.centre(theta, "moments", 1.15));
    });
    await over("moments", R, async (s) => placed(nodesFor(stage, {by: "centred", draws: R}, source(s)).lattice, await moments(s, R)));
  }
  if (D <= 3) {
    const places = await moments(1);
    await stage.lay(nodesFor(stage, {by: "centred", draws: 64}).lattice);
    const modes = await stage.centre(theta, "mode", 1);
    for (const n of [5, 7, 9, 15].filter((n) => n ** D < 1000)) {
      const lattice = nodesFor(stage, {by: "adaptive", points: n}).lattice;
      for (const [name, where] of [["GH", places], ["GH mode", modes], ["GH plain", undefined]]) {
        const there = await look(placed(lattice, where));
        cells[`${name} ${n}`] = {error: off(there), value: Math.abs(there.value - reference.value)};
      }
    }
  }
  const {integration} = fitted;
  const row = {design: `sd ${sd}, T = ${T}`, cells, noise: reference.noise, auto: `${integration.method === "adaptive" ? "GH" : "centred"} ${integration.draws}`, claimed: integration.simulation?.rms, certified: integration.simulation?.certified, error: off({gradient: new Float64Array(theta.length)}), work: integration.work};
  console.error(`${D} dimensions, ${row.design}: ${((performance.now() - clock) / 1000).toFixed(0)} s`);
  return row;
}

/** The trapezoid rule in one and two dimensions; else thousands of centred nodes, from two independent placements. */
async function exact(D, look, moments, laid, blend) {
  const all = [];
  if (D <= 2) all.push(await look(placed(spread(laid, blend, {rule: trapezoid(D === 1 ? 191 : 61, {range: 8.5}), ...within}, source(1)).lattice, await moments(7))));
  else for (const s of [7, 8]) {
    const places = await moments(s, 1024);
    for (const t of [1, 2]) all.push(await look(placed(spread(laid, blend, {rule: sobol(4096), sets: Math.min(laid.weight.length, Math.floor(2 ** 23 / 4096 / D)), ...within}, source(500 + 10 * s + t)).lattice, places)));
  }
  const mean = (f) => all.reduce((sum, one) => sum + f(one), 0) / all.length;
  return {value: mean(({value}) => value), gradient: Float64Array.from(all[0].gradient, (_, p) => mean(({gradient}) => gradient[p])), noise: all.length > 1 ? Math.sqrt(mean(({value}) => value ** 2) - mean(({value}) => value) ** 2) / Math.sqrt(all.length - 1) : 0};
}

function table(rows) {
  const brief = (x) => (x === undefined ? "" : x >= 10 ? x.toFixed(0) : x >= 0.0995 ? x.toFixed(2) : x >= 0.00095 ? x.toFixed(3) : x.toExponential(0));
  const rules = ["plain", "one set", "mode", "from prior", "moments"];
  const quadrature = Object.keys(rows[0].cells).filter((name) => name.startsWith("GH"));
  const errors = (row) => [row.design, ...rules.flatMap((rule) => [counts.map((R) => brief(row.cells[`${rule} ${R}`].error)).join(" ")]), `${brief(row.cells["moments 256"].least)} / ${brief(row.cells["moments 256"].median)}; ${brief(row.cells["plain 256"].median)}`, counts.map((R) => brief(row.cells[`moments ${R}`].value)).join(" "), `${row.auto}: ${brief(row.claimed)}${row.certified ? "" : " (not certified)"}, ${brief(row.error)}; ${row.work}`];
  const head = ["design", ...rules, "effective part at 256: moments least / median; plain median", "log-likelihood, moments", "what auto did: claimed error, error; work"];
  const out = [line(head), line(head.map(() => "---")), ...rows.map((row) => line(errors(row)))];
  if (quadrature.length) {
    const names = ["GH", "GH mode", "GH plain"].filter((name) => quadrature.some((cell) => cell.startsWith(`${name} `)));
    const points = [5, 7, 9, 15].filter((n) => `GH ${n}` in rows[0].cells);
    const top = ["design", ...names.map((name) => `${{GH: "moments", "GH mode": "mode", "GH plain": "plain"}[name]}, n = ${points.join(" ")}`)];
    out.push("", `Gauss-Hermite, n points in each dimension:`, "", line(top), line(top.map(() => "---")), ...rows.map((row) => line([row.design, ...names.map((name) => points.map((n) => brief(row.cells[`${name} ${n}`].error)).join(" "))])));
  }
  return out.join("\n");
}

function line(cells) {
  return `| ${cells.join(" | ")} |`;
}

if (!only.length) writeFileSync(join(dirname(fileURLToPath(import.meta.url)), "RESULTS.md"), `# Where it pays to move nodes

Error of estimates in standard errors, root mean square over parameters and four seeds, at the optimum of fresh simulated
designs: three alternatives, attributes uniform on [-2, 2], D independent normals with mean ±0.8 and standard deviation sd,
1500 people with T = 1 situation or 300 people with T = 5 or 12. Four numbers are for R = ${counts.join(", ")}.

* **plain**: Sobol draws, a shift for each person; **one set**: the same draws for all.
* **mode**: centred on each person's mode, C C' = 1.15² (-H)^-1; **from prior**: by moments from plain draws, twice;
  **moments**: what the library does, moments from modes or the prior, per person, then once more.
* The last column but one is the error of the log-likelihood. The last: what a fit by default chose, the error it claimed,
  the error it has, and its work in nodes for each person (a Hessian counts 3).

Reference: the trapezoid rule in one and two dimensions; else 4 x 4096 centred nodes from two placements.

${lines.join("\n")}
Node ${process.versions.node}, ${cpus()[0].model}, ${((performance.now() - clock) / 1000).toFixed(0)} s in all. \`npm run build\`, then \`node test/bench/integration/run.js\`.
`);
else console.log(lines.join("\n"));
