import { bars, type Layout, type Row } from "./layout.ts";

/** What two runs are called in their picture. */
export type RunNames = readonly [string, string];

/** Tasks are numbered by their place in a recording; those of the second run come after those of the first. */
function moved(row: Row, by: number, name: string, half: "first" | "second"): Row {
  const move = (task: number | null): number | null => (task === null ? null : task + by);
  return {
    ...row,
    label: `${row.label}, ${name}`,
    half,
    task: move(row.task),
    parent: move(row.parent),
    links: row.links.map((link) => ({ ...link, task: move(link.task) })),
  };
}

/**
 * Each row of the first run and under it the same one of the second: the first "tea" belongs to the other's first "tea". What only
 * the second run has comes last.
 */
function paired(first: Layout, second: Layout, [one, other]: RunNames): Row[] {
  const by = first.rows.length;
  const left = [...bars(second)];
  const rows = bars(first).flatMap((row) => {
    const at = left.findIndex(({ label, depth }) => label === row.label && depth === row.depth);
    const partner = at < 0 ? [] : left.splice(at, 1);
    return [moved(row, 0, one, "first"), ...partner.map((same) => moved(same, by, other, "second"))];
  });
  return [...rows, ...left.map((row) => moved(row, by, other, "second"))];
}

/** Two runs as one, row by row, so that they are drawn on one axis. */
export function compared(first: Layout, second: Layout, names: RunNames): Layout {
  const makespan = Math.max(first.makespan, second.makespan);
  return {
    rows: paired(first, second, names),
    main: null,
    lanes: [],
    end: makespan,
    grid: first.grid,
    makespan,
    settled: makespan,
    ok: true,
    nested: first.nested || second.nested,
    sum: Number((first.sum + second.sum).toFixed(6)),
  };
}
