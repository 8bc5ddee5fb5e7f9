import type { Load, LoadOptions } from "./echo-load.ts";
import type { Client, Talk } from "./talk.ts";

/** What the client's thread is told; plain data. */
export type Job =
  | { id: number; kind: "talk"; port: number; clients: readonly Client[] }
  | { id: number; kind: "load"; port: number; options: LoadOptions }
  | { id: number; kind: "echo" }
  | { id: number; kind: "abort" };

/** What it answers to the job with the same id. */
export type Answer =
  | { id: number; kind: "talk"; value: Talk }
  | { id: number; kind: "load"; value: Load }
  | { id: number; kind: "echo"; value: number }
  | { id: number; kind: "failed"; error: unknown };
