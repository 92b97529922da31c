import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, relative, resolve, sep} from "node:path";
import test from "node:test";
import {fileURLToPath} from "node:url";

const src = resolve(dirname(fileURLToPath(import.meta.url)), "../../src");

// Rooms in the order in which data flow, the cellar first. A room may import itself and whatever its line names.
const cellar = ["math", "kernels"];
const arrows: Record<string, readonly string[]> = {
  math: [],
  kernels: [],
  optimize: cellar,
  data: cellar,
  model: [...cellar, "data"],
  integrate: [...cellar, "data", "model"],
  simulate: [...cellar, "data", "model", "integrate"],
  infer: [...cellar, "data", "model"],
  estimate: [...cellar, "optimize", "data", "model", "integrate", "infer"],
  entropy: [...cellar, "optimize", "data", "model", "infer"],
  pricing: [...cellar, "optimize"],
  bundles: [...cellar, "data"],
  explain: [...cellar, "data", "model", "integrate", "infer", "estimate", "entropy"],
  display: [...cellar, "optimize", "data", "model", "integrate", "simulate", "infer", "estimate", "entropy", "pricing", "bundles", "explain"],
  notebook: ["display"]
};

// Packages, and the one room that may know each. ml-matrix is the matrix of the public records, so more rooms hold it.
const guests: Record<string, readonly string[]> = {
  "ml-matrix": ["math", "optimize", "infer", "estimate", "entropy", "explain", "pricing"],
  "danfojs-node": ["data"],
  "@observablehq/plot": ["display"],
  jsdom: ["display", "notebook"],
  "@resvg/resvg-js": ["display"],
  "dejavu-fonts-ttf": ["display"],
  tslab: ["notebook"],
  marked: ["notebook"]
};

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function imports(): Import[] {
  return readdirSync(src, {recursive: true, encoding: "utf8"}).filter((file) => file.endsWith(".ts")).flatMap((file) => {
    const text = readFileSync(join(src, file), "utf8");
    const found = [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|(?:^|\n)import\s+"([^"]+)"|\b(?:import|require)\(\s*"([^"]+)"\s*\)/g)];
    return found.map((match) => ({file, room: file.includes(sep) ? file.split(sep)[0] : "", target: match[1] ?? match[2] ?? match[3]}));
  });
}

const within = ({file, target}: Import) => relative(src, resolve(src, dirname(file), target)).split(sep);

test("there are imports to check in every room that has files", () => {
  const rooms = new Set(imports().map(({room}) => room));
  for (const room of ["data", "model", "integrate", "estimate", "infer", "display", "notebook", "optimize"]) assert.ok(rooms.has(room), room);
});

test("data flow one way: no room imports one downstream", () => {
  const upstream = imports().filter((item) => {
    if (!item.target.startsWith(".") || item.room === "") return false;
    const path = within(item);
    if (path.length === 1) return !["errors.js", "live.js", "rich.js", "version.js"].includes(path[0]); // the cellar's own files
    return path[0] !== item.room && !(arrows[item.room] ?? []).includes(path[0]);
  });
  assert.deepEqual(upstream.map(({file, target}) => `${file} imports ${target}`), []);
});

test("every folder of src is a room on the map", () => {
  const folders = readdirSync(src, {withFileTypes: true}).filter((entry) => entry.isDirectory()).map(({name}) => name);
  assert.deepEqual(folders.filter((name) => !(name in arrows)), []);
});

test("each package stays in its room", () => {
  const strays = imports().filter(({room, target}) => !target.startsWith(".") && !target.startsWith("node:") && !(guests[target.split("/").slice(0, target.startsWith("@") ? 2 : 1).join("/")] ?? []).includes(room));
  assert.deepEqual(strays.map(({file, target}) => `${file} imports ${target}`), []);
});

test("every equation named in a comment stands in a README, and every named equation is used", () => {
  const files = readdirSync(src, {recursive: true, encoding: "utf8"});
  const names = (ending: string) => new Set(files.filter((file) => file.endsWith(ending)).flatMap((file) => readFileSync(join(src, file), "utf8").match(/eq:[a-z][a-zA-Z0-9-]*/g) ?? []));
  const [code, pages] = [names(".ts"), names(".md")];
  assert.ok(code.size > 5);
  assert.deepEqual([...code].filter((name) => !pages.has(name)), [], "named in code, explained nowhere");
  assert.deepEqual([...pages].filter((name) => !code.has(name)), [], "explained, used nowhere");
});
