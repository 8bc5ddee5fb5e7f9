/** The first part of the header that every answer carries, so that a lesson knows a server of its own kind. */
export const IDENTITY = "tsasync-delay-server/1";

/** The whole header: a lesson shares only a server with the same lesson second, and only one made for sharing. */
export function identity(secondMs: number, shared: boolean): string {
  return `${IDENTITY} (second ${secondMs} ms; ${shared ? "shared" : "alone"})`;
}
