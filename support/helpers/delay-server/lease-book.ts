import type { IncomingMessage, ServerResponse } from "node:http";
import { newScope, type Scope } from "./counters.ts";
import { RequestError } from "./delay-server-errors.ts";

/** Lessons hold the server by a request that is never answered to its end: the connection is the lease. */
export interface Leases {
  scopeOf(lesson: string): Scope | undefined;
  /** Takes a request for a lease; false when it is another request. */
  take(path: string, incoming: IncomingMessage, answer: ServerResponse): boolean;
}

const LEASE = /^\/lesson\/([0-9a-f]{4,16})\/lease$/;
const MOST_LESSONS = 1000;

/**
 * @param firstWithinMs how long the server waits for its first lesson, in real ms
 * @param onUnused called once, when the last lesson has gone or none came
 */
export function newLeases(firstWithinMs: number, onUnused: () => void): Leases {
  const scopes = new Map<string, Scope>();
  const patience = setTimeout(onUnused, firstWithinMs);
  return {
    scopeOf: (lesson) => scopes.get(lesson),
    take(path, incoming, answer) {
      const [, lesson] = LEASE.exec(path) ?? [];
      if (lesson === undefined || incoming.method !== "GET") return false;
      if (scopes.has(lesson)) {
        throw new RequestError("LessonTaken", 409, {
          value: lesson,
          expected: "an id that no other lesson has",
        });
      }
      if (scopes.size >= MOST_LESSONS) {
        throw new RequestError("TooManyLessons", 503, {
          expected: `at most ${MOST_LESSONS} lessons at once`,
        });
      }
      clearTimeout(patience);
      scopes.set(lesson, newScope(undefined));
      // A lesson's end, and no half of one: nothing more will be sent that could find out.
      incoming.socket.once("end", () => answer.destroy());
      answer.once("close", () => {
        scopes.delete(lesson);
        if (scopes.size === 0) onUnused();
      });
      answer.writeHead(200, { "content-type": "text/plain" });
      answer.flushHeaders();
      return true;
    },
  };
}
