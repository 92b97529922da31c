import {createRequire, type SourceMap} from "node:module";
import {join} from "node:path";
import {ChoiceError} from "../errors.js";
import {awaitsInLoop, withoutExport} from "./cellText.js";
import {locate, prepareCompiler} from "./compiler.js";
import {declarationsOf} from "./declarations.js";
import type {Completion, QuickInfo} from "./kernel/hover.js";

// The only file that knows tslab's insides; compiler.ts knows its TypeScript's. They are promised to nobody, so package.json
// pins tslab to 1.0.x.

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

/** tslab's executor and language service, reduced to what a runner and a kernel need. */
export interface Tslab {
  /** Runs a cell. One that throws keeps the variables of the statements it finished. */
  run(code: string, name: string): Promise<Ended>;
  interrupt(): void;
  /** Reads a package's types before a cell asks for them, and keeps them. */
  readAhead(name: string): void;
  inspect(code: string, at: number): QuickInfo | undefined;
  complete(code: string, at: number): Completion;
  /** The texts of TypeScript's parser for what is wrong in a piece of code, with the place of each. */
  complaints(code: string): readonly {readonly code: number; readonly start: number; readonly length: number}[];
  /** The cells run so far, by the name they bear in stack traces. */
  readonly cells: ReadonlyMap<string, RunCell>;
}

interface Converted {
  output?: string;
  declOutput?: string;
  hasToplevelAwait?: boolean;
}
interface Converter {
  convert(before: string, code: string): Converted;
  inspect(before: string, code: string, at: number): QuickInfo | undefined;
  complete(before: string, code: string, at: number): Completion;
  close(): void;
}
interface Executor {
  execute(code: string): Promise<boolean>;
  interrupt(): void;
  readonly locals: Record<string, unknown>;
}
type Console = {log(value: unknown): void; error(...words: unknown[]): void};
type Settings = Record<string, unknown>;

interface Opening {
  readonly folder: string;
  readonly javascript: boolean;
  /** Takes what cells show through tslab's own `display` functions. */
  push(content: Settings, update: boolean): void;
  /** Told when the part of a cell begins and ends that runs without a break. */
  inside(yes: boolean): void;
}

/**
 * Starts tslab's compiler and executor for cells that live in a folder: the process's working folder, since tslab asks
 * no other way.
 *
 * @param opening `folder`: the notebook's folder, from which tslab is looked for, then beside this library;
 *                `javascript`: run cells as JavaScript, without types
 * @throws {ChoiceError} notebook/no-tslab
 */
export function openTslab({folder, javascript, push, inside}: Opening): Tslab {
  const need = requireTslab(folder);
  const maps = new Map<string, SourceMap[]>();
  const ts = prepareCompiler(need, maps);
  standInForJupyter(need, push);
  const {createConverter} = need("./converter.js") as {createConverter(options: {isJS: boolean; isBrowser: boolean}): Converter};
  const {createExecutor} = need("./executor.js") as {createExecutor(folder: string, converters: object, console: Console): Executor};

  const cells = new Map<string, RunCell>();
  let name = "";
  let ended: Ended = {kind: "nothing"};
  let complaints: Complaint[] = [];
  let declared = ""; // by the cells so far, as a declaration file; tslab keeps its own, which forgets what failing cells declared
  let declaring: string | undefined; // with the cell that runs
  let ahead = ""; // an import for its types alone: of nothing that cells could name
  const converter = createConverter({isJS: javascript, isBrowser: false});
  const node = {
    ...converter,
    convert(_: string, code: string): Converted {
      declaring = undefined;
      const converted = converter.convert(declared + ahead, withoutExport(ts, code));
      if (converted.output === undefined) return converted;
      declaring = converted.declOutput ?? "";
      const found = maps.get(converted.output) ?? [];
      const height = converted.output.split("\n").length; // below lies the call of the function tslab makes of a cell
      maps.clear();
      cells.set(name, {source: code, locate: (line, column) => (line > height ? undefined : locate(found, line, column))});
      inside(true);
      // The comment gives the cell its name in stack traces.
      return {...converted, hasToplevelAwait: converted.hasToplevelAwait || awaitsInLoop(ts, code), output: `${converted.output}\n//# sourceURL=${name}`};
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

  /**
   * What a cell that threw leaves: values of finished statements with their types. A name that was declared anew and not
   * reached stands for what it was before; a new variable that waits for its value stays, so that a later cell can say so.
   */
  function keepFinished(before: ReadonlyMap<string, unknown>, declarations: string): string {
    const {locals} = executor;
    const missed = new Set(Object.getOwnPropertyNames(locals).filter((key) => locals[key] === undefined && !(before.has(key) && before.get(key) === undefined)));
    const restored = new Set([...missed].filter((key) => before.has(key)));
    for (const key of restored) locals[key] = before.get(key);
    return declarationsOf(ts, declarations, (key, word) => !missed.has(key) || (!restored.has(key) && (word === "let" || word === "var"))) + declarationsOf(ts, declared, (key) => restored.has(key), false);
  }

  return {
    cells,
    interrupt: () => executor.interrupt(),
    readAhead(name) {
      const types = `import ${JSON.stringify(name)};\n`;
      converter.inspect(declared + types, "", 0);
      ahead = types;
    },
    inspect: (code, at) => converter.inspect(declared + ahead, withoutExport(ts, code), at),
    complete: (code, at) => converter.complete(declared + ahead, withoutExport(ts, code), at),
    complaints: (code) => (ts.createSourceFile("cell.ts", code, 99, false) as unknown as {parseDiagnostics: []}).parseDiagnostics,
    async run(code, cell) {
      [name, ended, complaints, declaring] = [cell, {kind: "nothing"}, [], undefined];
      const before = new Map(Object.entries(executor.locals));
      const running = executor.execute(code);
      inside(false);
      const good = await running;
      if (!good && complaints.length) return {kind: "rejected by types", complaints};
      if (declaring !== undefined) declared = good ? declaring : keepFinished(before, declaring);
      return ended;
    }
  };
}

/**
 * tslab's own `require`, from which its packages can be reached too.
 *
 * @param at the call as the user would recognise it, for messages
 * @throws {ChoiceError} notebook/no-tslab
 */
export function requireTslab(folder: string, at = "runNotebook"): NodeJS.Require {
  for (const from of [join(folder, "notebook.js"), import.meta.url]) {
    try {
      return createRequire(createRequire(from).resolve("tslab/dist/executor.js"));
    } catch {
      // not there: try the next place
    }
  }
  throw new ChoiceError("notebook/no-tslab", {at, saw: "no tslab beside the notebook nor beside this library", want: "tslab 1.0.22 or a later 1.0", hint: "npm install tslab@~1.0.22"});
}

/**
 * Lets cells that import tslab's own `display` be heard: those functions look for a hook in tslab's Jupyter module. That
 * module would load the sockets library too, so a stand-in takes its place.
 */
function standInForJupyter(need: NodeJS.Require, push: (content: Settings, update: boolean) => void): void {
  const path = need.resolve("./jupyter.js");
  need.cache[path] = {id: path, filename: path, loaded: true, exports: {lastWriteDisplayData: (content: Settings, update?: boolean) => push(content, !!update)}} as never;
}
