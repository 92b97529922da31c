// `npm run bench` runs every section; `npm run bench -- loglik mnl` those named; `--quick` at sizes that take minutes in all,
// and whose results are not kept here but in the system's folder for temporary files.
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {version} from "./ours.js";
import {load, machine} from "./machine.js";
import {report} from "./report.js";
import {workshop} from "./bench.js";

const names = ["loglik", "electricity", "crossSection", "modecanada", "mnl", "large", "growth", "maxent", "kernel"];
const here = dirname(fileURLToPath(import.meta.url));
const words = process.argv.slice(2);
const quick = words.includes("--quick");
const wanted = words.filter((word) => !word.startsWith("--"));
const unknown = wanted.filter((word) => !names.includes(word));
if (unknown.length) {
  console.error(`no section ${unknown.join(", ")}; there are ${names.join(", ")}`);
  process.exit(1);
}

const home = quick ? join(tmpdir(), "maxent-logit-bench") : here;
const results = join(home, "results");
mkdirSync(results, {recursive: true});
const shop = await workshop({quick, results});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => { void shop.close().finally(() => process.exit(130)); });
const {python, packages = {}} = shop.python ?? {};
const versions = {"maxent-logit": version, node: process.versions.node, ...(python && {python}), ...packages};
shop.note(`beside: ${Object.entries(versions).map((each) => each.join(" ")).join(", ")}`);
try {
  for (const name of wanted.length ? names.filter((each) => wanted.includes(each)) : names) {
    const section = await import(`./sections/${name}.js`);
    shop.note(`${name}: ${section.title}`);
    const [began, busy] = [performance.now(), load()];
    const found = await section.run(shop);
    const kept = {title: section.title, quick: quick || undefined, measured: new Date().toISOString().slice(0, 10), seconds: Math.round((performance.now() - began) / 1000), load: busy, machine: machine(), versions, ...found};
    writeFileSync(join(results, `${name}.json`), `${JSON.stringify(kept, undefined, 1)}\n`);
    writeFileSync(join(home, "RESULTS.md"), report(gathered()));
    shop.note(`${name}: done in ${kept.seconds} s`);
  }
} finally {
  await shop.close();
}
console.log(`${join(home, "RESULTS.md")} is written`);

/** The last results of every section that has been run. */
function gathered() {
  return Object.fromEntries(names.map((name) => [name, join(results, `${name}.json`)]).filter(([, file]) => existsSync(file)).map(([name, file]) => [name, JSON.parse(readFileSync(file, "utf8"))]));
}
