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
export const ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Axe's rule for the contrast of texts, which takes two thirds of its time: {@link faintTexts} judges it much quicker. */
export const CONTRAST = "color-contrast";
/** Axe's rule for links that only a colour tells from the text around them, half of what is left: {@link plainLinks} judges it. */
export const LINKS = "link-in-text-block";

/** A page open in a window of its own. */
export interface Visit {
  page: Page;
  /** Every request but the one for the page itself; none is let through. */
  requests: string[];
  /** What the console said, what was thrown, and dialogs. */
  complaints: string[];
  /** Ends the visit. The next one may have the window: a new one takes a browser as long as five pages in an old one. */
  leave(): void;
}

/** The windows of a browser that nobody looks at. */
const idle = new WeakMap<Browser, Window[]>();

/** A window for one page after another. */
class Window {
  readonly page: Page;
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  #url = "";

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(browser: Browser): Promise<Window> {
    const page = await browser.newPage();
    const window = new Window(page);
    await page.route("**/*", (route) => {
      const asked = route.request().url();
      if (asked === window.#url) return route.continue();
      window.requests.push(asked);
      return route.abort();
    });
    page.on("console", (message) => window.complaints.push(message.text()));
    page.on("pageerror", (error) => window.complaints.push(error.message));
    page.on("dialog", (dialog) => {
      window.complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return window;
  }

  async show(file: string): Promise<void> {
    this.#url = pathToFileURL(file).href;
    this.requests.length = 0;
    this.complaints.length = 0;
    // An empty page is quicker brought into another size than the one that was looked at last.
    await this.page.goto("about:blank");
    await this.page.setViewportSize(DESK);
    await this.page.emulateMedia({ media: "screen", colorScheme: "light", forcedColors: "none" });
    await this.page.goto(this.#url, { waitUntil: "load" });
  }
}

/** Opens a page on a desk and in the light, with no network. */
export async function visit(browser: Browser, file: string): Promise<Visit> {
  const windows = idle.get(browser) ?? [];
  idle.set(browser, windows);
  const window = windows.pop() ?? (await Window.open(browser));
  await window.show(file);
  const { page, requests, complaints } = window;
  return { page, requests, complaints, leave: () => void windows.push(window) };
}

export function unfold(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
}

/** A theme and a width. */
export type Look = readonly ["light" | "dark", typeof DESK];

/** What axe objects to when all is unfolded, in each look, by rules or groups of them, but for some. */
export async function axeObjections(
  page: Page,
  looks: readonly Look[],
  rules: readonly string[] = ALL_RULES,
  without: readonly string[] = [],
): Promise<string[]> {
  const off = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  // Run from outside the page, where the page's own policy, which forbids all scripts, does not hold.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(AXE);
  await unfold(page);
  const found: string[] = [];
  for (const [colorScheme, viewport] of looks) {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    found.push(
      ...(await page.evaluate<string[]>(
        `axe.run(document, { runOnly: ${JSON.stringify(rules)}, rules: ${JSON.stringify(off)}, resultTypes: ["violations"] }).then((result) =>
           result.violations.map(({ id, nodes }) =>
             "${colorScheme}, ${viewport.width} px, " + id + ": " + nodes.map((node) => node.html).join(" ")))`,
      )),
    );
  }
  return found;
}

/**
 * Texts that a selector finds whose contrast with the ground they stand on is under 4.5 to 1, or under 3 to 1 where they are
 * large. What is not drawn is passed over. It takes a hundredth of the time of axe's rule, which asks what lies over what.
 */
export function faintTexts(page: Page, selector: string): Promise<string[]> {
  return page.evaluate(FAINT_TEXTS(selector));
}

// Runs in the page. A colour is read off a canvas, whatever words the style has for it.
const FAINT_TEXTS = (selector: string): string => `(() => {
  const drawn = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      drawn.clearRect(0, 0, 1, 1);
      drawn.fillStyle = colour;
      drawn.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = drawn.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((one, at) => one * a + below[at] * (1 - a));
  const ground = (one) => {
    if (one === null) return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
    const own = rgba(getComputedStyle(one).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(one.parentElement));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((one) => one / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one) => {
    const below = ground(one);
    const [a, b] = [light(over(rgba(getComputedStyle(one).color), below)), light(below)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  const large = ({ fontSize, fontWeight }) => Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24);
  return [...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
    .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((one) => contrast(one) < (large(getComputedStyle(one)) ? 3 : 4.5))
    .map((one) => one.outerHTML.slice(0, 150));
})()`;

/** Links in a lesson's sentences that are not underlined. */
export function plainLinks(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll("main :is(p, li, td, th, figcaption, summary)")]
      .filter((block) =>
        [...block.childNodes].some((part) => part instanceof Text && part.data.trim() !== ""),
      )
      .flatMap((block) => [...block.querySelectorAll("a[href]")])
      .filter((link) => !getComputedStyle(link).textDecorationLine.includes("underline"))
      .map((link) => link.outerHTML.slice(0, 120)),
  );
}

/** Leaves of code the text: each word with a colour is an element, for axe as much work as a paragraph, and none is more than a colour. */
export function takeColoursFromCode(page: Page): Promise<void> {
  return page.evaluate(() => {
    for (const code of document.querySelectorAll(".input pre")) code.textContent = `${code.textContent}`;
  });
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
