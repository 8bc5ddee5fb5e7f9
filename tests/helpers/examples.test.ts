import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HELPERS = join(ROOT, "support/helpers");

/** The functions that lessons import, each with the file that it is written in. */
function functions(): [name: string, file: string][] {
  const index = readFileSync(join(HELPERS, "index.ts"), "utf8");
  return [...index.matchAll(/^export \{([^}]*)\} from "\.\/(.*)";$/gm)].flatMap(([, names = "", file = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => /^[a-z]\w*$/.test(name))
      .map((name): [string, string] => [name, file]),
  );
}

/** The example in a function's documentation; undefined when there is none. */
function exampleOf(name: string, file: string): string | undefined {
  const text = readFileSync(join(HELPERS, file), "utf8");
  const [before = ""] = text.split(new RegExp(`\\nexport (?:async )?function ${name}\\b`));
  const doc = before.slice(before.lastIndexOf("/**"));
  const [, example] = /^ \* @example\n((?: \*(?! @|\/).*\n)+)/m.exec(`${doc}\n`) ?? [];
  return example?.replace(/^ \* ?/gm, "");
}

const SETTINGS = {
  compilerOptions: {
    target: "esnext",
    module: "esnext",
    moduleResolution: "bundler",
    moduleDetection: "force",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  },
};

/** What the strict type checker says of the examples, each as a module of its own. */
function complaints(examples: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "tsasync-examples-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(SETTINGS));
    for (const [name, code] of examples) {
      const used = functions().flatMap(([one]) => (new RegExp(`\\b${one}[(<]`).test(code) ? [one] : []));
      writeFileSync(join(folder, `${name}.ts`), `import { ${used.join(", ")} } from "support";\n${code}`);
    }
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    return spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("each function that lessons import shows in its documentation how it is called", () => {
  const all = functions();
  assert.ok(all.length > 20);
  const without = all.filter(([name, file]) => exampleOf(name, file) === undefined);
  assert.deepEqual(without, []);
});

test("the examples in the documentation are strict TypeScript, and a false one would be found", () => {
  const examples = new Map(functions().map(([name, file]) => [name, exampleOf(name, file) ?? ""]));
  assert.equal(complaints(examples), "");
  assert.match(complaints(new Map([["planted", "await sleep('two');\n"]])), /planted\.ts.*TS2345/);
});
