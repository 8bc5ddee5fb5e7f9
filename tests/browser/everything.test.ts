/** One page that holds every kind of cell and output, in a real browser with no network; what must be found is planted. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { writeSmallCourse } from "./small-course.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(ROOT, ".venv", "bin", "python");
const AXE = readFileSync(join(ROOT, "node_modules", "axe-core", "axe.min.js"), "utf8");
const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Visit {
  page: Page;
  /** Every request but the one for the page itself. */
  requests: string[];
  /** What the console said and what was thrown. */
  complaints: string[];
}

interface Violation {
  id: string;
  nodes: { html: string }[];
}

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "pages-"));

function exportPages(project: string): void {
  const env = { ...process.env, PYTHONPATH: join(ROOT, "support", "tools") };
  execFileSync(PYTHON, ["-m", "authoring", "--project", project, "html"], { env, stdio: "pipe" });
}

async function visit(file: string, viewport: { width: number; height: number }): Promise<Visit> {
  const page = await browser.newPage({ viewport, colorScheme: "light" });
  const url = pathToFileURL(file).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  await page.route("**/*", (route) => {
    const asked = route.request().url();
    if (asked === url) return route.continue();
    requests.push(asked);
    return route.abort();
  });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url, { waitUntil: "networkidle" });
  return { page, requests, complaints };
}

async function axe(page: Page): Promise<string[]> {
  // Run from outside the page, where the page's own policy, which forbids all scripts, does not hold.
  await page.evaluate(AXE);
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(WCAG)} }).then((result) => result.violations)`,
  );
  assert.ok(Array.isArray(found));
  return found.map(({ id, nodes }: Violation) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}

async function widerThanScreen(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

async function checkPage(file: string): Promise<void> {
  for (const viewport of [DESK, PHONE]) {
    const { page, requests, complaints } = await visit(file, viewport);
    assert.deepEqual(requests, [], "asks the network for nothing");
    assert.equal(await page.locator("h1").count(), 1);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.ok((await widerThanScreen(page)) <= 0, `scrolls sideways at ${viewport.width} px`);
    assert.deepEqual(await axe(page), [], `WCAG 2.2 AA at ${viewport.width} px`);
    await page.evaluate(() => {
      for (const part of document.querySelectorAll("details")) part.open = true;
    });
    assert.ok((await widerThanScreen(page)) <= 0, `scrolls sideways at ${viewport.width} px, all unfolded`);
    assert.deepEqual(await axe(page), [], `WCAG 2.2 AA at ${viewport.width} px, all unfolded`);
    const images = await page
      .locator("img")
      .evaluateAll((all) =>
        all.map((one) => one instanceof HTMLImageElement && one.naturalWidth > 0 && one.alt !== ""),
      );
    assert.ok(images.every(Boolean), "a picture does not draw or has no alternative text");
    assert.deepEqual(complaints, [], "the console is free of complaints");
    await page.close();
  }
}

before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("a page that holds everything a lesson may hold", () => {
  const project = join(folder, "small");
  const file = join(project, "html", "concepts", "01-everything.html");

  before(() => {
    writeSmallCourse(project);
    exportPages(project);
  });

  test("is quiet, accessible and fits a phone", () => checkPage(file));

  test("so is the index", () => checkPage(join(project, "html", "index.html")));

  test("shows its figure, which scrolls in its own box on a phone", async () => {
    const { page } = await visit(file, PHONE);
    const image = page.locator("figure img").first();
    assert.ok(await image.isVisible());
    const box = page.locator("figure").first();
    const scrolls = await box.evaluate((element) => element.scrollWidth > element.clientWidth);
    assert.ok(scrolls);
    const code = page.locator(".input pre").first();
    assert.ok(await code.evaluate((element) => element.scrollWidth > element.clientWidth));
    await page.close();
  });

  test("folds the solution until it is asked for, also by keyboard", async () => {
    const { page } = await visit(file, DESK);
    const printed = page.getByText("forty-two");
    assert.equal(await printed.isVisible(), false);
    assert.ok(await page.getByText("☐ do: not yet").isVisible());
    await page.locator("details.solution > summary").focus();
    await page.keyboard.press("Enter");
    assert.ok(await printed.isVisible());
    await page.close();
  });

  test("folds a program in Python with its output, unfolds it by keyboard, and prints it", async () => {
    const { page } = await visit(file, DESK);
    const summary = page.locator("details.python > summary");
    const printed = page.getByText("said by Python");
    assert.equal(await summary.textContent(), "The same in Python");
    assert.equal(await printed.isVisible(), false);
    await page.emulateMedia({ media: "print" });
    assert.ok(await printed.isVisible());
    assert.equal(await page.getByText("forty-two").isVisible(), false);
    await page.emulateMedia({ media: "screen" });
    await summary.focus();
    await page.keyboard.press("Enter");
    assert.ok(await printed.isVisible());
    await page.close();
  });

  test("leads to its neighbours' pages", async () => {
    const { page } = await visit(file, DESK);
    await page.unroute("**/*");
    await page.getByRole("navigation").getByRole("link", { name: "Start here" }).click();
    assert.equal(await page.title(), "Start here");
    await page.goto(pathToFileURL(join(project, "html", "index.html")).href);
    await page.getByRole("link", { name: "Everything a lesson may hold" }).click();
    assert.equal(await page.title(), "Everything a lesson may hold");
    await page.close();
  });

  test("prints without losing what scrolls on a screen", async () => {
    const { page } = await visit(file, { width: 700, height: 1000 });
    await page.emulateMedia({ media: "print" });
    assert.ok((await widerThanScreen(page)) <= 0);
    const cut = await page
      .locator(".input pre, .output pre, figure")
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 200)),
      );
    assert.deepEqual(cut, []);
    assert.equal(await page.getByRole("navigation").isVisible(), false);
    await page.close();
  });
});

describe("the checks themselves", () => {
  const project = join(folder, "planted");

  test("find a request, faint text and a page that is too wide", async () => {
    writeSmallCourse(project);
    exportPages(project);
    const file = join(project, "html", "concepts", "01-everything.html");
    const faint =
      '<p style="color: #bbb; width: 2000px">faint, wide <img src="http://127.0.0.1:9/x.png" alt="x"></p>';
    const kept = readFileSync(file, "utf8").replace(/<meta content="default-src[^>]*>/, "");
    writeFileSync(file, kept.replace("</main>", `${faint}</main>`));
    const { page, requests, complaints } = await visit(file, PHONE);
    assert.deepEqual(requests, ["http://127.0.0.1:9/x.png"]);
    assert.equal(complaints.length, 1);
    assert.ok((await widerThanScreen(page)) > 1000);
    assert.match((await axe(page)).join("\n"), /^color-contrast: <p style/m);
    await page.close();
  });
});
