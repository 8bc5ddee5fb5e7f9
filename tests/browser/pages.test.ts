/** The pages of `make html`, in a real browser with no network. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { ROOT } from "./lab.ts";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
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

async function open(name: string, viewport = { width: 1200, height: 900 }): Promise<Opened> {
  // The page's own policy forbids scripts; axe is one.
  const context = await browser.newContext({ viewport, bypassCSP: true });
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

for (const name of pages) {
  test(`${name} asks the network for nothing, has one h1 and a language, and its links lead to pages`, async () => {
    const { page, requests, complaints } = await open(name);
    assert.deepEqual([requests, complaints], [[], []]);
    assert.equal(await page.locator("h1").count(), 1);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.title(), (await page.locator("h1").textContent())?.trim() ?? "");
    const links = await page.locator('a[href$=".ipynb"]').count();
    assert.equal(links, 0, "a link to a notebook is left");
    await page.context().close();
  });

  test(`${name} shows all its figures, fits a phone, and folds its solutions`, async () => {
    const { page } = await open(name, PHONE);
    const widths = await page.evaluate<number[]>("[document.documentElement.scrollWidth, window.innerWidth]");
    assert.ok((widths[0] ?? 0) <= (widths[1] ?? 0), `the page is ${widths[0]} wide`);
    const images = page.locator("figure img");
    if (name !== "index.html") assert.ok((await images.count()) > 0, "a lesson has a figure");
    for (const image of await images.all()) {
      assert.ok(await image.evaluate((one) => one instanceof HTMLImageElement && one.naturalWidth > 0));
      assert.ok(((await image.getAttribute("alt")) ?? "").length > 20);
    }
    const open_ = await page.locator("details.solution[open]").count();
    assert.equal(open_, 0);
    await page.context().close();
  });

  test(`${name} has nothing that axe objects to at WCAG 2.2 AA`, async () => {
    const { page } = await open(name);
    await page.addScriptTag({ path: AXE });
    const found = await page.evaluate<string[]>(
      `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
         .then((result) => result.violations.map((one) => one.id + ": " + one.nodes.length))`,
    );
    assert.deepEqual(found, []);
    await page.context().close();
  });
}
