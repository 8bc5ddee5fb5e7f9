import { plot } from "../drawing/plot.ts";
import { drawSvg } from "../drawing/svg.ts";
import { reach, ticksTo } from "./axis.ts";
import { inFlight } from "./in-flight.ts";
import type { Layout } from "./layout.ts";

const BEFORE = { stroke: "#5b3a8c", strokeWidth: 2, strokeDasharray: "5 3" } as const;

/**
 * Draws how many tasks were in flight over time, for a run with too many tasks for one bar each.
 *
 * @param until lesson seconds that the axis reaches at least
 * @param before a run that it is compared with: a broken line
 */
export function drawInFlight(layout: Layout, until?: number, before?: Layout): string {
  const stretches = inFlight(layout);
  const earlier = before === undefined ? [] : inFlight(before);
  const { rectY, ruleY } = plot();
  const end = reach(Math.max(layout.end, before?.end ?? 0), layout.grid, until);
  return drawSvg({
    height: 220,
    marginLeft: 64,
    marginRight: 24,
    marginTop: 28,
    marginBottom: 40,
    x: {
      label: "lesson seconds",
      labelAnchor: "center",
      labelArrow: "none",
      domain: [0, end],
      ticks: ticksTo(end, layout.grid),
      tickFormat: String,
    },
    y: { label: "tasks in flight", labelArrow: "none", grid: true, zero: true },
    marks: [
      rectY(stretches, { x1: "start", x2: "end", y: "inFlight", fill: "#cfe2f7" }),
      ruleY(stretches, { x1: "start", x2: "end", y: "inFlight", stroke: "#2f6db0", strokeWidth: 2 }),
      ...(earlier.length === 0 ? [] : [ruleY(earlier, { x1: "start", x2: "end", y: "inFlight", ...BEFORE })]),
      ruleY([0]),
    ],
  });
}
