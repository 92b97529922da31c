// Runs every test under test/, or those whose path holds one of the words given: `node test/run.js kernels infer`.
// Node 20's own discovery does not know TypeScript files, hence this list.
import {spawnSync} from "node:child_process";
import {readdirSync} from "node:fs";
import {availableParallelism} from "node:os";
import {dirname, join, relative} from "node:path";
import {fileURLToPath} from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const files = readdirSync(join(root, "test"), {recursive: true, withFileTypes: true})
  .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
  .filter((file) => !words.length || words.some((word) => file.includes(word)))
  .sort();
if (!files.length) {
  console.error(`no test file matches ${words.join(", ")}`);
  process.exit(1);
}
// Node leaves one processor idle by itself, which of two is half.
const {status} = spawnSync(process.execPath, [`--test-concurrency=${Math.max(2, availableParallelism())}`, "--import", "tsx", "--import", "./test/support/typescriptInWorkers.js", "--test", ...files], {cwd: root, stdio: "inherit"});
process.exit(status ?? 1);
