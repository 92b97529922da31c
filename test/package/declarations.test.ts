import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {dirname, join, resolve} from "node:path";
import test, {after, before} from "node:test";
import {fileURLToPath} from "node:url";
import type * as TypeScript from "typescript";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
// tslab's own compiler: a cell's types are read by this one, whatever is current elsewhere.
const ts = createRequire(import.meta.url)("@tslab/typescript-for-tslab") as typeof TypeScript;
let folder = "";
let program: TypeScript.Program;

before(() => {
  assert.ok(existsSync(join(root, "dist/index.d.ts")), "build first: npm run build");
  folder = mkdtempSync(join(tmpdir(), "declarations-"));
  const packed = JSON.parse(execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"]})) as [{filename: string}];
  const home = join(folder, "node_modules/maxent-logit");
  mkdirSync(home, {recursive: true});
  execFileSync("tar", ["-xzf", join(folder, packed[0].filename), "-C", home, "--strip-components=1"]);
  for (const name of ["ml-matrix", "@types"]) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name), "junction");
  copyFileSync(join(root, "test/types/consumer.ts"), join(folder, "consumer.ts"));
  program = ts.createProgram([join(folder, "consumer.ts")], {
    target: ts.ScriptTarget.ES2022, lib: ["lib.es2022.d.ts"], module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: true, strict: true, skipLibCheck: false, noEmit: true, types: ["node"], preserveSymlinks: true
  });
});

after(() => rmSync(folder, {recursive: true, force: true}));

test("the compiler is the one that tslab brings", () => assert.match(ts.version, /^5\.0\./));

test("the packed declarations and a notebook author's cell compile with skipLibCheck off; what must not compile does not", () => {
  const messages = ts.getPreEmitDiagnostics(program).map((d) => `${d.file?.fileName.slice(folder.length + 1) ?? ""}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`);
  assert.deepEqual(messages, []);
});

/** Every type that can be reached from an export, breadth first, each once: so the path to it is a shortest one. */
function reach(entry: string, visit: (type: TypeScript.Type, path: string) => void): void {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(folder, "node_modules/maxent-logit", entry));
  assert.ok(file, entry);
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
  assert.ok(exported.length > 0);
  const queue = exported.map((symbol): [TypeScript.Type, string] => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return [target.flags & ts.SymbolFlags.Value ? checker.getTypeOfSymbolAtLocation(target, file) : checker.getDeclaredTypeOfSymbol(target), symbol.name];
  });
  const seen = new Set<TypeScript.Type>();
  for (const [type, path] of queue) {
    visit(type, path);
    if (seen.has(type)) continue;
    seen.add(type);
    assert.ok(seen.size < 20000, `types without end, at ${path}`);
    if (type.isUnionOrIntersection()) queue.push(...type.types.map((part): [TypeScript.Type, string] => [part, path]));
    for (const argument of [...(checker.getTypeArguments(type as TypeScript.TypeReference) ?? []), ...(type.aliasTypeArguments ?? [])]) queue.push([argument, `${path}<>`]);
    for (const {type: value} of checker.getIndexInfosOfType(type)) queue.push([value, `${path}[]`]);
    if (!type.symbol?.declarations?.[0]?.getSourceFile().fileName.includes("maxent-logit/dist")) continue; // a library's own affair
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      for (const parameter of signature.parameters) queue.push([checker.getTypeOfSymbolAtLocation(parameter, file), `${path}(${parameter.name})`]);
      queue.push([signature.getReturnType(), `${path}()`]);
    }
    for (const property of type.getProperties()) queue.push([checker.getTypeOfSymbolAtLocation(property, file), `${path}.${property.name}`]);
  }
}

test("no exported type holds an any but the cells of the row that a user's own function is handed", () => {
  const leaks: string[] = [];
  let count = 0;
  for (const entry of ["dist/index.d.ts", "dist/notebook/index.d.ts"]) reach(entry, (type, path) => {
    ++count;
    if (type.flags & ts.TypeFlags.Any) leaks.push(path);
  });
  assert.ok(count > 500, `${count} types looked at`);
  // All three lead to the one type Row, a Readonly<Record<string, any>>: itself, and as the alias is written.
  assert.deepEqual(leaks, ["LongOptions.where(row)[]", "LongOptions.where(row)<><>", "LongOptions.where(row)<>[]"]);
});

test("no declaration holds syntax or library types that compiler does not know", () => {
  for (const file of program.getSourceFiles().filter(({fileName}) => fileName.includes("maxent-logit/dist"))) {
    assert.doesNotMatch(file.text, /ArrayBufferLike|NoInfer</, file.fileName);
  }
});
