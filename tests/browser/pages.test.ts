/** The pages of `make html`, in a real browser with no network. Each is opened once, and all is looked at on it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { EpubCheck } from "@likecoin/epubcheck-ts";
import type { Browser, Page } from "playwright-core";
import { objectionsOfChecklist } from "./checklist.ts";
import { launchChromium } from "./chromium.ts";
import {
  ALL_RULES,
  axeObjections,
  brokenLinks,
  CONTRAST,
  cutOff,
  faintTexts,
  LINKS,
  type Look,
  needlessTabStops,
  PHONE,
  plainLinks,
  takeColoursFromCode,
  tooWide,
  unfold,
  visit,
} from "./page-checks.ts";
import { ROOT } from "./root.ts";

const HTML = join(ROOT, "html");
const MOST_BYTES = 250_000;
// Both themes and both widths are judged, by all rules of axe, on the page that holds everything a lesson may hold. What
// depends on them is the style sheet's, which is the same here; so axe is asked once, where least room is, and contrast in
// both; what a quicker look finds as well, it is not asked.
const SMALLEST: Look = ["dark", PHONE];
const A4 = { width: 680, height: 1000 };

// Written before the tests are listed: there is one for each page.
const said = execFileSync(join(ROOT, ".venv/bin/python"), ["-m", "pages"], {
  cwd: ROOT,
  // Five hundred pages take a browser longer than all that is tested of them: the PDF of a small course is.
  env: { ...process.env, PYTHONPATH: join(ROOT, "support", "tools"), CHROMIUM_PATH: "/nowhere/chromium" },
  encoding: "utf8",
  stdio: "pipe",
});
const pages = readdirSync(HTML, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".html"))
  .sort();

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

test("there is a page for each lesson, and an index that leads to all of them", async () => {
  const { page, leave } = await visit(browser, join(HTML, "index.html"));
  const links = await page
    .locator("main li > a")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  assert.deepEqual(
    [...links].sort(),
    pages.filter((name) => name !== "index.html"),
  );
  leave();
});

test("where there is no browser, one line says that no PDF was written, and why", () => {
  const [first = "", second = ""] = said
    .trim()
    .split("\n")
    .filter((line) => !line.includes("removed"));
  assert.match(first, /^No PDF was written: there is no Chromium .* \/nowhere\/chromium.*CHROMIUM_PATH/);
  assert.match(second, /^\d+ pages, tsasync\.zip, tsasync\.epub\. Open html\/index\.html$/);
});

test("epubcheck finds nothing in the EPUB of all lessons", async () => {
  const { messages } = await EpubCheck.validate(readFileSync(join(HTML, "tsasync.epub")));
  assert.deepEqual(
    messages.map(({ id, message, location }) => `${id}: ${message} ${location?.path}:${location?.line}`),
    [],
  );
});

async function isNamed(page: Page, file: string): Promise<void> {
  assert.equal(await page.locator("h1").count(), 1);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.equal(await page.title(), (await page.locator("h1").textContent())?.trim() ?? "");
  assert.equal(await page.locator("script, link[rel=stylesheet], iframe, object").count(), 0);
  assert.deepEqual(await brokenLinks(page, file), []);
}

async function showsItsFigures(page: Page): Promise<void> {
  const images = await page.locator("figure img").evaluateAll((all) =>
    all.map((one) => ({
      drawn: one instanceof HTMLImageElement && one.naturalWidth > 0,
      alt: one.getAttribute("alt"),
    })),
  );
  if (![WORDS, LAST, "/capstones/"].some((name) => page.url().includes(name)))
    assert.ok(images.length > 0, "a lesson has a figure");
  for (const { drawn, alt } of images) assert.ok(drawn && (alt ?? "").length > 20, `${alt}`);
}

const FIRST = "00-start-here.html";
const WORDS = "words-for-python.html";
const LAST = "for-teachers.html";
const PLACES: Record<string, RegExp> = {
  [FIRST]: /^Start$/,
  [WORDS]: /^Words$/,
  [LAST]: /^Teachers$/,
};

async function leadsOn(page: Page, name: string): Promise<void> {
  const ends = [page.locator("header"), page.locator("footer")];
  for (const end of ends) {
    assert.equal(await end.locator("a[rel=prev]").count(), name === FIRST ? 0 : 1);
    assert.equal(await end.locator("a[rel=next]").count(), name === LAST ? 0 : 1);
    assert.equal(await end.getByRole("link", { name: "All lessons" }).count(), 1);
    const place = await end.locator(".place").textContent();
    assert.match(place ?? "", PLACES[name] ?? /^(Concept|Example|Beyond|Capstone) \d+ of \d+$/);
  }
}

/** The headings and the contents of the same words; none says nothing of its own. */
async function hasContents(page: Page): Promise<void> {
  const words = await page
    .locator(".beside a")
    .evaluateAll((all) => all.map((one) => one.textContent.replace(/\s+/g, " ").trim()));
  const heads = await page
    .locator("main :is(h2, h3)")
    .evaluateAll((all) => all.map((one) => one.textContent.replace(/\s+/g, " ").trim()));
  assert.deepEqual(words, heads);
  assert.equal(new Set(words).size, words.length, "two headings are the same");
  assert.ok(!words.includes("Predict"));
  assert.ok(await page.locator(".beside").isVisible());
  assert.equal(await page.locator(".above").isVisible(), false);
}

async function isALesson(page: Page, name: string): Promise<void> {
  await showsItsFigures(page);
  await leadsOn(page, name);
  await hasContents(page);
  assert.deepEqual(await objectionsOfChecklist(page), []);
  assert.equal(await page.locator("details[open]").count(), 0);
}

async function isReadableInBothThemes(page: Page): Promise<void> {
  assert.deepEqual(await plainLinks(page), []);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await faintTexts(page, "body *"), []);
  }
}

async function printsWhole(page: Page): Promise<void> {
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(A4);
  assert.ok((await tooWide(page)) <= 0);
  assert.deepEqual(await cutOff(page), []);
}

describe("each page", () => {
  for (const name of pages) {
    const file = join(HTML, name);
    test(`${name} is one small file that asks for nothing, leads where it says, fits and pleases axe`, async () => {
      const bytes = readFileSync(file, "utf8").replace(/src="data:[^"]*"/g, "").length;
      assert.ok(bytes <= MOST_BYTES, `${bytes} bytes without pictures`);
      const { page, requests, complaints, leave } = await visit(browser, file);
      await isNamed(page, file);
      if (name !== "index.html") await isALesson(page, name);
      await unfold(page);
      await isReadableInBothThemes(page);
      await takeColoursFromCode(page);
      assert.deepEqual(await axeObjections(page, [SMALLEST], ALL_RULES, [CONTRAST, LINKS]), []);
      assert.ok((await tooWide(page)) <= 0, `${await tooWide(page)} px too wide at ${PHONE.width}`);
      assert.deepEqual(await needlessTabStops(page), []);
      await printsWhole(page);
      assert.deepEqual([requests, complaints], [[], []]);
      leave();
    });
  }
});
