import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ROOMS = "support/rooms.json";
const BIOME = join(ROOT, "node_modules/@biomejs/biome/bin/biome");

const house = mkdtempSync(join(tmpdir(), "tsasync-rooms-"));
mkdirSync(join(house, "support"));
copyFileSync(join(ROOT, ROOMS), join(house, ROOMS));
writeFileSync(join(house, "biome.json"), JSON.stringify({ extends: [`./${ROOMS}`] }));
after(() => rmSync(house, { recursive: true }));

/** What the linter says of a file with one import, were it in the project. */
function refused(file: string, imported: string): boolean {
  const path = join(house, "support", file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { a } from "${imported}";\n\nconsole.log(a);\n`);
  const ran = spawnSync(process.execPath, [BIOME, "lint", path], { cwd: house, encoding: "utf8" });
  rmSync(path);
  assert.equal(/noRestrictedImports/.test(ran.stderr), ran.status === 1, ran.stderr);
  return ran.status === 1;
}

for (const [file, imported] of [
  ["helpers/recording/planted.ts", "../timeline/timeline.ts"],
  ["helpers/clean-up/planted.ts", "../recording/record.ts"],
  ["helpers/clock/planted.ts", "../../kernel/cell.ts"],
  ["helpers/cell/planted.ts", "../../kernel/output.ts"],
  ["helpers/limits/planted.ts", "support"],
  ["helpers/index.ts", "../kernel/cell.ts"],
  ["kernel/planted.ts", "../helpers/clock/sleep.ts"],
] as const) {
  test(`a planted import of ${imported} in ${file} is refused`, () => {
    assert.ok(refused(file, imported));
  });
}

test("an import of the own room or of a room that comes before is let pass", () => {
  assert.ok(!refused("helpers/timeline/planted.ts", "./layout.ts"));
  assert.ok(!refused("helpers/timeline/planted.ts", "../recording/recording.ts"));
  assert.ok(!refused("helpers/cell/planted.ts", "../../kernel/cell.ts"));
});

/** The rooms of the helpers in their order, each with those that it may import. */
function order(): Map<string, string[]> {
  const text = readFileSync(join(ROOT, ROOMS), "utf8");
  const found = text.matchAll(/"support\/helpers\/([a-z-]+)\/\*\*".*\n.*"group": \[(.*)\]/g);
  const allowed = (group: string): string[] =>
    [...group.matchAll(/"!\.\.\/([a-z-]+)\/\*\*"/g)].map(([, room = ""]) => room);
  return new Map([...found].map(([, room = "", group = ""]) => [room, allowed(group)]));
}

test("the README has the same rooms in the same order, with the same arrows", () => {
  const page = readFileSync(join(ROOT, "support/helpers/README.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \|.*\| ([^|]*)\|$/gm)];
  const told = rows.map(([, room, uses = ""]) => [
    room,
    [...uses.matchAll(/`([a-z-]+)`/g)].map(([, other]) => other).sort(),
  ]);
  const held = [...order()].map(([room, allowed]) => [room, [...allowed].sort()]);
  assert.deepEqual(told, held);
});

test("every room has a place in the order, and may import only rooms that come before it", () => {
  const rooms = order();
  const folders = readdirSync(join(ROOT, "support/helpers"), { withFileTypes: true });
  const names = folders.filter((one) => one.isDirectory()).map((one) => one.name);
  assert.deepEqual([...rooms.keys()].sort(), names.sort());
  const before = new Set<string>();
  for (const [room, allowed] of rooms) {
    assert.deepEqual(
      allowed.filter((other) => !before.has(other)),
      [],
      room,
    );
    before.add(room);
  }
});
