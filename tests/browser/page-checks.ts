/** What the tests of pages look at: requests and complaints, axe's findings, what is too wide, where links lead. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const DESK = { width: 1280, height: 900 };
/** The narrowest screen that WCAG asks for. */
export const PHONE = { width: 320, height: 640 };
/** Every rule of WCAG 2.2 A and AA, and axe's best practice. */
const ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** A page open in a window of its own. */
export interface Visit {
  page: Page;
  /** Every request but the one for the page itself; none is let through. */
  requests: string[];
  /** What the console said, what was thrown, and dialogs. */
  complaints: string[];
}

export async function visit(browser: Browser, file: string): Promise<Visit> {
  const page = await browser.newPage({ viewport: DESK, colorScheme: "light" });
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
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url, { waitUntil: "load" });
  return { page, requests, complaints };
}

export function unfold(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
}

/** A theme and a width. */
export type Look = readonly ["light" | "dark", typeof DESK];

/** What axe objects to when all is unfolded, in each look. */
export async function axeObjections(page: Page, looks: readonly Look[]): Promise<string[]> {
  // Run from outside the page, where the page's own policy, which forbids all scripts, does not hold.
  await page.evaluate(AXE);
  await unfold(page);
  const found: string[] = [];
  for (const [colorScheme, viewport] of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    found.push(
      ...(await page.evaluate<string[]>(
        `axe.run(document, { runOnly: ${JSON.stringify(ALL_RULES)}, resultTypes: ["violations"] }).then((result) =>
           result.violations.map(({ id, nodes }) =>
             "${colorScheme}, ${viewport.width} px, " + id + ": " + nodes.map((node) => node.html).join(" ")))`,
      )),
    );
  }
  return found;
}

/** By how many pixels the page is wider than its window. */
export function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

/**
 * Tab stops that are no link, control or fold, and that do not scroll either. Which table scrolls is told from its words
 * before any font is known, so one that nearly fills its box is none.
 */
export function needlessTabStops(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("[tabindex]")]
      .filter((box) => {
        const inside = box.querySelector("table");
        if (inside !== null) inside.style.width = "min-content";
        const wide = Math.max(inside?.scrollWidth ?? 0, inside === null ? box.scrollWidth : 0);
        if (inside !== null) inside.style.width = "";
        return wide < 0.85 * box.clientWidth;
      })
      .map((box) => box.outerHTML.slice(0, 120)),
  );
}

/** What a sheet of paper of this width would cut off. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("pre, figure, table, .wide")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
      .map((one) => one.outerHTML.slice(0, 120)),
  );
}

/** The links of a page that lead to no file, or to no place in one; a link elsewhere is left alone. */
export async function brokenLinks(page: Page, file: string): Promise<string[]> {
  const urls = await page
    .locator("a")
    .evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? "(none)"));
  return [...new Set(urls)].filter((url) => !/^(https?|mailto):/.test(url) && !leads(file, url));
}

function leads(file: string, url: string): boolean {
  const [path = "", anchor = ""] = url.split("#");
  const target = path === "" ? file : resolve(dirname(file), decodeURIComponent(path));
  return anchor === "" ? exists(target) : anchorsOf(target).has(decodeURIComponent(anchor));
}

const texts = new Map<string, string | undefined>();

function textOf(file: string): string | undefined {
  if (!texts.has(file)) {
    try {
      texts.set(file, readFileSync(file, "utf8"));
    } catch {
      texts.set(file, undefined);
    }
  }
  return texts.get(file);
}

function exists(file: string): boolean {
  return textOf(file) !== undefined;
}

function anchorsOf(file: string): Set<string> {
  const named: Record<string, string> = {
    "&quot;": '"',
    "&#x27;": "'",
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
  };
  const found = (textOf(file) ?? "").matchAll(/ id=(["'])(.*?)\1/g);
  return new Set([...found].map(([, , id = ""]) => id.replace(/&[^;]+;/g, (sign) => named[sign] ?? sign)));
}
