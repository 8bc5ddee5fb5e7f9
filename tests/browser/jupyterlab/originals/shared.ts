/** One JupyterLab on the originals, and one browser, for all tests that need no other: both take seconds to start. */
import { createServer } from "node:net";
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { type Lab, startLabAndBrowser } from "../lab.ts";

export const SECOND_MS = 50;
/** Where the lessons of these tests have their delay server. */
export let port: number;
export let lab: Lab;
export let browser: Browser;

/** A port that is free now: lessons find no server there, and the first of them starts one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error(`no port: ${address}`);
  return address.port;
}

before(async () => {
  port = await freePort();
  process.env.LESSON_SECOND_MS = String(SECOND_MS);
  process.env.DELAY_SERVER_PORT = String(port);
  [lab, browser] = await startLabAndBrowser();
});
after(async () => {
  await browser?.close();
  await lab?.stop();
});
