/** What a reader sees of the kernel in JupyterLab: errors, late output, interrupts. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { faintTexts } from "../../page-checks.ts";
import { choose, codeCells, type ShownCell, withLesson, writeCells } from "../lab.ts";
import { inBothThemes } from "../themes.ts";
import { browser, lab } from "./shared.ts";

/** Opens a notebook with these cells; a folder in SHOTS gets a picture of how it looks at the end. */
function withCells(title: string, sources: readonly string[], use: (page: Page) => Promise<void>): void {
  test(title, () =>
    withLesson(browser, lab, "00-start-here", async (open) => {
      await writeCells(open.page, sources);
      await use(open.page);
      const shots = process.env.SHOTS;
      if (shots) await open.page.screenshot({ path: `${shots}/${title.replaceAll(/\W+/g, "-")}.png` });
    }),
  );
}

async function until(
  page: Page,
  holds: (cells: ShownCell[]) => boolean | Promise<boolean>,
): Promise<ShownCell[]> {
  const end = performance.now() + 20_000;
  for (;;) {
    const cells = await codeCells(page);
    if (await holds(cells)) return cells;
    assert.ok(performance.now() < end, `not within 20 s: ${JSON.stringify(cells)}`);
    await page.waitForTimeout(50);
  }
}

const ended = (cells: ShownCell[]): boolean => cells.every((cell) => cell.count !== null && !cell.running);

const runAll = (page: Page): Promise<void> => choose(page, "Run", "Run All Cells");

/** Runs this code as the only cell. */
async function runAlone(page: Page, code: string): Promise<ShownCell | undefined> {
  await writeCells(page, [code]);
  await runAll(page);
  const [cell] = await until(page, ended);
  return cell;
}

function errorOf(page: Page): Locator {
  return page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.stderr"]');
}

/** Runs all cells and gives the text of the first error, which is shown in red. */
async function redError(page: Page): Promise<string> {
  await runAll(page);
  await until(page, ended);
  assert.equal(await isRed(errorOf(page)), true);
  return (await errorOf(page).first().textContent()) ?? "";
}

async function isRed(shown: Locator): Promise<boolean> {
  return shown.first().evaluate((node) => {
    const red = (element: Element): boolean => {
      const [r = 0, g = 0, b = 0] = (getComputedStyle(element).color.match(/\d+/g) ?? []).map(Number);
      return r > 150 && g < 100 && b < 100;
    };
    return [node, ...node.querySelectorAll("*")].some(red);
  });
}

withCells(
  "a thrown error is red, with the cell's own line",
  ['function half(n: number): number {\n  throw new RangeError(n + " is odd");\n}\nhalf(3);'],
  async (page) => {
    const text = await redError(page);
    assert.match(text, /RangeError: 3 is odd/);
    assert.match(text, /In \[1\], line 2/);
    assert.match(text, /In \[1\], line 4/);
    assert.doesNotMatch(text, /node_modules|node:internal|tslab/);
  },
);

withCells(
  "type errors are red, all of them, each with its line and a caret",
  ['const n: number = "one";\nconst s: string = 2;'],
  async (page) => {
    const text = await redError(page);
    assert.match(text, /line 1/);
    assert.match(text, /line 2/);
    assert.equal(text.match(/^ +\| +\^+$/gm)?.length, 2);
  },
);

withCells(
  "an interrupt stops what a helper does, and the cell is changed and run again",
  ['import { sleep } from "support";\nawait sleep(3000);'],
  async (page) => {
    await runAll(page);
    await until(page, ([only]) => only?.running === true);
    await page.waitForTimeout(1500);
    await choose(page, "Kernel", "Interrupt Kernel");
    await until(page, ([only]) => only?.failed === true && !only.running);
    const again = await runAlone(
      page,
      'import { sleep } from "support";\nawait sleep(1);\nconsole.log("awake");',
    );
    assert.match(again?.outputs.join() ?? "", /awake/);
    assert.equal(again?.failed, false);
  },
);

withCells(
  "Run All stops at the cell that fails, and the next run works at once",
  ["1 + 1", 'throw new Error("here")', "2 + 2"],
  async (page) => {
    await runAll(page);
    const cells = await until(
      page,
      ([one, two, three]) => ended([one, two].flatMap((c) => c ?? [])) && !three?.running,
    );
    assert.deepEqual(
      cells.map((cell) => cell.failed),
      [false, true, false],
    );
    await page.waitForTimeout(300);
    assert.deepEqual((await codeCells(page))[2]?.outputs, []);
    const again = await runAlone(page, "3 + 3");
    assert.match(again?.outputs.join() ?? "", /6/);
  },
);

withCells(
  "what a cell prints late arrives under it while another one runs",
  [
    'setTimeout(() => console.log("late, of the first"), 700);',
    'await new Promise((done) => setTimeout(done, 1500));\nconsole.log("the second");',
  ],
  async (page) => {
    await runAll(page);
    const [first, second] = await until(page, (cells) => ended(cells) && cells[1]?.outputs.length === 1);
    assert.match(first?.outputs.join() ?? "", /late, of the first/);
    assert.doesNotMatch(second?.outputs.join() ?? "", /late/);
  },
);

for (const [what, code] of [
  ["an await", "await new Promise((done) => setTimeout(done, 60_000));"],
  [
    "a busy loop in an async function",
    "async function spin() {\n  await 0;\n  while (true);\n}\nawait spin();",
  ],
]) {
  withCells(
    `an interrupt ends ${what}, names stay, and the rest of Run All is not run`,
    ["const kept = 7;", code ?? "", 'console.log("after");'],
    async (page) => {
      await runAll(page);
      // JupyterLab calls all cells running that wait for their turn.
      await until(page, ([first, second]) => first?.running === false && second?.running === true);
      await page.waitForTimeout(500);
      await choose(page, "Kernel", "Interrupt Kernel");
      const cells = await until(page, ([, second, third]) => second?.failed === true && !third?.running);
      assert.match(cells[1]?.outputs.join() ?? "", /interrupted/);
      await page.waitForTimeout(300);
      assert.deepEqual((await codeCells(page))[2]?.outputs, []);
      const again = await runAlone(page, "kept");
      assert.match(again?.outputs.join() ?? "", /7/);
    },
  );
}

withCells(
  "await using at the top of a cell is disposed of at its end",
  [
    [
      "await using file = {",
      '  path: "notes.txt",',
      "  async [Symbol.asyncDispose]() {",
      '    console.log("closed", this.path);',
      "  },",
      "};",
      'console.log("working with", file.path);',
    ].join("\n"),
  ],
  async (page) => {
    await runAll(page);
    const [cell] = await until(page, ended);
    assert.match(cell?.outputs.join() ?? "", /working with notes.txt.*closed notes.txt/);
  },
);

withCells(
  "ten thousand printed lines arrive, and the kernel goes on",
  ["for (let i = 1; i <= 10_000; i++) console.log(i);", '"still here"'],
  async (page) => {
    await runAll(page);
    const [lines, next] = await until(page, ended);
    assert.match(lines?.outputs.join("") ?? "", /\\n9999\\n10000\\n/);
    assert.match(next?.outputs.join() ?? "", /still here/);
  },
);

withCells(
  "a progress bar moves on in its place",
  [
    `import { progressBar, sleep } from "support";
const bar = progressBar(3, "letters");
for (const letter of "abc") {
  console.log(letter);
  await sleep(4);
  bar.step();
}`,
  ],
  async (page) => {
    await runAll(page);
    const bar = page.locator(".jp-OutputArea-output progress");
    const seen = new Set<string>();
    const cells = await until(page, async (now) => {
      for (const one of await bar.all()) seen.add((await one.getAttribute("value")) ?? "");
      return ended(now);
    });
    seen.add((await bar.getAttribute("value")) ?? "");
    assert.ok(seen.size > 1 && seen.has("3"), [...seen].join());
    assert.equal(cells[0]?.outputs.filter((one) => one.includes("<progress")).length, 1);
  },
);

withCells(
  "a question is asked in the cell's input box, and the cell goes on with the answer",
  ['const name = prompt("What is your name?");\nconsole.log("Hello, " + name);'],
  async (page) => {
    await runAll(page);
    const box = page.locator(".jp-Stdin-input");
    await box.waitFor({ timeout: 20_000 });
    assert.match((await page.locator(".jp-Stdin-prompt").textContent()) ?? "", /What is your name/);
    const shots = process.env.SHOTS;
    if (shots) await page.screenshot({ path: `${shots}/an-input-box.png` });
    await box.fill("Ada");
    await box.press("Enter");
    const [cell] = await until(page, ended);
    assert.match(cell?.outputs.join() ?? "", /Hello, Ada/);
  },
);

withCells(
  "Shift-Tab shows the signature and the documentation of a helper",
  ['import { sleep } from "support";\nawait sleep(0);', "sleep("],
  async (page) => {
    await page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 0");
    await choose(page, "Run", "Run Selected Cell$");
    await until(page, ([first]) => first?.count !== null && first?.running === false);
    const editor = page.locator(".jp-CodeCell .cm-content").nth(1);
    await editor.click();
    await page.keyboard.press("End");
    await page.keyboard.press("Shift+Tab");
    const tooltip = page.locator(".jp-Tooltip");
    await tooltip.waitFor({ timeout: 20_000 });
    const text = (await tooltip.textContent()) ?? "";
    assert.match(text, /sleep\(seconds: number/);
    assert.match(text, /lesson seconds/);
    assert.doesNotMatch(text, /\{@link/);
  },
);

withCells(
  "a long output is cut with a word, in both themes; a key shows the whole, and a text that is not long stays as it is",
  [
    'for (let n = 1; n <= 400; n += 1) console.log("line", n);',
    'for (let n = 1; n <= 80; n += 1) console.log("short", n);',
    'await new Promise((go) => setTimeout(go, 300));\nconsole.log("x".repeat(20000));',
  ],
  async (page) => {
    await runAll(page);
    await until(page, ended);
    const more = page.locator(".tsasync-more:visible");
    const height = (words: string): Promise<number> =>
      page
        .locator(".jp-OutputArea-output", { hasText: words })
        .first()
        .evaluate((one) => one.clientHeight / Number.parseFloat(getComputedStyle(one).lineHeight));
    const scrolling = (): Promise<number> =>
      page
        .locator(".jp-OutputArea-output")
        .evaluateAll(
          (all) =>
            all.filter(
              (one) =>
                one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== "hidden",
            ).length,
        );
    await page.evaluate("jupyterapp.shell.currentWidget.content.scrollToItem(0)");
    await more.first().waitFor();
    assert.equal(await more.first().textContent(), "… and 340 more lines. Show all");
    assert.ok((await height("line 400")) < 65);
    await inBothThemes(page, async () => {
      assert.deepEqual(await faintTexts(page, ".tsasync-more"), []);
    });
    await more.first().focus();
    await page.keyboard.press("Enter");
    assert.ok((await height("line 400")) >= 400);
    assert.equal(await more.first().textContent(), "Show the first 60 lines only");
    await page.keyboard.press("Enter");
    assert.ok((await height("line 400")) < 65);
    await page.evaluate("jupyterapp.shell.currentWidget.content.scrollToItem(2)");
    await page
      .locator(".jp-OutputArea-output .tsasync-more", { hasText: /^… and \d+ more/ })
      .nth(1)
      .waitFor();
    assert.equal(Math.round(await height("short 80")), 80);
    assert.equal(await page.locator(".tsasync-more").count(), 2);
    assert.equal(await scrolling(), 0);
  },
);
