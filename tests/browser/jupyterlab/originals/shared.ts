/** One JupyterLab on the originals, and one browser, for all tests that need no other: both take seconds to start. */
import { after, before } from "node:test";
import type { Browser } from "playwright-core";
import { freePort } from "../../../../support/helpers/postgres/free-port.ts";
import { type Lab, startLabAndBrowser } from "../lab.ts";

export const SECOND_MS = 50;
/** Where the lessons of these tests have their delay server. */
export let port: number;
export let lab: Lab;
export let browser: Browser;

before(async () => {
  // Lessons find no server there, and the first of them starts one.
  port = await freePort();
  process.env.LESSON_SECOND_MS = String(SECOND_MS);
  process.env.DELAY_SERVER_PORT = String(port);
  [lab, browser] = await startLabAndBrowser();
});
after(async () => {
  await browser?.close();
  await lab?.stop();
});
