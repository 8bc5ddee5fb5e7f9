import type { RecordingOf } from "../recording/recording.ts";

/** Why an answer does not do yet, for the reader who wrote it. */
export interface Finding {
  /** What was seen, with the measured value: `4 went to host a at once; 2 are allowed`. */
  says: string;
  /** The idea that likely led there, and no solution. */
  idea?: string;
  /** Which of several stages it was found in: `stage 2 of 4, retries`. */
  stage?: string;
  /** What the answer was given, in words. */
  given?: string;
  /** The run in which it was seen, where a picture of it helps. */
  run?: RecordingOf<unknown>;
}

/** An answer does not do yet. It ends the check of an exercise, and no reader meets it. */
export class NotYet extends Error {
  override readonly name = "NotYet";
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.says);
    this.finding = finding;
  }
}
