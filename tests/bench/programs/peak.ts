import { readFileSync } from "node:fs";

/**
 * What this process needed at most, in MiB. Not by `resourceUsage`, where Linux has an answer of its own: that one begins
 * with what the process which started this one had.
 */
export function peakMegabytes(): number {
  try {
    const [, kib] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    if (kib !== undefined) return Number(kib) / 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS / 1024;
}
