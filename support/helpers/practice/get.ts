import { request } from "undici";
import type { DelayServer } from "../delay-server-client/client.ts";
import { task } from "../recording/record.ts";

/**
 * Asks a service for an answer that takes so many lesson seconds, and gives that number. An abort of the signal breaks the
 * request off: it rejects with the signal's reason.
 */
export type Get = (seconds: number, signal?: AbortSignal) => Promise<number>;

/** What is unusual about a service. */
export interface GetOptions {
  /** Requests of so many lesson seconds are answered with a failure: a `RangeError`. */
  failing?: readonly number[];
}

async function answerOf(url: string, seconds: number, signal: AbortSignal | undefined): Promise<number> {
  const { body } = await request(`${url}/aio?delay=${seconds}`, { signal: signal ?? null });
  const answer: unknown = await body.json();
  return Number(Reflect.get(Object(answer), "delay"));
}

/** A {@link Get} that asks the delay server. In a recording each request is a task: `GET 3 s`. */
export function getFrom(server: DelayServer, { failing = [] }: GetOptions = {}): Get {
  return (seconds, signal) =>
    task(`GET ${seconds} s`, async () => {
      const answer = await answerOf(server.url, seconds, signal);
      if (failing.includes(seconds)) throw new RangeError("this server is out of order");
      return answer;
    });
}
