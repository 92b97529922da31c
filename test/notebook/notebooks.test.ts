import assert from "node:assert/strict";
import {readdirSync} from "node:fs";
import {join} from "node:path";
import test from "node:test";
import {near, numbers, readBook, root} from "./book.js";

// The notebooks are run twice, and compared whole; here are the numbers that their texts tell.

test("every notebook is run by a test", () => {
  const here = ["assignment", "choices", "integration", "ladder"];
  const elsewhere = ["maximum-entropy", "quickstart"];
  assert.deepEqual(readdirSync(join(root, "notebooks")).filter((file) => file.endsWith(".ipynb")).sort(), [...here, ...elsewhere].map((name) => `${name}.ipynb`).sort());
});

test("assignment: the key runs", async () => {
  const {cells, shown} = await readBook("assignment.ipynb");
  assert.doesNotMatch(cells.map(shown).join("\n"), /✗/);
});

test("choices: tables of all kinds are one, and each mistake is answered", async () => {
  const {of, cells} = await readBook("choices.ipynb");
  const hashes = (text: string) => new Set(text.match(/'[0-9a-f]{12}'/g));
  assert.equal(hashes(of("any-frame")).size, 1, "four dresses, one fingerprint");
  assert.equal(hashes(of("wide-long")).size, 1, "wide and long hold the same");
  near(numbers(of("ragged-card"), "bus"), [16, 0.4, 75.6, 0.5], 0.05);
  assert.match(of("avail-card"), /10719 choices of 1191 people/);
  assert.match(of("ids-card"), /people: \[ 'Øystein', 'ana_07' \]/);
  assert.match(of("outside-card"), /outside option "nothing" to each situation; it was chosen in 2 of 5/);
  const said: Readonly<Record<string, RegExp>> = {
    "caught": /no column called "chioce".*[\s\S]*Did you mean "choice"\?/, "m-none": /situation 618 \(row 1917\) has no chosen row.*7 more/,
    "m-two-code": /2 chosen rows \(0 and 5\).*[\s\S]*option person/, "m-text": /row 0: "1,200".*[\s\S]*numbers: "parse"/, "m-missing": /row 4: ""/,
    "m-zero": /row 1782: 0.*[\s\S]*where: row/, "m-income": /"hinc" never varies/, "m-collinear-code": /inside = -outside \+ total/, "m-separated-code": /liked predicts some choices perfectly/
  };
  for (const [id, words] of Object.entries(said)) assert.match(of(id), words);
  const cards = cells.filter(({outputs}) => JSON.stringify(outputs).includes("This call could not be done"));
  assert.deepEqual(cards.map(({id}) => id), Object.keys(said), "each as a card");
  // Croissant's vignette of mlogit; Greene 2003, table 21.11: datasets/*/README.md
  near([numbers(of("m-none-repair"), "Log-likelihood")[0]], [-1951.34], 0.005);
  assert.equal(of("m-income-repair"), "-199.128");
  near(numbers(of("m-silent-repair"), "hours").filter((_, k) => k % 2 === 0), [-0.2471, -0.7383, -0.7674], 1e-4);
  near(numbers(of("m-silent-repair"), "cost").filter((_, k) => k % 2 === 0), [0.0333, 0.0173, -0.7898], 1e-4);
});

test("ladder: seven rungs, refusals, and the bill", async () => {
  const {of, cells} = await readBook("ladder.ipynb");
  assert.match(of("data"), /2259 choices of 251 people/);
  assert.match(of("data"), /81 of 251 people choose the same alternative every time/);
  assert.match(of("published"), /^-5331\.252$/); // Biogeme, b01c, in test/reference
  assert.equal(new Set(of("two").match(/-\d+\.\d+/g)).size, 1, "whatever the base");
  for (const [id, words] of [["one-intercept", /one intercept shared by all/], ["age-refused", /"AGE" never varies/], ["seven-refused", /one situation per person/], ["seven-refused-two-code", /varying within people/], ["refused-elasticities", /averages over tastes/]] as const) assert.match(of(id), words);
  near(numbers(of("diversion"), "metro"), [0.8216], 1e-4);
  const rungs: Readonly<Record<string, readonly number[]>> = { // parameters, log-likelihood
    "1 mnl": [2, -1749.9], "2 + intercepts": [4, -1726], "3 + slopes by mode": [8, -1635.5], "4 mixed": [6, -1290.6], "4, full": [7, -1289.4], "5 + intercepts": [8, -1152.8],
    "5, full": [14, -1136.7], "6 + slopes by mode": [16, -1153.7], "7, time alone": [9, -1151.9]
  };
  for (const [rung, wanted] of Object.entries(rungs)) near(numbers(of("cost"), rung), wanted, 0.25);
  const bill = (rung: string): number[] => numbers(of("cost"), rung);
  const smallest = (column: number): string => Object.keys(rungs).reduce((best, rung) => (bill(rung)[column] < bill(best)[column] ? rung : best));
  assert.deepEqual([smallest(2), smallest(3)], ["5, full", "5 + intercepts"], "AIC and BIC");
  assert.ok(bill("7 + within people").slice(-1)[0] > 1, "not usable, and said so");
  assert.match(of("seven-all-code"), /standard errors[\s\S]*log-likelihood uncertain by/);
  assert.match(of("four-strangers"), /-1290\.6.*-1695\.3/);
  near([Number(/'twice the gain': '(.*?)'/.exec(of("four-full"))![1])], [2.3], 0.3);
  const titles = ["1 mnl", "2 + intercepts", "3 + slopes by mode", "4 mixed", "5 + intercepts", "6 + slopes by mode", "7 + within people"];
  assert.deepEqual(titles.filter((title) => !of("compare").includes(title)), [], "each rung heads a column");
  assert.equal(cells.filter(({outputs}) => JSON.stringify(outputs).includes("This call could not be done")).length, 5);
});

test("integration: errors of rules, of estimates, and what fits claim", async () => {
  const {of, page} = await readBook("integration.ipynb");
  const [library, byHand] = of("check").match(/-\d+\.\d+/g)!;
  assert.equal(library, byHand, "forty lines are the library's likelihood, to nine digits after the point");
  near([numbers(of("four-fit"), "Log-likelihood")[0]], [-1362.05], 0.1);
  const signs = of("signs").split("\n").slice(1, 9).flatMap((row) => numbers(row, /Sobol|Monte Carlo/.exec(row)![0]).slice(1));
  assert.equal(signs.length, 32);
  assert.equal(signs.filter((error) => error > 0).length, 1, "one plus");
  for (const [R, bias, formula] of of("bias-table").split("\n").slice(1, 5).map((row) => row.replaceAll("−", "-").trim().split(/\s+/).slice(1).map(Number))) {
    near([formula * R], [-4880], 10);
    assert.ok(Math.abs(bias / formula - 1) < 0.1, `${bias} for ${formula}`);
  }
  const prices = (kind: string): number[] => of("fits-table").split("\n").filter((row) => row.includes(kind)).map((row) => numbers(row, kind)[1]);
  near(prices("Monte Carlo"), [-3.06, -4.98, -6.3], 0.02);
  near(prices("centred"), [-7.08, -7.12, -7.11], 0.05);
  near(of("ess-table").split("\n").slice(1, 6).map((row) => Number(row.trim().split(/\s+/)[2])), [249.8, 193.7, 101.9, 35.5, 18.6], 0.15);
  near(of("centred-table").split("\n").slice(1, 7).map((row) => Number(row.trim().split(/\s+/).pop())), [3, 2.2, 1, 0.17, 0.039, 0.017], 0.02);
  assert.match(of("howmany-plain"), /^8192 draws/);
  assert.match(of("howmany-centred"), /^64 draws/);
  const halton = of("halton-table").split("\n").slice(1, 6).map((row) => Number(row.replaceAll("−", "-").trim().split(/\s+/)[2]));
  near(halton, [0.22, 0.13, -0.01, -0.13, -0.11], 0.005);
  assert.equal(page.match(/<details><summary>Solution/g)?.length, 4);
  assert.equal(page.match(/<svg|data:image\/svg/g)!.length >= 6, true);
});
