/** One page that holds every kind of cell and output, in a real browser with no network; what must be found is planted. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { objectionsOfChecklist } from "./checklist.ts";
import { findChromium, launchChromium } from "./chromium.ts";
import {
  axeObjections,
  cutOff,
  DESK,
  faintTexts,
  LINKS,
  type Look,
  needlessTabStops,
  PHONE,
  plainLinks,
  tooWide,
  type Visit,
  visit as visitAt,
} from "./page-checks.ts";
import { ROOT } from "./root.ts";
import { writeSmallCourse } from "./small-course.ts";

const PYTHON = join(ROOT, ".venv", "bin", "python");
const LOOKS: readonly Look[] = [
  ["light", DESK],
  ["dark", DESK],
  ["light", PHONE],
  ["dark", PHONE],
];

let browser: Browser;
const folder = mkdtempSync(join(tmpdir(), "pages-"));

function exportPages(project: string, ...options: string[]): void {
  const env = { ...process.env, PYTHONPATH: join(ROOT, "support", "tools"), CHROMIUM_PATH: findChromium() };
  execFileSync(PYTHON, ["-m", "pages", "--project", project, ...options], { env, stdio: "pipe" });
}

async function visit(file: string, viewport = DESK): Promise<Visit> {
  const opened = await visitAt(browser, file);
  await opened.page.setViewportSize(viewport);
  return opened;
}

async function checkPage(file: string): Promise<void> {
  const { page, requests, complaints, leave } = await visit(file);
  assert.equal(await page.locator("h1").count(), 1);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.ok((await tooWide(page)) <= 0);
  assert.deepEqual(await axeObjections(page, LOOKS), []);
  assert.ok((await tooWide(page)) <= 0, `scrolls sideways at ${PHONE.width} px, all unfolded`);
  assert.deepEqual(await needlessTabStops(page), []);
  const images = await page
    .locator("img")
    .evaluateAll((all) =>
      all.map((one) => one instanceof HTMLImageElement && one.naturalWidth > 0 && one.alt !== ""),
    );
  assert.ok(images.every(Boolean), "a picture does not draw or has no alternative text");
  assert.deepEqual([requests, complaints], [[], []]);
  leave();
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

  test("shows its figure, which on a phone scrolls in its own box and says so; code is broken there", async () => {
    const { page, leave } = await visit(file, PHONE);
    const image = page.locator("figure img").first();
    assert.ok(await image.isVisible());
    const scrolls = (element: Element): boolean => element.scrollWidth > element.clientWidth;
    assert.ok(await page.locator(".run-figure .scroll").first().evaluate(scrolls));
    assert.ok(await page.locator(".run-figure .sideways").first().isVisible());
    const alone = page.locator("figure:has(> img)");
    const cue = (): Promise<string> =>
      alone.evaluate((element) => getComputedStyle(element, "::before").content);
    assert.ok(await alone.evaluate(scrolls));
    assert.match(await cue(), /Scroll the picture sideways/);
    const code = page.locator(".input pre").first();
    assert.ok(await code.evaluate((element) => element.scrollWidth <= element.clientWidth));
    await page.setViewportSize(DESK);
    assert.equal(await cue(), "none");
    assert.equal(await page.locator(".run-figure .sideways").first().isVisible(), false);
    leave();
  });

  test("has some seventy letters in a line of prose, and code of eighty columns is in one line on a laptop", async () => {
    const { page, leave } = await visit(file, DESK);
    const prose = page.locator("p", { hasText: "Each task is a bar." });
    const letters = await prose.evaluate((one) => {
      const range = document.createRange();
      range.selectNodeContents(one);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      // The last line is half a line at the mean.
      return (one.textContent ?? "").length / (lines.size - 0.5);
    });
    assert.ok(letters > 63 && letters < 77, `${letters} letters a line`);
    const code = page.locator(".input pre", { hasText: /^const line = / });
    const lines = await code.evaluate((one) => {
      const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(one);
      return (one.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight);
    });
    assert.equal(Math.round(lines), 1);
    leave();
  });

  test("says of a table that it scrolls sideways where it does, and nowhere else", async () => {
    const { page, leave } = await visit(file, DESK);
    const table = page.locator(".prose .wide").first();
    const cue = (): Promise<string> => table.evaluate((one) => getComputedStyle(one, "::before").content);
    assert.equal(await cue(), "none");
    await page.setViewportSize(PHONE);
    await page.waitForFunction(() => {
      const [first] = document.querySelectorAll(".prose .wide");
      return first !== undefined && getComputedStyle(first, "::before").content.includes("Scroll the table");
    });
    leave();
  });

  test("lets a figure answer to keys by its own style sheet, which stands there once for all figures", async () => {
    const { page, leave } = await visit(file, DESK);
    assert.equal(await page.locator("figure style").count(), 1);
    const rows = page.locator(".run-figure").first().locator(".rows");
    await rows.locator("input").first().focus();
    await page.keyboard.press("ArrowDown");
    const words = rows.locator(":checked ~ span");
    assert.match((await words.textContent()) ?? "", /^fetch one: 0 to 9 s/);
    assert.equal(await words.evaluate((one) => getComputedStyle(one).opacity), "1");
    leave();
  });

  test("folds the solution until it is asked for, also by keyboard", async () => {
    const { page, leave } = await visit(file, DESK);
    const printed = page.getByText("forty-two");
    assert.equal(await printed.isVisible(), false);
    assert.ok(await page.getByText("☐ c01-a, Do: not yet").isVisible());
    await page.locator("details.solution > summary").focus();
    await page.keyboard.press("Enter");
    assert.ok(await printed.isVisible());
    leave();
  });

  test("opens a hint by a click, without a script, and prints hints open and what is said of a solution not at all", async () => {
    const { page, leave } = await visit(file, DESK);
    const [hint, about] = [page.getByText("Think."), page.getByText("It is short.")];
    const seen = async (): Promise<boolean[]> => [await hint.isVisible(), await about.isVisible()];
    assert.deepEqual(await seen(), [false, false]);
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await seen(), [true, false]);
    await page.emulateMedia({ media: "screen" });
    await page.locator("details.hint > summary").click();
    assert.deepEqual(await seen(), [true, false]);
    leave();
  });

  test("folds a program in Python with its output, unfolds it by keyboard, and prints it", async () => {
    const { page, leave } = await visit(file, DESK);
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
    leave();
  });

  test("folds what answers a prediction, unfolds all at one tick, and prints it", async () => {
    const { page, leave } = await visit(file, DESK);
    const [answer, solution] = [page.getByText("the answer"), page.getByText("forty-two")];
    assert.equal(await answer.isVisible(), false);
    await page.emulateMedia({ media: "print" });
    assert.deepEqual([await answer.isVisible(), await solution.isVisible()], [true, false]);
    await page.emulateMedia({ media: "screen" });
    const mark = (): Promise<string> =>
      page
        .locator(".run > summary")
        .first()
        .evaluate((one) => getComputedStyle(one).listStyleType);
    assert.equal(await mark(), "disclosure-closed");
    await page.getByLabel(/Unfold all/).check();
    assert.deepEqual([await answer.isVisible(), await solution.isVisible()], [true, true]);
    assert.equal(await mark(), "disclosure-open");
    leave();
  });

  test("lets a keyboard skip to the lesson, and folds its contents on a phone", async () => {
    const { page, leave } = await visit(file, PHONE);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#lesson$/);
    assert.equal(await page.locator(".beside").isVisible(), false);
    await page.locator(".above summary").click();
    await page.locator(".above").getByRole("link", { name: "Predict: which is first?" }).click();
    assert.ok(await page.locator("#Predict\\:-which-is-first\\?").isVisible());
    leave();
  });

  test("shows what comes from outside as text, and neither runs nor obeys it", async () => {
    const { page, complaints, leave } = await visit(file, DESK);
    assert.equal(await page.locator("main :is(script, [onerror], img[src=x])").count(), 0);
    await page.getByLabel(/Unfold all/).check();
    const text = await page.locator("main").textContent();
    assert.ok((text ?? "").split("alert('in')").length > 15);
    assert.ok(await page.locator("main").isVisible());
    assert.deepEqual(complaints, []);
    leave();
  });

  test("keeps a cell's number with its code on paper, and does not tear a picture", async () => {
    const { page, leave } = await visit(file, DESK);
    await page.emulateMedia({ media: "print" });
    for (const part of [".input", "figure"]) {
      const inside = page.locator(part).first();
      assert.equal(await inside.evaluate((one) => getComputedStyle(one).breakInside), "avoid");
    }
    leave();
  });

  test("turns its pictures round in the dark, and draws them as they are in high contrast", async () => {
    const { page, leave } = await visit(file, DESK);
    const look = (): Promise<string> =>
      page
        .locator("figure img")
        .first()
        .evaluate((one) => getComputedStyle(one).filter);
    assert.equal(await look(), "none");
    await page.emulateMedia({ colorScheme: "dark" });
    assert.match(await look(), /invert/);
    await page.emulateMedia({ colorScheme: "dark", forcedColors: "active" });
    assert.equal(await look(), "none");
    leave();
  });

  test("is printed as a PDF with an outline, whose every link leads to a place in it", () => {
    const printed = readFileSync(join(project, "html", "tsasync.pdf"), "latin1");
    const links = [...printed.matchAll(/\/Subtype \/Link\s[^>]*?\/Dest \/([\w-]+)/g)].map(
      ([, name = ""]) => name,
    );
    const [, number = ""] = /\/Dests (\d+) 0 R/.exec(printed) ?? [];
    const [, places = ""] = new RegExp(`\\n${number} 0 obj\\n([^]*?)endobj`).exec(printed) ?? [];
    assert.ok(links.length > 8);
    assert.deepEqual(
      links.filter((name) => !places.includes(`/${name} `)),
      [],
    );
    assert.match(printed, /\/Outlines \d+ 0 R/);
    assert.match(printed, /\/Lang \(en\)/);
    assert.match(printed, /\/Marked true/);
  });

  test("leads to its neighbours' pages", async () => {
    const { page } = await visit(file, DESK);
    await page.unroute("**/*");
    await page.getByRole("banner").getByRole("link", { name: "Start here" }).click();
    assert.equal(await page.title(), "Start here");
    await page.goto(pathToFileURL(join(project, "html", "index.html")).href);
    await page.getByRole("link", { name: "Everything a lesson may hold" }).click();
    assert.equal(await page.title(), "Everything a lesson may hold");
    await page.close();
  });

  test("prints without losing what scrolls on a screen", async () => {
    const { page, leave } = await visit(file, { width: 700, height: 1000 });
    await page.emulateMedia({ media: "print" });
    assert.ok((await tooWide(page)) <= 0);
    assert.deepEqual(await cutOff(page), []);
    assert.equal(await page.getByRole("navigation").first().isVisible(), false);
    assert.equal(await page.locator(".sideways").first().isVisible(), false, "paper does not scroll");
    leave();
  });
});

describe("the checks themselves", () => {
  const project = join(folder, "planted");

  test("find a link that only its colour tells from its sentence, and none that stands alone or is underlined", async () => {
    const { page, leave } = await visit(join(folder, "small", "html", "concepts", "01-everything.html"));
    assert.deepEqual(await plainLinks(page), []);
    const added =
      '<p><a href="#x" style="text-decoration: none">alone</a></p><p>See <a href="#x">this</a>.</p><p>See <a href="#x" style="text-decoration: none">that</a>.</p>';
    await page.evaluate(
      `document.querySelector("main").insertAdjacentHTML("beforeend", ${JSON.stringify(added)})`,
    );
    assert.match((await plainLinks(page)).join("\n"), /^<a [^\n]*>that<\/a>$/);
    const found = await axeObjections(page, [["light", DESK]], [LINKS]);
    assert.match(found.join("\n"), /^light, 1280 px, link-in-text-block: [^\n]*>that<\/a>$/);
    leave();
  });

  test("find a request, faint text and a page that is too wide", async () => {
    writeSmallCourse(project);
    exportPages(project, "--pages-only");
    const file = join(project, "html", "concepts", "01-everything.html");
    const faint =
      '<p style="color: #bbb; min-width: 2000px">faint, wide <img src="http://127.0.0.1:9/x.png" alt="x"></p>';
    const kept = readFileSync(file, "utf8").replace(/<meta content="default-src[^>]*>/, "");
    writeFileSync(file, kept.replace("</main>", `${faint}</main>`));
    const { page, requests, complaints, leave } = await visit(file, PHONE);
    assert.deepEqual(requests, ["http://127.0.0.1:9/x.png"]);
    assert.equal(complaints.length, 1);
    assert.ok((await tooWide(page)) > 1000);
    const found = await axeObjections(page, [["light", PHONE]]);
    assert.match(found.join("\n"), /color-contrast: .*<p style/);
    assert.match((await faintTexts(page, "body *")).join("\n"), /^<p style[^\n]*$/);
    await page.evaluate("document.querySelector('p[style]').style.color = 'color(srgb 0.1 0.1 0.1 / 0.9)'");
    assert.deepEqual(await faintTexts(page, "body *"), []);
    await page.emulateMedia({ colorScheme: "dark" });
    assert.match((await faintTexts(page, "body *")).join("\n"), /^<p style[^\n]*$/);
    leave();
  });

  test("find all that the checklist objects to, and nothing on a page that holds to it", async () => {
    const { page, leave } = await visit(join(folder, "small", "html", "concepts", "01-everything.html"));
    const objections = async (): Promise<string[]> =>
      (await objectionsOfChecklist(page)).map((one) => one.split(":")[0] ?? "");
    assert.deepEqual(await objections(), []);
    const faults =
      '<h2>A</h2><h4>B</h4><a href="#x">here</a><figure><img alt="a bar"></figure><table><tr><td>1</td></tr></table>';
    await page.evaluate(
      `document.querySelector("main").insertAdjacentHTML("beforeend", ${JSON.stringify(faults)})`,
    );
    assert.deepEqual(await objections(), [
      "a heading skips a level",
      "the words of a link do not say where it leads",
      "a picture is not described",
      "a figure has no caption",
      "a figure has no table or list that says the same",
      "a table does not name its columns",
    ]);
    await page.evaluate('document.querySelector("main").innerHTML = "<h2>A</h2><p>B</p>"');
    await page.evaluate('document.querySelector(".beside ol").outerHTML = "<a>A</a>"');
    assert.deepEqual(await objections(), [
      "it begins with no heading of its own",
      "it does not say what it is for",
      "its contents are no ordered list",
    ]);
    leave();
  });
});
