import {SourceMap} from "node:module";
import {dirname} from "node:path";
import type {Reader} from "./cellText.js";
import {checkpoints, type Syntax} from "./kernel/checkpoints.js";
import {expandShorthand, type Emitter} from "./shorthand.js";

// tslab's own TypeScript, set up for notebooks.

type Settings = Record<string, unknown>;
interface Transpile {
  compilerOptions: Settings;
  transformers?: Settings;
}

/** As much of TypeScript as tslab and this library use. */
export interface Compiler extends Syntax, Reader {
  readonly version: string;
  readonly ModuleResolutionKind: {readonly Bundler?: number};
  createWatchCompilerHost(roots: unknown, options: Settings, ...rest: unknown[]): unknown;
  readonly Completions: {getCompletionsAtPositionForTslab(host: object, ...rest: unknown[]): unknown};
  readonly sys: {getCurrentDirectory(): string; fileExists(path: string): boolean; readFile(path: string): string | undefined};
  createWatchProgram(host: {afterProgramCreate(program: Emitter): void}): unknown;
  transpileModule(text: string, settings: Transpile): {outputText: string; sourceMapText?: string};
}

const earlierCells = "/__prev__.d.ts"; // where tslab tells its compiler what earlier cells declared

/**
 * Sets tslab's TypeScript up for notebooks, before tslab's converter takes hold of it: packages' `exports` are followed;
 * of all `@types` only Node's are loaded unasked, in the version tslab was made with, which halves the start; source maps
 * are kept, so that an error can point at the line the user wrote; and checkpoints are put in, at which a cell can be stopped.
 *
 * @param maps receives the source maps of compiled code, the later step's first
 */
export function prepareCompiler(need: NodeJS.Require, maps: Map<string, SourceMap[]>): Compiler {
  const path = need.resolve("@tslab/typescript-for-tslab");
  const real = need(path) as Compiler;
  const types = nodeTypes(need);
  const prepared: Compiler = {
    ...real,
    createWatchCompilerHost(roots, options, ...rest) {
      const moduleResolution = real.ModuleResolutionKind.Bundler ?? options.moduleResolution;
      const typeRoots = types ? {typeRoots: [types]} : {};
      return real.createWatchCompilerHost(roots, {...options, moduleResolution, types: ["node"], ...typeRoots, inlineSourceMap: true}, ...rest);
    },
    // tslab hands over an empty host, at which completion breaks off where a type has a symbol for a key.
    Completions: {
      ...real.Completions,
      getCompletionsAtPositionForTslab(host, ...rest) {
        const {getCurrentDirectory, fileExists, readFile} = real.sys;
        return real.Completions.getCompletionsAtPositionForTslab({...host, getCurrentDirectory, fileExists, readFile, useCaseSensitiveFileNames: () => true}, ...rest);
      }
    },
    createWatchProgram(host) {
      const created = host.afterProgramCreate;
      host.afterProgramCreate = (program) => {
        expandShorthand(real, program, earlierCells);
        created.call(host, program);
      };
      return real.createWatchProgram(host);
    },
    // tslab compiles in two steps, TypeScript to ES modules to CommonJS: this is the second, and both leave a map.
    transpileModule(text, settings) {
      const [code, first] = splitMap(text);
      const result = real.transpileModule(code, {...settings, compilerOptions: {...settings.compilerOptions, sourceMap: true}, transformers: {before: [checkpoints(real)]}});
      const outputText = splitMap(result.outputText)[0];
      if (first && result.sourceMapText) maps.set(outputText, [new SourceMap(JSON.parse(result.sourceMapText)), new SourceMap(first)]);
      return {...result, outputText};
    }
  };
  need.cache[path]!.exports = prepared;
  return prepared;
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

/**
 * A place of compiled code in the source, both counted from 1; undefined where it is not of the source's making. The
 * converter puts one line before the cell's source. (The executor's function head shares the first compiled line with the
 * mark of a module, never with code of the user's.)
 */
export function locate(maps: readonly SourceMap[], line: number, column: number): {line: number; column: number} | undefined {
  let at = {line: line - 1, column: column - 1};
  for (const map of maps) {
    const entry = map.findEntry(at.line, at.column);
    if (!("originalLine" in entry)) return undefined;
    at = {line: entry.originalLine, column: entry.originalColumn};
  }
  return maps.length && at.line > 0 ? {line: at.line, column: at.column + 1} : undefined;
}
