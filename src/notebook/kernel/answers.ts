import {readFileSync} from "node:fs";
import type {MimeData} from "../ipynb.js";
import {requireTslab} from "../tslab.js";
import type {CellsProcess} from "./cellsProcess.js";
import {protocol, type Message} from "./wire.js";

type Content = Readonly<Record<string, unknown>>;

/** What is answered to the requests that run no cell, by their type without `_request`. */
export type Answers = Readonly<Record<string, (request: Message) => Content | Promise<Content>>>;

export function answers({ask}: Pick<CellsProcess, "ask">, {folder, javascript}: {folder: string; javascript: boolean}): Answers {
  const info = kernelInfo(folder, javascript);
  return {
    kernel_info: () => info,
    comm_info: () => ({status: "ok", comms: {}}),
    history: () => ({status: "ok", history: []}),
    async is_complete({content}) {
      return ((await ask({kind: "isComplete", code: text(content.code)})) as Content | undefined) ?? {status: "unknown"};
    },
    async inspect({content}) {
      const code = text(content.code);
      const data = (await ask({kind: "inspect", code, at: units(code, content.cursor_pos)})) as MimeData | undefined;
      return {status: "ok", found: data !== undefined, data: data ?? {}, metadata: {}};
    },
    async complete({content}) {
      const code = text(content.code);
      const at = units(code, content.cursor_pos);
      const found = (await ask({kind: "complete", code, at})) as {matches: string[]; kinds: string[]; start: number; end: number} | undefined;
      const [cursor_start, cursor_end] = [found?.start ?? at, found?.end ?? at].map((place) => points(code, place));
      const shown = found?.matches.map((word, i) => ({text: word, type: found.kinds[i], start: cursor_start, end: cursor_end}));
      return {status: "ok", matches: found?.matches ?? [], cursor_start, cursor_end, metadata: shown ? {_jupyter_types_experimental: shown} : {}};
    }
  };
}

const text = (code: unknown): string => (typeof code === "string" ? code : "");

// Jupyter counts characters, JavaScript the units of UTF-16.
const units = (code: string, at: unknown): number => (typeof at === "number" ? [...code].slice(0, at).join("").length : code.length);
const points = (code: string, at: number): number => [...code.slice(0, at)].length;

function kernelInfo(folder: string, javascript: boolean): Content {
  const name = javascript ? "javascript" : "typescript";
  const version = ownVersion();
  const language = javascript ? process.versions.node : typescriptVersion(folder);
  return {
    status: "ok",
    protocol_version: protocol,
    implementation: "maxent-logit",
    implementation_version: version,
    language_info: {
      name,
      version: language,
      mimetype: `text/${name}`,
      file_extension: javascript ? ".js" : ".ts",
      pygments_lexer: name,
      nbconvert_exporter: "script",
      ...(javascript ? {} : {codemirror_mode: {name: "javascript", mode: "typescript", typescript: true}})
    },
    banner: `maxent-logit ${version}: ${javascript ? "JavaScript" : `TypeScript ${language}`} on Node ${process.version}`,
    debugger: false,
    help_links: [
      {text: "TypeScript", url: "https://www.typescriptlang.org/docs/"},
      {text: "Node", url: "https://nodejs.org/docs/latest/api/"}
    ]
  };
}

const ownVersion = (): string => (JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {version: string}).version;

/** The version of the TypeScript that tslab brings; it is not loaded for that. */
function typescriptVersion(folder: string): string {
  try {
    return (requireTslab(folder)("@tslab/typescript-for-tslab/package.json") as {version: string}).version;
  } catch {
    return "5.0";
  }
}
