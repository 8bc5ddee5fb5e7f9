/** What the editor asks while a reader writes: how a word could go on, and what it is. Positions count code points. */
import type { Known } from "./names.ts";
import { ts } from "./typescript.ts";

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

/** An editor's services with a text in the place of the cell. */
interface Edited {
  service: ts.LanguageService;
  cell: string;
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

const plain = (parts: readonly ts.SymbolDisplayPart[] | undefined): string =>
  // A {@link name} comes as parts: the braces, the name and a text for it.
  (parts ?? [])
    .filter(({ kind }) => kind !== "link")
    .map(({ text }) => text)
    .join("")
    .replace(/import\("[^"]*"\)\./g, "");

interface Described {
  signature: string;
  text: string;
  tags: readonly ts.JSDocTagInfo[];
}

/** The comment before a definition of the library, whose comments are not parsed. */
function libraryComment(service: ts.LanguageService, cell: string, at: number): string {
  const [found] = service.getDefinitionAtPosition(cell, at) ?? [];
  if (found === undefined) return "";
  const start = (found.contextSpan ?? found.textSpan).start;
  const before = ts.sys.readFile(found.fileName)?.slice(Math.max(0, start - 9000), start) ?? "";
  const [, comment = ""] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before) ?? [];
  return comment.replace(/^\s*\* ?/gm, "").trim();
}

function called(service: ts.LanguageService, cell: string, at: number): Described | undefined {
  const help = service.getSignatureHelpItems(cell, at, {});
  const item = help?.items[help.selectedItemIndex];
  if (item === undefined) return undefined;
  const parameters = item.parameters
    .map((one) => plain(one.displayParts))
    .join(plain(item.separatorDisplayParts));
  const signature = plain(item.prefixDisplayParts) + parameters + plain(item.suffixDisplayParts);
  return { signature, text: plain(item.documentation), tags: item.tags };
}

function named(service: ts.LanguageService, cell: string, at: number): Described | undefined {
  const info = service.getQuickInfoAtPosition(cell, at) ?? service.getQuickInfoAtPosition(cell, at - 1);
  if (info === undefined) return undefined;
  const signature = plain(info.displayParts)
    .replace(/^\(alias\) /, "")
    .replace(/\nimport \S+$/, "");
  const { tags = [] } = info;
  const text = plain(info.documentation) || (tags.length === 0 ? libraryComment(service, cell, at) : "");
  return { signature, text, tags };
}

/** What the name at a place of a cell is, or the function that is called there: signature, text and tags. */
export function inspection(
  { service, cell }: Edited,
  source: string,
  before: number,
  position: number,
): Inspection | undefined {
  const at = before + toUnits(source, position);
  const found = named(service, cell, at) ?? called(service, cell, at);
  if (found === undefined || found.signature === "any") return undefined;
  const { text } = found;
  const tags = found.tags.map((tag) => ({ name: tag.name, text: plain(tag.text) }));
  const lines = tags.map(({ name, text }) => `@${name} ${text}`);
  const list = tags.map(({ name, text }) =>
    name === "example" && !text.includes("```")
      ? `*@example*\n\`\`\`ts\n${text}\n\`\`\``
      : `*@${name}* ${text}`,
  );
  return {
    "text/plain": [found.signature, text, ...lines].filter((one) => one !== "").join("\n\n"),
    "text/markdown": [`\`\`\`ts\n${found.signature}\n\`\`\``, text, ...list]
      .filter((one) => one !== "")
      .join("\n\n"),
  };
}
