import { shorten, visible } from "../display/escape.ts";
import { plot } from "../drawing/plot.ts";
import { drawSvg, widest } from "../drawing/svg.ts";

/** What was measured, and when: the place on the axis below, then how much it was. */
export type Level = readonly [at: number, level: number];

/** What the axes are called. */
export interface Axes {
  /** What the axis below counts, with its unit. */
  across: string;
  /** What is measured, with its unit. */
  up: string;
}

const PANEL_HEIGHT = 92;
const NAME_LENGTH = 80;
const LINE = "#2f6db0";
const AREA = "#cfe2f7";

/** Draws one strip below another, one per series, all on the same two scales. */
export function drawLevels(series: Readonly<Record<string, readonly Level[]>>, axes: Axes): string {
  const points = Object.entries(series).flatMap(([name, levels], strip) =>
    levels.map(([at, level]) => ({ strip, at, level, name })),
  );
  const names = Object.keys(series).map((name, strip) => ({
    strip,
    name: shorten(visible(name), NAME_LENGTH),
  }));
  const { areaY, axisY, dot, gridY, lineY, ruleY, text } = plot();
  const highest = points.reduce((most, { level }) => Math.max(most, level), 0);
  const marginLeft = Math.max(48, 24 + widest([String(highest)]));
  const place = { x: "at", y: "level", fy: "strip" } as const;
  return drawSvg({
    height: 72 + names.length * PANEL_HEIGHT,
    marginLeft,
    marginRight: 24,
    marginTop: 36,
    marginBottom: 40,
    x: { label: visible(axes.across), labelAnchor: "center", labelArrow: "none" },
    y: { label: null, zero: true, domain: [0, Math.max(highest, 1) * 1.25] },
    fy: { axis: null, padding: 0.12 },
    marks: [
      gridY({ ticks: 3 }),
      axisY({ ticks: 3, label: null }),
      areaY(points, { x: "at", y: "level", fy: "strip", fill: AREA }),
      lineY(points, { ...place, stroke: LINE, strokeWidth: 2 }),
      dot(points, { ...place, fill: LINE, r: 2.5 }),
      ruleY([0]),
      text(names, {
        fy: "strip",
        text: "name",
        frameAnchor: "top-left",
        dx: 6,
        dy: -2,
        fontWeight: "bold",
      }),
      text([visible(axes.up)], { frameAnchor: "top-left", fy: () => 0, dx: 8 - marginLeft, dy: -24 }),
    ],
  });
}
