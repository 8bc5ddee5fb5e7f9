import { showHtml } from "../display/display.ts";
import { escapeHtml } from "../display/escape.ts";
import { FIGURE_STYLE } from "./figure-style.ts";
import { overlayHtml } from "./overlay.ts";
import type { Parts } from "./parts.ts";
import { htmlTable, type Table } from "./table.ts";

/** How a picture looks, whatever it is of. */
export interface FigureOptions {
  /** A few words above the picture. */
  title?: string;
}

/** What a figure is put together from. All texts are plain: they are escaped here. */
export interface Figure {
  /** What kind of picture it is; the alternative text begins with it. */
  kind: string;
  title: string | undefined;
  /** A complete SVG file. */
  svg: string;
  /** What readers can point at; nothing when not given. */
  parts?: Parts;
  /** One sentence that says what the picture shows, as its alternative text. */
  summary: string;
  /** What stands under the picture. */
  caption: string;
  /** The same as the picture in numbers, for readers who can't see it or want them exactly; and what they are called. */
  table: Table;
  tableName: string;
  /** Where readers find more, under the table: safe HTML, without anything that came from outside. */
  more?: string;
}

/** A picture as the address of an `img`, so that it needs no file and no trust. */
function dataUri(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}

/** On a narrow screen. */
const SIDEWAYS =
  '<small class="sideways" hidden="hidden">Scroll the picture sideways to see all of it.</small>';

/** The picture with its alternative text, its caption, and its numbers in a table that unfolds; safe HTML. */
export function figureHtml(figure: Figure): string {
  const { kind, title, svg, parts, summary, caption, table, tableName, more } = figure;
  const about = escapeHtml(`${kind}${title === undefined ? "" : `, ${title}`}: ${summary}`);
  const heading = title === undefined ? "" : `<strong>${escapeHtml(title)}</strong><br>\n`;
  return [
    '<figure class="run-figure">',
    `<style>${FIGURE_STYLE}</style>`,
    '<div class="scroll"><div class="picture">',
    `<img alt="${about}" src="${dataUri(svg)}">`,
    ...(parts === undefined ? [] : [overlayHtml(parts, title ?? "")]),
    "</div></div>",
    `<figcaption>${SIDEWAYS}${heading}${escapeHtml(caption)}</figcaption>`,
    `<details><summary>${escapeHtml(tableName)}</summary>\n${htmlTable(table)}\n${more === undefined ? "" : `<p>${more}</p>\n`}</details>`,
    "</figure>",
  ].join("\n");
}

/** The figure as one line of plain text, where no picture can be shown. */
export function figureText({ title, summary }: Pick<Figure, "title" | "summary">): string {
  return title === undefined ? summary : `${title}: ${summary}`;
}

/** Shows a figure under the cell. */
export function showFigure(figure: Figure): void {
  showHtml(figureHtml(figure), figureText(figure));
}

/** `1 task`, `2 tasks`. */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
