import type { Arrow, Part, Parts } from "../drawing/parts.ts";
import { type Line, linesOf, type Place, placeOf, ROW_HEIGHT } from "./bar-chart.ts";
import { bars, type Layout } from "./layout.ts";
import { chainOf, type Link } from "./links.ts";
import { rowWords } from "./row-words.ts";

/** More arrows than these at one row would hide it. */
const MOST_ARROWS = 12;

/** What readers can point at in a picture of bars: each row, with its chain of waits and the arrows to it. */
export function rowParts(layout: Layout, until?: number): Parts {
  const lines = linesOf(layout);
  const place = placeOf(layout, lines, until);
  // The rows of lanes come after the recording's own.
  const own = lines.slice(0, bars(layout).length);
  const links = new Map<number | null, readonly Link[]>();
  const lineOf = new Map<number | null, Line>();
  for (const line of own) {
    if (line.row === undefined) continue;
    links.set(line.row.task, line.row.links);
    lineOf.set(line.row.task, line);
  }
  const tops = (tasks: Iterable<number | null>): number[] =>
    [...tasks].flatMap((task) => {
      const line = lineOf.get(task);
      return line === undefined ? [] : [place.top(line.y)];
    });
  return {
    width: place.width,
    height: place.height,
    rows: lines.flatMap(({ row, y }): Part[] => {
      if (row === undefined) return [];
      const isOwn = y < own.length;
      return [
        {
          top: place.top(y),
          height: ROW_HEIGHT,
          label: row.label,
          text: rowWords(row, layout),
          lit: isOwn ? tops(chainOf(row.task, links)) : [],
          arrows: isOwn ? arrowsOf(row.links, y, lineOf, place) : [],
        },
      ];
    }),
  };
}

/** Who waits points at the one it waits for; who acts points at the one it lets go on. */
function arrowsOf(
  links: readonly Link[],
  y: number,
  lineOf: ReadonlyMap<number | null, Line>,
  place: Place,
): Arrow[] {
  const here = place.top(y) + ROW_HEIGHT / 2;
  return links.slice(0, MOST_ARROWS).flatMap((link): Arrow[] => {
    const line = lineOf.get(link.task);
    if (line === undefined || line.y === y) return [];
    const there = place.top(line.y) + ROW_HEIGHT / 2;
    const broken = link.how === "waited for";
    const [from, to] = broken ? [here, there] : [there, here];
    return [{ x: Math.round(place.x(link.at)), from, to, broken }];
  });
}
