import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { statsOf } from "../../../support/helpers/delay-server-client/client.ts";

const MAIN = fileURLToPath(new URL("../../../support/helpers/delay-server/main.ts", import.meta.url));
const COUNT = 1000;
const DELAY_S = 3;

test("a thousand requests sleep at once in a server that has just started, and none is lost", async (t) => {
  const env = { ...process.env, LESSON_SECOND_MS: "1000" };
  const child = spawn(process.execPath, [MAIN, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"], env });
  t.after(() => child.kill());
  const [text] = await once(child.stdout, "data");
  child.stdout.resume();
  const [, port = ""] = /localhost:(\d+)/.exec(String(text)) ?? [];
  // An address, not a name: a thousand look-ups of `localhost` would be measured too.
  const base = `http://127.0.0.1:${port}`;
  const crowd = new Agent();
  t.after(() => crowd.close());
  const get = async (): Promise<number> => {
    const answer = await request(`${base}/aio?delay=${DELAY_S}`, { dispatcher: crowd });
    await answer.body.dump();
    return answer.statusCode;
  };
  const stats = async () => statsOf(await (await request(`${base}/stats`)).body.json());
  const asked = Array.from({ length: COUNT }, get);
  await pause(1000);
  const { highestInFlight } = await stats();
  const statuses = await Promise.all(asked);
  assert.ok(statuses.every((status) => status === 200));
  // A full listen queue would cost a whole second of the client's retries: some would not be there yet.
  assert.equal(highestInFlight, COUNT);
  // None was asked for twice.
  const { started, finished } = await stats();
  assert.deepEqual([started, finished], [COUNT, COUNT]);
});
