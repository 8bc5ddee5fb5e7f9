/** Where in each lesson a reader is, as it is remembered. Pure. */

/** A place in a lesson. Cells go by their ids, which stay when others are added or taken away. */
export interface Place {
  /** The cell that is active. */
  readonly active: string;
  /** The cell at the top of the window, and how many pixels of it are above that. */
  readonly top: string;
  readonly hidden: number;
}

export type Places = Readonly<Record<string, Place>>;

/** From where to where something reaches, in pixels from the top of the window. */
export interface Extent {
  readonly top: number;
  readonly bottom: number;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlace(value: unknown): value is Place {
  if (!isObject(value)) return false;
  return typeof value.active === "string" && typeof value.top === "string" && Number.isFinite(value.hidden);
}

/** The places in what was remembered; none where it is damaged or missing. */
export function readPlaces(remembered: unknown): Places {
  if (!isObject(remembered)) return {};
  const places: Record<string, Place> = {};
  for (const [path, value] of Object.entries(remembered)) if (isPlace(value)) places[path] = value;
  return places;
}

/**
 * The first cell of which anything is in view.
 *
 * @param cells where each cell is; undefined for one that is not drawn.
 * @returns its number and how many pixels of it are hidden; undefined when none is in view.
 */
export function topCell(
  view: Extent,
  cells: readonly (Extent | undefined)[],
): { index: number; hidden: number } | undefined {
  const index = cells.findIndex((cell) => cell !== undefined && cell.bottom > view.top + 1);
  const cell = cells[index];
  return cell === undefined ? undefined : { index, hidden: Math.round(view.top - cell.top) };
}

/** Whether two places are the same. */
export function samePlace(one: Place | undefined, other: Place): boolean {
  return (
    one !== undefined && one.active === other.active && one.top === other.top && one.hidden === other.hidden
  );
}
