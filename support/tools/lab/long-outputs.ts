/** Cuts printed text that is long, and says how much more there is; a button leads to the whole. */
import type { NotebookPanel, NotebookTracker } from "./jupyterlab.ts";

/** Up to so many lines a text stands whole; of a longer one, fewer are left, so that it is worth it. */
export const WHOLE_LINES = 80;
export const CUT_LINES = 60;
const TEXT = ".jp-OutputArea-output.jp-RenderedText > pre";
const CUT = "tsasync-cut";
const BUTTON = "tsasync-more";

/** What the button says under a text of so many lines; undefined where the text is not long. */
export function wordsFor(lines: number, whole: boolean): string | undefined {
  if (lines <= WHOLE_LINES) return undefined;
  return whole ? `Show the first ${CUT_LINES} lines only` : `… and ${lines - CUT_LINES} more lines. Show all`;
}

/** How many lines a text takes, those of a long line counted as they are broken. */
function linesOf(text: HTMLElement): number {
  return Math.round(text.offsetHeight / Number.parseFloat(getComputedStyle(text).lineHeight)) || 0;
}

function buttonBelow(text: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = BUTTON;
  button.ariaExpanded = "false";
  button.addEventListener("click", () => {
    button.ariaExpanded = button.ariaExpanded === "true" ? "false" : "true";
    cut(text);
  });
  text.after(button);
  return button;
}

/** Cuts a text, or takes that back, by the height that it has now. */
function cut(text: HTMLElement): void {
  const host = text.parentElement;
  if (host === null || text.offsetHeight === 0) return;
  const there = host.querySelector<HTMLButtonElement>(`:scope > .${BUTTON}`);
  const words = wordsFor(linesOf(text), there?.ariaExpanded === "true");
  host.classList.toggle(CUT, words !== undefined);
  host.style.setProperty("--tsasync-lines", `${CUT_LINES}`);
  if (words === undefined) {
    there?.remove();
    return;
  }
  const button = there ?? buttonBelow(text);
  if (button.textContent !== words) button.textContent = words;
}

function textsIn(node: Node): HTMLElement[] {
  if (!(node instanceof HTMLElement)) return [];
  const below = [...node.querySelectorAll<HTMLElement>(TEXT)];
  return node.matches(TEXT) ? [node, ...below] : below;
}

/** Looks at each text that a notebook shows whenever its height changes: while it grows, and when it comes into view. */
function follow({ content, disposed }: NotebookPanel): void {
  const sizes = new ResizeObserver((changes) => {
    for (const { target } of changes) if (target instanceof HTMLElement) cut(target);
  });
  const texts = new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const text of [...addedNodes].flatMap(textsIn)) sizes.observe(text);
  });
  texts.observe(content.outerNode, { childList: true, subtree: true });
  for (const text of textsIn(content.outerNode)) sizes.observe(text);
  disposed.connect(() => {
    texts.disconnect();
    sizes.disconnect();
  });
}

/** Cuts long texts in all notebooks. Nothing of it changes a notebook. */
export function cutLongOutputs(tracker: NotebookTracker): void {
  tracker.forEach(follow);
  tracker.widgetAdded.connect((_, panel) => follow(panel));
}
