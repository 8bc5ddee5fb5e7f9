import assert from "node:assert/strict";
import { test } from "node:test";
import { about } from "../../../support/helpers/about/about.ts";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { LESSON_SECOND_MS } from "../../../support/helpers/clock/scale.ts";
import { delayServer } from "../../../support/helpers/delay-server-client/delay-server.ts";

const server = (): string | undefined => about().find(([what]) => what === "Delay server")?.[1];

test("a run tells how long its lesson seconds are", () => {
  assert.deepEqual(about()[0], ["Lesson second", `${LESSON_SECOND_MS} ms`]);
});

test("it tells whose delay server it uses for as long as it has one", async () => {
  assert.equal(server(), "none so far");
  process.env.DELAY_SERVER_PORT = "0";
  const own = await delayServer();
  const { port } = new URL(own.url);
  assert.equal(server(), `this lesson's own, port ${port}`);
  await stopAll();
  assert.equal(server(), "none so far");
});

test("a server on the port that all lessons try first is shared", async () => {
  process.env.DELAY_SERVER_PORT = "0";
  const { port } = new URL((await delayServer()).url);
  await stopAll();
  process.env.DELAY_SERVER_PORT = port;
  await delayServer();
  assert.equal(server(), `shared by lessons, port ${port}`);
  await stopAll();
});
