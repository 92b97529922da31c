// Installs what test/notebook/lab needs that npm does not bring: JupyterLab 4 with nbconvert (from PyPI, into node_modules/.cache/lab) and
// Chromium (Debian's package, when this is Debian and we may). What cannot be had is said, and the tests are skipped: exit
// status 0 all the same. `npm run lab:install`.
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {browser, hasLab, labFolder, python} from "./places.js";

const packages = ["jupyterlab==4.4.9", "nbconvert==7.16.6", "nbclient==0.10.2", "nbgrader==0.9.6"];
const run = (command, words, seconds) => spawnSync(command, words, {stdio: ["ignore", "ignore", "pipe"], encoding: "utf8", timeout: seconds * 1000});
const say = (text) => process.stdout.write(`${text}\n`);

function installLab() {
  if (hasLab(packages)) return say(`JupyterLab: ${labFolder}`);
  rmSync(labFolder, {recursive: true, force: true});
  mkdirSync(labFolder, {recursive: true});
  const made = run("python3", ["-m", "venv", labFolder], 120);
  if (made.status !== 0) return say(`JupyterLab: no; python3 -m venv failed${reason(made)}`);
  const got = run(python("python"), ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", ...packages], 400);
  if (got.status !== 0) return say(`JupyterLab: no; PyPI was not reached, or has it not${reason(got)}`);
  writeFileSync(join(labFolder, "ready"), packages.join("\n"));
  say(`JupyterLab: ${labFolder}`);
}

function installBrowser() {
  if (!browser() && process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    const {status} = run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], 300);
    if (status !== 0 && run("apt-get", ["update"], 120).status === 0) run("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], 300);
  }
  say(`Chromium: ${browser() ?? "no; install it, or name one in CHROMIUM"}`);
}

const reason = ({error, stderr}) => `: ${error?.message ?? stderr?.trim().split("\n").at(-1) ?? "for no reason that was given"}`;

installLab();
installBrowser();
