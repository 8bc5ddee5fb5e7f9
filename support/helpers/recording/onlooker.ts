import type { RecordingOf } from "./recording.ts";

/** A recording that is being made, for those who look on. */
export interface Underway {
  /** How many tasks have been started, and how many of them have ended. */
  count(): { started: number; ended: number };
  /** What it holds now: tasks that go on end at the moment of the look. */
  look(): RecordingOf<unknown>;
}

/** Is told of each recording that begins, and returns what is to be called when it ends. */
export type Onlooker = (underway: Underway) => () => void;

let onlooker: Onlooker = () => () => {};

/** Lets one onlooker see every recording of this thread from now on. It draws pictures, which recordings know nothing of. */
export function lookOn(next: Onlooker): void {
  onlooker = next;
}

/** Tells the onlooker of a recording that begins. */
export function begun(underway: Underway): () => void {
  return onlooker(underway);
}
