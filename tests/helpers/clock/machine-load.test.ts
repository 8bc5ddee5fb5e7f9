import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { test } from "node:test";
import {
  isBusyBetween,
  type LoadReading,
  readLoad,
  workedIn,
} from "../../../support/helpers/clock/machine-load.ts";

const HERE = new URL("../../../support/helpers/", import.meta.url).href;

const FROM: LoadReading = { at: 1000, waited: 50, others: 9000, taken: 70 };

function later(ms: number, more: Partial<Omit<LoadReading, "at">>): LoadReading {
  const { waited = 0, others = 0, taken = 0 } = more;
  return {
    at: FROM.at + ms,
    waited: FROM.waited + waited,
    others: FROM.others + others,
    taken: FROM.taken + taken,
  };
}

test("a process that waited while others worked was kept from its work", () => {
  assert.ok(isBusyBetween(FROM, later(1000, { waited: 150, others: 1900 })));
  assert.ok(isBusyBetween(FROM, later(5000, { waited: 120, others: 5000 })));
});

test("one that waited for what it started itself was not", () => {
  assert.ok(!isBusyBetween(FROM, later(1000, { waited: 900, others: 30 })));
});

test("others' work beside which it hardly waited is not felt", () => {
  assert.ok(!isBusyBetween(FROM, later(1000, { waited: 4, others: 900 })));
  assert.ok(!isBusyBetween(FROM, later(5000, { waited: 60, others: 2500 })));
});

test("processors that the host or a limit took away are felt, a trace of that is not", () => {
  assert.ok(isBusyBetween(FROM, later(1000, { taken: 200 })));
  assert.ok(!isBusyBetween(FROM, later(5000, { taken: 90 })));
});

test("programs that give way are not felt, but by one that gives way itself", () => {
  const line = "cpu  100 3000 20 90000 700 3 4 50 60 70";
  assert.deepEqual([workedIn(line, false), workedIn(line, true)], [1270, 31270]);
});

test("a span of a few ticks tells nothing", () => {
  assert.ok(!isBusyBetween(FROM, later(30, { waited: 30, others: 60, taken: 30 })));
});

const linux = { skip: process.platform !== "linux" };

test("what this process and its children do is not others' work", linux, () => {
  const work = "for (let used; (used = process.cpuUsage()), used.user + used.system < 500_000;);";
  const before = readLoad();
  spawnSync(process.execPath, [
    "-e",
    `${work} require("child_process").spawnSync(process.execPath, ["-e", "${work}"])`,
  ]);
  const now = readLoad();
  assert.ok(before !== undefined && now !== undefined);
  const span = now.at - before.at;
  // The two worked for 1000 ms: were they others, this would be more than all processors can do.
  const most = availableParallelism() * span - 900;
  assert.ok(now.others - before.others <= most, `${now.others - before.others} of ${most} ms`);
});

/** Runs a timed claim that is false in a process of its own, and returns what was said of it. */
function falseClaim(...before: string[]): string {
  const script =
    `const { check } = await import("${HERE}checks/check.ts"); const end = Date.now() + 600;` +
    `while (Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 1)); check("it took 0 s", false);`;
  const [command = process.execPath, ...words] = [
    ...before,
    process.execPath,
    "--input-type=module",
    "-e",
    script,
  ];
  return spawnSync(command, words, { encoding: "utf8" }).stderr;
}

test("beside burners, a claim that does not hold is said to be for another time", linux, () => {
  const burners = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
  try {
    assert.equal(falseClaim(), "↻ it took 0 s: this computer was busy: run the cell again\n");
  } finally {
    for (const burner of burners) burner.kill("SIGKILL");
  }
});

const OWN_MOUNTS = ["unshare", "--user", "--map-root-user", "--mount"];
const noMounts = spawnSync(OWN_MOUNTS[0] ?? "", [...OWN_MOUNTS.slice(1), "true"]).status !== 0;

test("where the system counts nothing, it does not hold, and nothing else is said", {
  skip: noMounts,
}, () => {
  const hidden = [...OWN_MOUNTS, "sh", "-c", 'mount -t tmpfs tmpfs /proc && exec "$@"', "sh"];
  assert.equal(falseClaim(...hidden), "✗ it took 0 s: this does not hold\n");
});
