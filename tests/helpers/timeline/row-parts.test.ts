/** What a picture says of each of its rows to a reader who points at it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { RecordedTask, Wait } from "../../../support/helpers/recording/recording.ts";
import { layout } from "../../../support/helpers/timeline/layout.ts";
import { chainOf, type Link } from "../../../support/helpers/timeline/links.ts";
import { rowParts } from "../../../support/helpers/timeline/row-parts.ts";
import { timelineFigure } from "../../../support/helpers/timeline/timeline.ts";
import { shown } from "../drawing/shown.ts";
import { aRecording, aTask } from "./plain-recordings.ts";

function waitFor(task: number | null, what: string, start = 0): Wait {
  return { what, task, start, end: null };
}

/** host waits for guest, guest waits for tea; alone has nothing to do with them. */
function visit(): RecordedTask[] {
  return [
    aTask("tea", 0, 3, { line: "In [2], line 4" }),
    aTask("guest", 0, 5, { waits: [waitFor(0, "tea"), waitFor(null, "a timer of 2 s", 3)] }),
    aTask("host", 0, 6, { waits: [waitFor(1, "guest")], wakes: [{ by: 1, at: 5.02 }] }),
    aTask("alone", 6, 7, { outcome: "cancelled", abortedBy: 2 }),
  ];
}

function parts(tasks: RecordedTask[]) {
  return rowParts(layout(aRecording(tasks), 1)).rows;
}

test("each row says when it was, what it waited for, who let it go on and where it was started", () => {
  assert.deepEqual(
    parts(visit()).map(({ text }) => text),
    [
      "tea: 0 to 3 s, ended with a result. Held the thread 0 s, ready without it 0 s, waiting 3 s. Started in In [2], line 4.",
      "guest: 0 to 5 s, ended with a result. Held the thread 0 s, ready without it 0 s, waiting 5 s. What it waited for: tea, a timer of 2 s.",
      "host: 0 to 6 s, ended with a result. Held the thread 0 s, ready without it 0 s, waiting 6 s. What it waited for: guest. Woken by: guest.",
      "alone: 6 to 7 s, cancelled by host. Held the thread 0 s, ready without it 0 s, waiting 1 s.",
    ],
  );
});

test("its chain of waits is lit to the end of the chain, and no other row", () => {
  const [tea, guest, host, alone] = parts(visit());
  assert.ok(tea && guest && host && alone);
  const lit = [tea, guest, host, alone].map((row) => row.lit.toSorted((a, b) => a - b));
  assert.deepEqual(lit, [
    [tea.top],
    [tea.top, guest.top],
    [tea.top, guest.top, host.top],
    [host.top, alone.top],
  ]);
});

test("who waits points at the one it waits for by a broken arrow, who acts at the one it lets go on by a whole one", () => {
  const [tea, guest, host] = parts(visit());
  assert.ok(tea && guest && host);
  const middle = (row: { top: number; height: number }): number => row.top + row.height / 2;
  const [waits, acts] = host.arrows;
  assert.deepEqual([waits?.from, waits?.to, waits?.broken], [middle(host), middle(guest), true]);
  assert.deepEqual([acts?.from, acts?.to, acts?.broken], [middle(guest), middle(host), false]);
  assert.ok(waits && acts && waits.x < acts.x);
});

test("a circle of waits is lit as a whole, and the search for it ends", () => {
  const links = new Map<number | null, Link[]>([
    [0, [{ how: "waited for", task: 1, at: 0 }]],
    [1, [{ how: "waited for", task: 0, at: 0 }]],
  ]);
  assert.deepEqual(chainOf(0, links), new Set([0, 1]));
});

test("a chain holds exactly what can be reached by waits, and those who acted on the task itself", () => {
  const edges = fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.boolean()), { maxLength: 20 });
  fc.assert(
    fc.property(edges, fc.nat(7), (all, from) => {
      const links = new Map<number | null, Link[]>();
      for (const [who, task, waited] of all) {
        const how = waited ? "waited for" : "woken by";
        links.set(who, [...(links.get(who) ?? []), { how, task, at: 0 }]);
      }
      const reached = new Set<number | null>([from]);
      for (let before = -1; before !== reached.size; ) {
        before = reached.size;
        for (const [who, task, waited] of all) if (waited && reached.has(who)) reached.add(task);
      }
      for (const [who, task, waited] of all) if (!waited && who === from) reached.add(task);
      assert.deepEqual(chainOf(from, links), reached);
    }),
  );
});

test("over each bar of the picture lies a button of its own row, also over those of a lane", () => {
  const span = { name: "request", startedAt: 100, endedAt: 300, outcome: "result" as const, note: "" };
  const figure = timelineFigure(aRecording(visit()), { lanes: { server: [span] } });
  const { svg, document } = shown(figure);
  const tops = [...svg.matchAll(/<rect height="18" y="(\d+)"/g)].map(([, y]) => Number(y));
  assert.equal(tops.length, 5);
  for (const { top, height } of figure.parts?.rows ?? []) {
    assert.equal(tops.filter((y) => y >= top && y + 18 <= top + height).length, 1);
  }
  const names = [...document.querySelectorAll("label:not(.none) span")].map(
    (span) => span.textContent?.split(":")[0],
  );
  assert.deepEqual(names, ["tea", "guest", "host", "alone", "request"]);
});

test("a row of a lane names the tasks of its own recording", () => {
  const worker = aRecording(visit());
  const { rows } = rowParts(layout(aRecording([aTask("mine", 0, 6)]), 1, { worker }));
  const guest = rows.find(({ label }) => label === "guest");
  assert.match(guest?.text ?? "", /What it waited for: tea, a timer of 2 s\.$/);
  assert.deepEqual([guest?.lit, guest?.arrows], [[], []]);
  assert.ok(rows.every(({ text }) => !text.includes("mine") || text.startsWith("mine:")));
});

test("what lies over a picture is hidden, unless a style sheet shows it", () => {
  const { document } = shown(timelineFigure(aRecording(visit())));
  const rows = document.querySelector(".rows");
  assert.ok(rows);
  assert.ok(rows.hasAttribute("hidden"));
  const outside = [...document.querySelectorAll("input, label, svg")].filter((one) => !rows.contains(one));
  assert.deepEqual(outside, []);
});

test("the buttons of a picture are one group, the same in every run and another in a picture of other rows", () => {
  const groups = (tasks: RecordedTask[], title?: string) => {
    const { document } = shown(timelineFigure(aRecording(tasks), title === undefined ? {} : { title }));
    return new Set([...document.querySelectorAll("input")].map((input) => input.getAttribute("name")));
  };
  const [name] = groups(visit());
  assert.deepEqual(groups(visit()), new Set([name]));
  const late = visit().map((task) => ({ ...task, end: task.end + 3 }));
  assert.deepEqual(groups(late), new Set([name]));
  assert.notDeepEqual(groups(visit().slice(1)), new Set([name]));
  assert.notDeepEqual(groups(visit(), "Other"), new Set([name]));
});

test("names from outside stay words in what a row says", () => {
  const { html } = shown(timelineFigure(aRecording([aTask('<img src=x onerror="a()">', 0, 1)])));
  assert.doesNotMatch(html, /<img src=x/);
  assert.match(html, /&lt;img src=x onerror=&quot;a\(\)&quot;&gt;: 0 to 1 s/);
});
