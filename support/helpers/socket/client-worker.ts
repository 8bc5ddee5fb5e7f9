/** The thread behind `clientThread()`: does the jobs that it is told, several at once. */
import { parentPort } from "node:worker_threads";
import { load } from "./echo-load.ts";
import { serve } from "./serve.ts";
import { talk } from "./talk.ts";
import type { Answer, Job } from "./thread-jobs.ts";

const running = new Map<number, AbortController>();

async function echo(): Promise<number> {
  const server = await serve(async (socket) => {
    for await (const piece of socket) await socket.sendAll(piece);
  });
  return server.port;
}

async function run(job: Exclude<Job, { kind: "abort" }>, signal: AbortSignal): Promise<Answer> {
  const { id, kind } = job;
  if (kind === "talk") return { id, kind, value: await talk(job.port, job.clients, signal) };
  if (kind === "load") return { id, kind, value: await load(job.port, job.options) };
  return { id, kind, value: await echo() };
}

parentPort?.on("message", async (job: Job) => {
  if (job.kind === "abort") {
    running.get(job.id)?.abort();
    return;
  }
  const stop = new AbortController();
  running.set(job.id, stop);
  try {
    parentPort?.postMessage(await run(job, stop.signal));
  } catch (error) {
    parentPort?.postMessage({ id: job.id, kind: "failed", error } satisfies Answer);
  } finally {
    running.delete(job.id);
  }
});
