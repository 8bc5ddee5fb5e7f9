import { textWidth } from "./text-width.ts";

const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text from anywhere, made safe as HTML text and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (sign) => NAMED[sign] ?? sign);
}

/**
 * Text from anywhere with what can't stand in a picture (XML allows no control characters and no lone surrogates)
 * or would reorder the text around it (Unicode's direction marks) replaced by the replacement character.
 */
export function visible(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, " ")
    .replace(
      /[\p{Cc}\p{Cs}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{fffe}\u{ffff}]/gu,
      "\u{fffd}",
    );
}

/** Text cut to a number of characters, with "…" for what was cut. */
export function shorten(text: string, length: number): string {
  const signs = [...text];
  return signs.length <= length ? text : `${signs.slice(0, length - 1).join("")}…`;
}

const LABEL_LENGTH = 32;
/** Pixels; what as many plain letters take. */
const LABEL_WIDTH = 7 * LABEL_LENGTH;

/** Text cut to a width in pixels, with "…" for what was cut. */
export function fitting(text: string, width: number): string {
  let length = [...text].length;
  let cut = text;
  while (textWidth(cut) > width && length > 1) {
    length -= 1;
    cut = shorten(text, length);
  }
  return cut;
}

/** Text from anywhere, short enough to stand beside a bar. */
export function inLabel(text: string): string {
  return fitting(shorten(visible(text), LABEL_LENGTH), LABEL_WIDTH);
}
