/** The pages of `make html`, in a real browser with no network. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { ROOT } from "./lab.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const DESK = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };

// Written before the tests are listed: there is one for each page.
execFileSync(join(ROOT, ".venv/bin/python"), ["-m", "authoring", "html"], {
  cwd: ROOT,
  env: { ...process.env, PYTHONPATH: join(ROOT, "support", "tools") },
  stdio: "ignore",
});
const pages = readdirSync(join(ROOT, "html"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".html"))
  .sort();

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

interface Opened {
  page: Page;
  requests: string[];
  complaints: string[];
}

async function open(name: string): Promise<Opened> {
  // The page's own policy forbids scripts; axe is one.
  const context = await browser.newContext({ viewport: DESK, bypassCSP: true });
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) requests.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(pathToFileURL(join(ROOT, "html", name)).href);
  await page.waitForLoadState("load");
  return { page, requests, complaints };
}

test("there is a page for each lesson, and an index that leads to all of them", async () => {
  const { page } = await open("index.html");
  const links = await page.locator("main a").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.deepEqual(
    [...new Set(links)].sort(),
    pages.filter((name) => name !== "index.html"),
  );
  await page.context().close();
});

async function isQuietAndNamed({ page, requests, complaints }: Opened): Promise<void> {
  assert.deepEqual([requests, complaints], [[], []]);
  assert.equal(await page.locator("h1").count(), 1);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.title(), (await page.locator("h1").textContent())?.trim() ?? "");
  const links = await page.locator('a[href$=".ipynb"]').count();
  assert.equal(links, 0, "a link to a notebook is left");
}

async function showsItsFigures({ page }: Opened, name: string): Promise<void> {
  await page.setViewportSize(PHONE);
  const widths = await page.evaluate<number[]>("[document.documentElement.scrollWidth, window.innerWidth]");
  assert.ok((widths[0] ?? 0) <= (widths[1] ?? 0), `the page is ${widths[0]} wide`);
  const images = await page.locator("figure img").evaluateAll((all) =>
    all.map((one) => ({
      drawn: one instanceof HTMLImageElement && one.naturalWidth > 0,
      alt: one.getAttribute("alt"),
    })),
  );
  if (name !== "index.html") assert.ok(images.length > 0, "a lesson has a figure");
  for (const { drawn, alt } of images) assert.ok(drawn && (alt ?? "").length > 20, `${alt}`);
  const open_ = await page.locator("details.solution[open]").count();
  assert.equal(open_, 0);
}

async function pleasesAxe({ page }: Opened): Promise<void> {
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate<string[]>(
    `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
       .then((result) => result.violations.map((one) => one.id + ": " + one.nodes.length))`,
  );
  assert.deepEqual(found, []);
}

for (const name of pages) {
  // Opened once for the three, since a lesson's page is large.
  describe(name, () => {
    let opened: Opened;
    before(async () => {
      opened = await open(name);
    });
    after(() => opened?.page.context().close());

    test("asks the network for nothing, has one h1 and a language, and its links lead to pages", () =>
      isQuietAndNamed(opened));

    test("has nothing that axe objects to at WCAG 2.2 AA", () => pleasesAxe(opened));

    test("shows all its figures, fits a phone, and folds its solutions", () => showsItsFigures(opened, name));
  });
}
