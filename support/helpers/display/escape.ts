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

/** Text from anywhere, short enough to stand beside a bar. */
export function inLabel(text: string): string {
  return shorten(visible(text), LABEL_LENGTH);
}
