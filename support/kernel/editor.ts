/** What the editor asks while a reader writes: how a word could go on, and what it is. Positions count code points. */
import type { Known } from "./names.ts";
import type { Edited, ts } from "./typescript.ts";

/** The protocol's answer to a completion request. */
export interface Completions {
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: { _jupyter_types_experimental: { text: string; type: string; start: number; end: number }[] };
}

/** What a name is: plain and as Markdown. */
export interface Inspection {
  "text/plain": string;
  "text/markdown": string;
}

const MOST = 500;

/** The UTF-16 offset of the code point at `position`, and back. */
const toUnits = (source: string, position: number): number => [...source].slice(0, position).join("").length;
const toPoints = (source: string, units: number): number => [...source.slice(0, units)].length;

/** How a word in a cell could go on. The names of earlier cells are known too, also those the cell does not mention. */
export function completions(
  { service, cell }: Edited,
  source: string,
  before: number,
  position: number,
  known: ReadonlyMap<string, Known>,
): Completions {
  const at = toUnits(source, position);
  const info = service.getCompletionsAtPosition(cell, before + at, {});
  const word = /[\w$]*$/.exec(source.slice(0, at))?.[0] ?? "";
  const given =
    info?.entries.find((one) => one.replacementSpan)?.replacementSpan ?? info?.optionalReplacementSpan;
  const start = given ? given.start - before : at - word.length;
  const end = given ? given.start + given.length - before : at;
  const begun = source.slice(start, at).toLowerCase();
  const entries = (info?.entries ?? []).map(({ name, insertText, kind, sortText }) => ({
    text: insertText ?? name,
    type: kind as string,
    rank: sortText,
  }));
  const isGlobal = info?.isGlobalCompletion ?? false;
  const others = isGlobal
    ? [...known].map(([text, { shape }]) => ({ text, type: shape === "type" ? "type" : "const", rank: "10" }))
    : [];
  const fitting = [...entries, ...others]
    .filter(({ text }) => text.toLowerCase().startsWith(begun) && !text.startsWith("$$"))
    .sort((a, b) => (a.rank === b.rank ? a.text.localeCompare(b.text) : a.rank < b.rank ? -1 : 1));
  const unique = [...new Map(fitting.map((one) => [one.text, one])).values()].slice(0, MOST);
  const span = { start: toPoints(source, start), end: toPoints(source, end) };
  return {
    matches: unique.map(({ text }) => text),
    cursor_start: span.start,
    cursor_end: span.end,
    metadata: { _jupyter_types_experimental: unique.map(({ text, type }) => ({ text, type, ...span })) },
  };
}

const plain = (parts: readonly ts.SymbolDisplayPart[]): string =>
  parts
    .map(({ text }) => text)
    .join("")
    .replace(/import\("[^"]*"\)\./g, "")
    .replace(/^\(alias\) |\nimport \S+$/g, "");

/** The signature of the function whose call a place is in, with where its name is. */
function called({ service, cell }: Edited, at: number): { signature: string; name: number } | undefined {
  const help = service.getSignatureHelpItems(cell, at, {});
  const item = help?.items[help.selectedItemIndex];
  if (!help || !item) return undefined;
  const parameters = item.parameters
    .map((one) => plain(one.displayParts))
    .join(plain(item.separatorDisplayParts));
  const signature = plain(item.prefixDisplayParts) + parameters + plain(item.suffixDisplayParts);
  // The span of the arguments begins behind the bracket.
  return { signature, name: help.applicableSpan.start - 2 };
}

function named({ service, cell }: Edited, at: number): { signature: string; name: number } | undefined {
  for (const name of [at, at - 1]) {
    const info = service.getQuickInfoAtPosition(cell, name);
    if (info?.displayParts) return { signature: plain(info.displayParts), name };
  }
  return undefined;
}

/** The comment before a definition, as it was written. The compiler does not parse comments: they are many. */
function comment({ service, cell, read }: Edited, at: number): string {
  const [found] = service.getDefinitionAtPosition(cell, at) ?? [];
  if (found === undefined) return "";
  const before = read(found.fileName)?.slice(0, (found.contextSpan ?? found.textSpan).start) ?? "";
  const start = before.lastIndexOf("/**");
  if (start < 0 || !/\*\/\s*$/.test(before) || before.indexOf("*/", start) < before.trimEnd().length - 2)
    return "";
  return before
    .slice(start + 3)
    .replace(/\*\/\s*$/, "")
    .replace(/^\s*\* ?/gm, "")
    .replace(/\{@link\s+([^}]*)\}/g, "$1")
    .trim();
}

/** A tag of a comment, with what follows it, as Markdown. */
function tagged(section: string): string {
  const [, tag, rest = ""] = /^@(\w+)\s*([\s\S]*)/.exec(section.trim()) ?? [];
  if (tag === undefined) return section.trim();
  return tag === "example" ? `*@example*\n\`\`\`ts\n${rest}\n\`\`\`` : `*@${tag}* ${rest}`;
}

/** What the name at a place of a cell is, or the function that is called there: its signature and its comment. */
export function inspection(
  edited: Edited,
  source: string,
  before: number,
  position: number,
): Inspection | undefined {
  const at = before + toUnits(source, position);
  const found = named(edited, at) ?? called(edited, at);
  if (found === undefined || found.signature === "any") return undefined;
  const text = comment(edited, found.name);
  const marked = text
    .split(/^(?=@\w)/m)
    .map(tagged)
    .join("\n\n");
  return {
    "text/plain": `${found.signature}\n\n${text}`.trim(),
    "text/markdown": `\`\`\`ts\n${found.signature}\n\`\`\`\n\n${marked}`.trim(),
  };
}
