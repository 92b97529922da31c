// The problems, each from a recipe of plain JSON: real data of the library, and worlds simulated by it. Made in a process of
// their own, `node problems.js '{"maker": …}' folder`, so that the memory this takes is nobody else's, and left as raw
// little-endian columns, which every program reads in no time.
import {mkdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {datasets, halton, simulate, source} from "../../dist/index.js";

const makers = {
  /** Six independent normals; 361 people, 4,308 situations of 4. */
  async electricity() {
    const {id, chid, alt, choice, ...attributes} = await datasets.electricity.columns();
    return {
      columns: {person: id, situation: chid, alternative: alt, chosen: choice, ...attributes},
      model: {tier: "mixed", intercepts: false, random: Object.keys(attributes)}, panel: true
    };
  },

  /** 4,324 travellers with 2, 3 or 4 modes: constants, and normal coefficients of cost, both times and frequency. */
  async modecanada() {
    const {case: id, alt, choice, cost, ivt, ovt, freq} = await datasets.modecanada.columns();
    const modes = ["train", "car", "bus", "air"];
    return {
      columns: {person: id, situation: id, alternative: alt.map((mode) => modes.indexOf(mode) + 1), chosen: choice, cost, ivt, ovt, freq},
      model: {tier: "mixed", random: ["cost", "ivt", "ovt", "freq"]}, panel: false
    };
  },

  /** A simulated world with K attributes, the first few of them random. One situation a person is a cross-section. */
  simulated({people, situations, alternatives, attributes, random, seed}) {
    const names = Array.from({length: attributes}, (_, k) => `x${k + 1}`);
    const model = {tier: "mixed", intercepts: false, random: names.slice(0, random)};
    const truth = Object.fromEntries(names.flatMap((name, k) => [[name, (k % 2 ? -0.6 : 0.8) * (1 + k / 10)], ...(k < random ? [[`sd[${name}]`, 0.5 + 0.15 * (k % 4)]] : [])]));
    const {data} = simulate(model, {people, situations, alternatives: Array.from({length: alternatives}, (_, j) => `a${j + 1}`), attributes: names, truth, seed});
    return {columns: columnsOf(data), model, panel: situations > 1, truth};
  },

  /** A multinomial logit too large for objects: drawn straight into columns. */
  multinomial({situations, alternatives, attributes, seed}) {
    const stream = source(seed).stream("multinomial");
    const rows = situations * alternatives;
    const b = Float64Array.from({length: attributes}, (_, k) => (k % 2 ? -0.5 : 0.7) * (1 + k / 10));
    const ids = Object.fromEntries(["situation", "alternative", "chosen"].map((name) => [name, new Int32Array(rows)]));
    const x = Object.fromEntries(Array.from(b, (_, k) => [`x${k + 1}`, new Float64Array(rows)]));
    const each = Object.values(x);
    for (let n = 0, row = 0; n < situations; ++n) {
      let [best, chosen] = [-Infinity, row];
      for (let j = 0; j < alternatives; ++j, ++row) {
        ids.situation[row] = n + 1;
        ids.alternative[row] = j + 1;
        let utility = -Math.log(-Math.log(stream.uniform())); // Gumbel
        for (let k = 0; k < attributes; ++k) utility += b[k] * (each[k][row] = 4 * stream.uniform() - 2);
        if (utility > best) [best, chosen] = [utility, row];
      }
      ids.chosen[chosen] = 1;
    }
    return {columns: {...ids, ...x}, model: {tier: "mnl"}, panel: false, truth: Object.fromEntries(Object.keys(x).map((name, k) => [name, b[k]]))};
  }
};

/** Columns of a long table from choices. */
function columnsOf({people, person, situation, alternative, chosen, attributes, x}) {
  const rows = alternative.length;
  const K = attributes.length;
  const columns = {person: new Int32Array(rows), situation: new Int32Array(rows), alternative: alternative.map((j) => j + 1), chosen: new Int32Array(rows)};
  for (const row of chosen) columns.chosen[row] = 1;
  people.forEach((_, i) => {
    for (let n = person[i]; n < person[i + 1]; ++n) for (let row = situation[n]; row < situation[n + 1]; ++row) {
      columns.person[row] = i + 1;
      columns.situation[row] = n + 1;
    }
  });
  attributes.forEach((name, k) => { columns[name] = Float64Array.from({length: rows}, (_, row) => x[row * K + k]); });
  return columns;
}

const idNames = ["person", "situation", "alternative", "chosen"];

/** Writes a problem; `draws` adds the Halton draws of that size, (people, dimensions, draws), for programs that can take them. */
async function write({maker, draws, ...sizes}, folder) {
  const {columns, model, panel, truth} = await makers[maker](sizes);
  mkdirSync(folder, {recursive: true});
  const ids = idNames.filter((name) => columns[name] && (panel || name !== "person"));
  const attributes = Object.keys(columns).filter((name) => !idNames.includes(name));
  const count = (name) => new Set(columns[name]).size;
  for (const name of ids) writeFileSync(join(folder, `${name}.i32`), Int32Array.from(columns[name]));
  for (const name of attributes) writeFileSync(join(folder, `${name}.f64`), Float64Array.from(columns[name]));
  const situations = columns.chosen.reduce((sum, yes) => sum + yes, 0);
  const people = panel ? count("person") : situations;
  if (draws) writeFileSync(join(folder, "draws.f64"), haltonDraws(draws, model.random.length, people));
  writeFileSync(join(folder, "meta.json"), JSON.stringify({
    rows: columns.chosen.length, people, situations, alternatives: count("alternative"), ids, attributes, model, panel, truth, draws,
    intercepts: model.tier === "mixed" && model.intercepts !== false
  }));
}

/** The nodes of the library's Halton rule, turned so that the draw runs fastest. */
function haltonDraws(R, D, people) {
  const nodes = halton(R).build({dimensions: D, units: people, source: source(1)});
  const out = new Float64Array(people * D * R);
  for (let i = 0; i < people; ++i) {
    const own = nodes.at(i);
    for (let d = 0; d < D; ++d) for (let r = 0; r < R; ++r) out[(i * D + d) * R + r] = own[r * D + d];
  }
  return out;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write(JSON.parse(process.argv[2]), process.argv[3]);
