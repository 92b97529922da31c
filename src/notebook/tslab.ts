import {createRequire, SourceMap} from "node:module";
import {dirname, join} from "node:path";
import {ChoiceError} from "../errors.js";

// The only file that knows tslab's insides. They are promised to nobody, so package.json pins tslab to 1.0.x.

/** One complaint of the type checker; lines and columns are counted from 1, as editors do. */
export interface Complaint {
  /** The file beside the notebook it was found in; undefined for the cell itself. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** How a cell ended. */
export type Ended =
  | {readonly kind: "value"; readonly value: unknown}
  | {readonly kind: "nothing"}
  | {readonly kind: "thrown"; readonly error: unknown}
  | {readonly kind: "rejected by types"; readonly complaints: readonly Complaint[]};

/** A cell that was run: its source, and where a place in its compiled code lies in that source. */
export interface RunCell {
  readonly source: string;
  /** Both counted from 1; undefined where the place is not of the cell's own making. */
  locate(line: number, column: number): {line: number; column: number} | undefined;
}

/** tslab's executor, reduced to what a runner needs. */
export interface Tslab {
  run(code: string, name: string): Promise<Ended>;
  interrupt(): void;
  /** The cells run so far, by the name they bear in stack traces. */
  readonly cells: ReadonlyMap<string, RunCell>;
}

interface Converted {output?: string}
interface Converter {
  convert(before: string, code: string): Converted;
  close(): void;
}
interface Executor {
  execute(code: string): Promise<boolean>;
  interrupt(): void;
}
type Console = {log(value: unknown): void; error(...words: unknown[]): void};
type Settings = Record<string, unknown>;

/**
 * Starts tslab's compiler and executor for cells that live in a folder: the process's working folder, since tslab asks
 * no other way.
 *
 * @param folder     the notebook's folder; tslab is looked for from there, then beside this library
 * @param javascript run cells as JavaScript, without types
 * @param push       takes what cells show through tslab's own `display` functions
 * @throws {ChoiceError} notebook/no-tslab
 */
export function openTslab({folder, javascript, push}: {folder: string; javascript: boolean; push(content: Settings, update: boolean): void}): Tslab {
  const need = requireTslab(folder);
  const maps = new Map<string, SourceMap[]>();
  prepareCompiler(need, maps);
  standInForJupyter(need, push);
  const {createConverter} = need("./converter.js") as {createConverter(options: {isJS: boolean; isBrowser: boolean}): Converter};
  const {createExecutor} = need("./executor.js") as {createExecutor(folder: string, converters: object, console: Console): Executor};

  const cells = new Map<string, RunCell>();
  let name = "";
  let ended: Ended = {kind: "nothing"};
  let complaints: Complaint[] = [];
  const converter = createConverter({isJS: javascript, isBrowser: false});
  const node = {
    ...converter,
    convert(before: string, code: string): Converted {
      const converted = converter.convert(before, code);
      if (converted.output === undefined) return converted;
      const found = maps.get(converted.output) ?? [];
      const height = converted.output.split("\n").length; // below lies the call of the function tslab makes of a cell
      maps.clear();
      cells.set(name, {source: code, locate: (line, column) => (line > height ? undefined : locate(found, line, column))});
      // The comment gives the cell its name in stack traces.
      return {...converted, output: `${converted.output}\n//# sourceURL=${name}`};
    }
  };
  const executor = createExecutor(folder, {node, browser: node, close: () => converter.close()}, {
    log: (value) => void (ended = {kind: "value", value}),
    error(...words) {
      if (words.length === 5 && words[0] === "%s%d:%d - %s") {
        const [, file, line, column, text] = words as [string, string, number, number, string];
        complaints.push({file: file.trim() || undefined, line, column, text});
      } else ended = {kind: "thrown", error: words[0]};
    }
  });

  return {
    cells,
    interrupt: () => executor.interrupt(),
    async run(code, cell) {
      [name, ended, complaints] = [cell, {kind: "nothing"}, []];
      const good = await executor.execute(code);
      return !good && complaints.length ? {kind: "rejected by types", complaints} : ended;
    }
  };
}

function requireTslab(folder: string): NodeJS.Require {
  for (const from of [join(folder, "notebook.js"), import.meta.url]) {
    try {
      return createRequire(createRequire(from).resolve("tslab/dist/executor.js"));
    } catch {
      // not there: try the next place
    }
  }
  throw new ChoiceError("notebook/no-tslab", {at: "runNotebook", saw: "no tslab beside the notebook nor beside this library", want: "tslab 1.0.22 or a later 1.0", hint: "npm install tslab@~1.0.22"});
}

/**
 * Sets tslab's TypeScript up for notebooks, before tslab's converter takes hold of it: packages' `exports` are followed;
 * of all `@types` only Node's are loaded unasked, in the version tslab was made with, which halves the start; and source
 * maps are kept, so that an error can point at the line the user wrote.
 */
function prepareCompiler(need: NodeJS.Require, maps: Map<string, SourceMap[]>): void {
  const path = need.resolve("@tslab/typescript-for-tslab");
  const real = need(path) as {
    ModuleResolutionKind: {Bundler?: number};
    createWatchCompilerHost(roots: unknown, options: Settings, ...rest: unknown[]): unknown;
    transpileModule(text: string, settings: {compilerOptions: Settings}): {outputText: string; sourceMapText?: string};
  };
  const types = nodeTypes(need);
  need.cache[path]!.exports = {
    ...real,
    createWatchCompilerHost(roots: unknown, options: Settings, ...rest: unknown[]) {
      const moduleResolution = real.ModuleResolutionKind.Bundler ?? options.moduleResolution;
      const typeRoots = types ? {typeRoots: [types]} : {};
      return real.createWatchCompilerHost(roots, {...options, moduleResolution, types: ["node"], ...typeRoots, inlineSourceMap: true}, ...rest);
    },
    // tslab compiles in two steps, TypeScript to ES modules to CommonJS: this is the second, and both leave a map.
    transpileModule(text: string, settings: {compilerOptions: Settings}) {
      const [code, first] = splitMap(text);
      const result = real.transpileModule(code, {...settings, compilerOptions: {...settings.compilerOptions, sourceMap: true}});
      const outputText = splitMap(result.outputText)[0];
      if (first && result.sourceMapText) maps.set(outputText, [new SourceMap(JSON.parse(result.sourceMapText)), new SourceMap(first)]);
      return {...result, outputText};
    }
  };
}

function nodeTypes(need: NodeJS.Require): string | undefined {
  try {
    return dirname(dirname(need.resolve("@types/node/package.json")));
  } catch {
    return undefined;
  }
}

type Payload = ConstructorParameters<typeof SourceMap>[0];

/** Compiled code without its source map comment, and the map when it was inside. */
function splitMap(code: string): [string, Payload | undefined] {
  const at = code.lastIndexOf("//# sourceMappingURL=");
  if (at < 0) return [code, undefined];
  const [, base64] = /base64,([\w+/=]+)\s*$/.exec(code.slice(at)) ?? [];
  return [code.slice(0, at).trimEnd(), base64 === undefined ? undefined : (JSON.parse(Buffer.from(base64, "base64").toString()) as Payload)];
}

// The converter puts one line before the cell's source. (The executor's function head shares the first compiled line with
// the mark of a module, never with code of the user's.)
function locate(maps: readonly SourceMap[], line: number, column: number): {line: number; column: number} | undefined {
  let at = {line: line - 1, column: column - 1};
  for (const map of maps) {
    const entry = map.findEntry(at.line, at.column);
    if (!("originalLine" in entry)) return undefined;
    at = {line: entry.originalLine, column: entry.originalColumn};
  }
  return maps.length && at.line > 0 ? {line: at.line, column: at.column + 1} : undefined;
}

/**
 * Lets cells that import tslab's own `display` be heard: those functions look for a hook in tslab's Jupyter module. That
 * module would load the sockets library too, so a stand-in takes its place.
 */
function standInForJupyter(need: NodeJS.Require, push: (content: Settings, update: boolean) => void): void {
  const path = need.resolve("./jupyter.js");
  need.cache[path] = {id: path, filename: path, loaded: true, exports: {lastWriteDisplayData: (content: Settings, update?: boolean) => push(content, !!update)}} as never;
}
