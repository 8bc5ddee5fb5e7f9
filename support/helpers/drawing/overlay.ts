/**
 * A picture that answers to a reader without a script: over each of its rows lies a radio button that nobody sees. Who points
 * at one, or walks to it by the arrow keys, reads under the picture what it says, sees the rows that have to do with it,
 * and the arrows between them.
 *
 * It is hidden unless the style sheet shows it. So where a notebook is not trusted, and on sites that take style sheets away,
 * nothing but the picture is left.
 */
import { createHash } from "node:crypto";
import { escapeHtml } from "../display/escape.ts";
import type { Arrow, Part, Parts } from "./parts.ts";

const HINT = "Point at a row, or walk through the rows by the arrow keys, to read here what it did.";

/** Half of an arrow's head. */
const HEAD = 4;

function pathOf({ x, from, to }: Arrow): string {
  const back = to > from ? -2 * HEAD : 2 * HEAD;
  return `M${x} ${from}V${to}M${x - HEAD} ${to + back}L${x} ${to}L${x + HEAD} ${to + back}`;
}

/** Everything but the rows that are lit. */
function veil(part: Part, { width, rows }: Parts): string {
  const dim = rows.filter(({ top }) => top !== part.top && !part.lit.includes(top));
  return dim.map(({ top, height }) => `M0 ${top}h${width}v${height}H0z`).join("");
}

function arrows(part: Part, broken: boolean): string {
  const path = part.arrows
    .filter((arrow) => arrow.broken === broken)
    .map(pathOf)
    .join("");
  if (path === "") return "";
  // Twice: the light line under the dark one sets it off from the bars.
  return `<path class="halo" d="${path}"/><path class="${broken ? "broken" : "whole"}" d="${path}"/>`;
}

function drawing(part: Part, parts: Parts): string {
  const dim = veil(part, parts);
  const lines = `${arrows(part, true)}${arrows(part, false)}`;
  if (dim === "" && lines === "") return "";
  const viewBox = `0 0 ${parts.width} ${parts.height}`;
  return `<svg viewBox="${viewBox}" aria-hidden="true"><path class="veil" d="${dim}"/>${lines}</svg>`;
}

/** JupyterLab leaves the keys to who has the attribute, and itself moves between cells by the arrow keys. */
function attributes(name: string): string {
  return `type="radio" name="${name}" data-lm-suppress-shortcuts="true"`;
}

function button(name: string, part: Part, parts: Parts): string {
  const place = `top:${part.top}px;height:${part.height}px`;
  return `<label><input ${attributes(name)} style="${place}">${drawing(part, parts)}<span>${escapeHtml(part.text)}</span></label>`;
}

/**
 * What lies over a picture, as safe HTML.
 *
 * @param of what the picture is of, for who hears it
 */
export function overlayHtml(parts: Parts, of: string): string {
  // The same in every run, whatever the times; two pictures on a page have two.
  const names = JSON.stringify([of, parts.rows.map(({ label }) => label)]);
  const name = `rows-${createHash("sha256").update(names).digest("hex").slice(0, 12)}`;
  const none = `<label class="none"><input ${attributes(name)} checked><span>${HINT}</span></label>`;
  const rows = parts.rows.map((part) => button(name, part, parts));
  const about = escapeHtml(`Rows of the picture${of === "" ? "" : `, ${of}`}`);
  return `<div hidden="hidden" class="rows" role="radiogroup" aria-label="${about}">\n${[none, ...rows].join("\n")}\n</div>`;
}
