import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from "node:fs";
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

test("no exported type holds an any that was not meant", () => {
  const checker = program.getTypeChecker();
  const leaks: string[] = [];
  for (const entry of ["dist/index.d.ts", "dist/notebook/index.d.ts"]) {
    const file = program.getSourceFile(join(folder, "node_modules/maxent-logit", entry));
    assert.ok(file, entry);
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
    assert.ok(exported.length > 0);
    const seen = new Set<TypeScript.Type>();
    const visit = (type: TypeScript.Type, path: string, depth: number): void => {
      if (type.flags & ts.TypeFlags.Any) {
        leaks.push(path);
        return;
      }
      if (depth > 6 || seen.has(type)) return;
      seen.add(type);
      if (type.isUnionOrIntersection()) type.types.forEach((part) => visit(part, path, depth));
      const declared = type.symbol?.declarations?.[0]?.getSourceFile().fileName ?? "";
      for (const argument of checker.getTypeArguments(type as TypeScript.TypeReference) ?? []) visit(argument, `${path}<>`, depth + 1);
      if (!declared.includes("maxent-logit/dist")) return;
      for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
        signature.parameters.forEach((parameter) => visit(checker.getTypeOfSymbolAtLocation(parameter, file), `${path}(${parameter.name})`, depth + 1));
        visit(signature.getReturnType(), `${path}()`, depth + 1);
      }
      for (const property of type.getProperties()) visit(checker.getTypeOfSymbolAtLocation(property, file), `${path}.${property.name}`, depth + 1);
    };
    for (const symbol of exported) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      visit(target.flags & ts.SymbolFlags.Value ? checker.getTypeOfSymbolAtLocation(target, file) : checker.getDeclaredTypeOfSymbol(target), symbol.name, 0);
    }
  }
  // A row handed to a user's own function holds what the user's table holds: meant.
  const meant = readFileSync(join(root, "src/data/frame.ts"), "utf8").includes("Readonly<Record<string, any>>");
  assert.deepEqual(leaks.filter((path) => !(meant && /where|attributes|\(row\)/.test(path))), []);
});

test("no declaration holds syntax or library types that compiler does not know", () => {
  for (const file of program.getSourceFiles().filter(({fileName}) => fileName.includes("maxent-logit/dist"))) {
    assert.doesNotMatch(file.text, /ArrayBufferLike|NoInfer</, file.fileName);
  }
});
