import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { figureHtml } from "../../support/helpers/drawing/figure.ts";
import { sideBySideHtml } from "../../support/helpers/programs/side-by-side.ts";
import { RECORDING_VERSION } from "../../support/helpers/recording/recording.ts";
import { timelineFigure } from "../../support/helpers/timeline/timeline.ts";

interface Output {
  output_type: "stream" | "display_data" | "error";
  [part: string]: unknown;
}

/** What a server, a task's name, an error or a file's name may hold. */
export const HOSTILE = `"><img src=x onerror="alert('in')"><script>alert('in')</script><style>*{display:none}</style>`;

const LINE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="9"><path d="M0 4H720" stroke="#000"/></svg>';
const PICTURE = `<img alt="A line from left to right" src="data:image/svg+xml;base64,${Buffer.from(LINE).toString("base64")}">`;
const SENTENCES =
  "Each task is a bar. A solid bar held the thread all the time. The toast could not even start before the tea was done," +
  " although both tasks are async functions. The time from the start to the end of the last task is the makespan. ";
const WIDE = "const everything = [".padEnd(400, "1, ");

function markdown(source: string, tags: string[] = []): object {
  return { cell_type: "markdown", metadata: { tags }, source };
}

function code(source: string, outputs: Output[], tags: string[] = [], hidden = false): object {
  const metadata = { tags, jupyter: { source_hidden: hidden } };
  return { cell_type: "code", execution_count: 1, metadata, source, outputs };
}

function printed(text: string, name: "stdout" | "stderr" = "stdout"): Output {
  return { output_type: "stream", name, text };
}

function shown(html: string): Output {
  return { output_type: "display_data", metadata: {}, data: { "text/html": html, "text/plain": "a figure" } };
}

function timeline(): string {
  const times = {
    start: 0,
    end: 9,
    outcome: "result",
    error: null,
    parent: null,
    line: null,
  } as const;
  const names = [
    "fetch one",
    "a task whose name is as long as a sentence that nobody wanted to cut",
    HOSTILE,
  ];
  const tasks = names.map((name) => ({
    name,
    ...times,
    cpu: [{ start: 0, end: 3 }],
    ready: [{ start: 4, end: 6 }],
    waits: [],
    wakes: [],
  }));
  const whole = {
    version: RECORDING_VERSION,
    process: 1,
    thread: 0,
    value: undefined,
    error: undefined,
    ok: true,
    settled: 9,
    makespan: 9,
  };
  return figureHtml(
    timelineFigure(
      { ...whole, tasks, startedAt: 0, cpu: [], waits: [], loopDelay: { every: 0.1, looks: [] } },
      { title: `Three at once ${HOSTILE}` },
    ),
  );
}

/** One of each kind of box that the helpers show: a figure, two columns, an error, progress. */
export const BOXES: readonly string[] = [
  timeline(),
  sideBySideHtml({ Python: ["a"], TypeScript: ["b"] }),
  '<div style="border-left: 4px solid #b3261e; padding: 0.4em 0.8em; background: #fdecea; color: #1f2328;">' +
    "<strong>TypeError</strong>: bad</div>",
  '<div><progress max="3" value="2" aria-label="jobs"></progress> jobs: 2 of 3</div>',
];

const EVERYTHING = [
  markdown(
    "# Everything a `lesson` may hold\n\nShows each kind of cell and of output that a lesson may hold.\n\n" +
      "**5 minutes** · You will be able to read it anywhere · Know first: nothing.",
  ),
  markdown(
    `## Prose\n\n[A link](../00-start-here.ipynb), [another](https://nodejs.org/api/timers.html), **bold**,` +
      ` \`code\`, ${"averylongword".repeat(12)}.\n\n` +
      "> A quotation.\n\n1. One\n2. Two\n\n| Python | TypeScript | the difference |\n|:--|:--|--:|\n" +
      "| `asyncio.run_coroutine_threadsafe(coroutine, loop)` | `worker.postMessage(job)` | everything else |\n\n" +
      `\`\`\`ts\n${WIDE}\n\`\`\`\n\n\`\`\`\nno language\n\`\`\`\n\n### Deeper`,
  ),
  code(
    `import { x } from "support"; // a comment\n\n/** Doc. */\nclass A extends B<string> {\n` +
      `  static readonly re = /a+[b]/g;\n  @logged\n  async run(n: number): Promise<void> {\n` +
      `    if (n > 0x1f && !this) throw new TypeError(\`n is \${n}\\n\`);\n    for (const y of [1.5, null, true]) await y;\n` +
      `    console.log('single', typeof n, Math.max(1, 2), [] as unknown[]);\n  }\n}\n${WIDE}`,
    [
      printed(
        `${"wide ".repeat(100)}\n┌──┬──┐\n\u001b[31mred\u001b[39m \u001b[33myellow\u001b[39m \u001b[32m'green'\u001b[39m`,
      ),
    ],
  ),
  markdown(`A line of the length that a cell may have.\n\n${SENTENCES.repeat(3)}`),
  code(`const line = "${"x".repeat(80 - 'const line = "";'.length)}";`, [printed("")]),
  markdown("Figures."),
  code("timeline(run);", [shown(timeline())]),
  markdown("A picture that brings no style of its own."),
  code("draw();", [
    shown(
      `<figure>${PICTURE}<figcaption>A line</figcaption><ul><li>0 to 720</li></ul><p><a href="#Prose">Why</a></p></figure>`,
    ),
  ]),
  markdown("Boxes of the helpers."),
  code("await expectError(run);", [
    ...BOXES.slice(2).map(shown),
    printed("late\n", "stderr"),
    printed(`the server answered ${HOSTILE}\n✓ it said ${HOSTILE}\n`),
    {
      output_type: "error",
      ename: HOSTILE,
      evalue: HOSTILE,
      traceback: [`Error: ENOENT, open '${HOSTILE}'`],
    },
    shown(`<p>${HOSTILE}</p>`),
    { output_type: "display_data", metadata: {}, data: { "text/markdown": HOSTILE, "text/plain": HOSTILE } },
  ]),
  markdown(`### Predict: which is first?\n\nA question. ${HOSTILE}`),
  code("ask();", [printed("the answer\n"), shown(sideBySideHtml({ Python: ["a"], TypeScript: ["b"] }))]),
  markdown("## Exercise"),
  code('await exercise("c01-a", answer);', [printed("☐ c01-a, Do: not yet\n")], ["exercise"]),
  { ...markdown("<details><summary>Hint 1</summary>\n\nThink.\n\n</details>"), id: "ex-c01-a-hints" },
  code("answer();", [printed("forty-two\n"), shown(timeline())], ["solution"], true),
  { ...markdown("<details><summary>About</summary>\n\nIt is short.\n\n</details>"), id: "ex-c01-a-after" },
  markdown("## Coming from Python"),
  code("await python(source);", [printed("said by Python\n")], ["python"], true),
  markdown("Previous: [Start here](../00-start-here.ipynb)", ["navigation"]),
];

const START = [
  markdown(
    "# Start here\n\nShows the way.\n\n**1 minute** · You will be able to go on · Know first: nothing.",
  ),
  code("1;", [printed("1\n")]),
];

function write(path: string, cells: readonly object[]): void {
  const numbered = cells.map((cell, at) => ({ id: `cell-${at}`, ...cell }));
  const metadata = {
    kernelspec: { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" },
    language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript", version: "" },
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ cells: numbered, metadata, nbformat: 4, nbformat_minor: 5 }));
}

/** Writes a project of two lessons, one of which holds every kind of cell and output that lessons have. */
export function writeSmallCourse(project: string): void {
  write(join(project, "notebooks", "00-start-here.ipynb"), START);
  write(join(project, "notebooks", "concepts", "01-everything.ipynb"), EVERYTHING);
}
