import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const INDEX = new URL("../../support/helpers/index.ts", import.meta.url).href;
const SUPPORT = new URL("../../support/", import.meta.url).href;

/** Which modules a program loads, by the addresses that Node gives them. */
function loaded(program: string): string[] {
  const watch =
    'import { registerHooks } from "node:module"; const seen = new Set();' +
    "registerHooks({ load(url, context, next) { seen.add(url); return next(url, context); } });";
  const source = `${watch} ${program}; console.log(JSON.stringify([...seen])); process.exit(0);`;
  const options = { encoding: "utf8", cwd: fileURLToPath(new URL("../..", import.meta.url)) } as const;
  const said: unknown = JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", source], options),
  );
  assert.ok(Array.isArray(said));
  return said.map(String);
}

test("importing the helpers loads no package, no HTTP and no debugger: a lesson's first cell waits for it", () => {
  const modules = loaded(`await import(${JSON.stringify(INDEX)})`);
  const others = modules.filter((url) => !url.startsWith("node:") && !url.startsWith(SUPPORT));
  assert.deepEqual(others, []);
  // Node's HTTP is loaded by a file of ours, which no hook sees.
  for (const heavy of ["node:http", "node:inspector", new URL("helpers/delay-server/http.ts", SUPPORT).href])
    assert.ok(!modules.includes(heavy), heavy);
  assert.ok(modules.includes(INDEX) && modules.includes("node:net"));
});

test("what is drawn with is loaded for the first picture", () => {
  const modules = loaded(
    `const { record, timeline } = await import(${JSON.stringify(INDEX)}); ` +
      "console.log = () => {}; timeline(await record(() => 1)); delete console.log; " +
      "console.log = (text) => process.stdout.write(text)",
  );
  for (const drawing of ["/@observablehq/plot/", "/linkedom/"])
    assert.ok(
      modules.some((url) => url.includes(drawing)),
      drawing,
    );
});

test("a cell's compiler reads the helpers' types and none of their code or of what that needs", () => {
  const build = fileURLToPath(new URL("../../build/", import.meta.url));
  mkdirSync(build, { recursive: true });
  const folder = mkdtempSync(join(build, "types-"));
  try {
    writeFileSync(join(folder, "cell.ts"), 'import { timeline } from "support";\nvoid timeline;\n');
    const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
    const flags = ["--listFilesOnly", "--ignoreConfig", "--module", "nodenext", "--skipLibCheck"];
    const options = { cwd: folder, encoding: "utf8" } as const;
    const read = execFileSync(process.execPath, [compiler, ...flags, "cell.ts"], options).split("\n");
    const helpers = read.filter((file) => file.includes("/support/"));
    assert.ok(helpers.length > 20, read.join("\n"));
    assert.deepEqual(
      helpers.filter((file) => !file.includes("/support/types/")),
      [],
    );
    for (const heavy of ["linkedom", "@observablehq", "/undici/"])
      assert.ok(!read.some((file) => file.includes(heavy)), heavy);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
