/** How wide letters of a 12 px system font are at most, in pixels, by kind. */
const WIDE = 14;
const CAPITAL = 10;
const PLAIN = 7;
const NARROW = 5;

/** Letters of East Asia, pictographs, and whatever fills a square. */
const SQUARE =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u{3000}-\u{303f}\u{ff01}-\u{ff60}]/u;
const BROAD = /[\p{Lu}mw@%&—…]/u;
const THIN = /[ .,:;'|!ijlft()[\]]/;
/** Marks that stand above or below a letter, and what joins pictographs. */
const NONE = /\p{Mn}|\p{Me}|\u{200b}|\u{200c}|\u{200d}|\u{fe0e}|\u{fe0f}/u;

function widthOf(sign: string): number {
  if (NONE.test(sign)) return 0;
  if (SQUARE.test(sign)) return WIDE;
  if (BROAD.test(sign)) return CAPITAL;
  return THIN.test(sign) ? NARROW : PLAIN;
}

/**
 * The room that a text takes in a picture, in pixels, rather too much than too little: who draws without a browser can't
 * measure. A text of plain letters takes 7 for each, which is more than most fonts need.
 */
export function textWidth(text: string): number {
  const estimate = [...text].reduce((sum, sign) => sum + widthOf(sign), 0);
  return Math.max(estimate, [...text].length * PLAIN);
}
