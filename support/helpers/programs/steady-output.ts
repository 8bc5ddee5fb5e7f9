/** A line of a traceback that names a file; text before it may draw the tree of an ExceptionGroup. */
const FRAME = /^([\s|]*)File "(?<file>[^"]*)", line \d+/;

function indent(line: string): number {
  return line.length - line.replace(/^[\s|]+/, "").length;
}

/** Without what stands inside Python's own modules: it differs from one version to the next. */
function withoutLibraryFrames(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let droppedAt = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const frame = FRAME.exec(line);
    if (frame) droppedAt = frame.groups?.file === "<python>" ? Number.POSITIVE_INFINITY : indent(line);
    else if (indent(line) <= droppedAt) droppedAt = Number.POSITIVE_INFINITY;
    if (droppedAt === Number.POSITIVE_INFINITY) kept.push(line);
  }
  return kept;
}

/**
 * What Python printed, made the same for every run and computer: addresses become `0x…`, files of the standard library
 * lose their folder and line number, and tracebacks keep the frames of the lesson's own code only. Set order, times and
 * random numbers stay as they are.
 */
export function steady(printed: string): string {
  const text = printed
    .replaceAll("\r\n", "\n")
    .replace(/\b0x[0-9a-f]{6,}\b/gi, "0x…")
    .replace(/[^\s"'(<[]*\/python3\.\d+\/([\w/.-]+\.py)(?::\d+)?/g, "$1");
  return withoutLibraryFrames(text.split("\n")).join("\n").trimEnd();
}
