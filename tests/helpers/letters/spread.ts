/** Minimum, median and maximum, for the figures of a bench. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** @param values at least one */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { min: at(0), median: at(0.5), max: at(1) };
}

export function words({ min, median, max }: Spread, digits: number): string {
  return [min, median, max].map((one) => one.toFixed(digits)).join(" / ");
}
