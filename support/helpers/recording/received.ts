import { ArgumentError } from "../errors/support-error.ts";
import {
  type LoopDelay,
  type Outcome,
  type PlainError,
  RECORDING_VERSION,
  type RecordedTask,
  type RecordingOf,
  type Slice,
  type Wait,
  type Wake,
} from "./recording.ts";

/**
 * The address of `record` and `task` alone, for a file that a thread or a process of the lesson's own is started with: it may lie in a
 * folder that knows no `support`, and it starts in half the time that all helpers take.
 *
 * @example
 * const code = `import { record, task } from "${RECORD_URL}";`;
 */
export const RECORD_URL: string = new URL("./record.ts", import.meta.url).href;

/** Reads one value, which stands at a place such as `tasks[2].start`; throws where it is not what it should be. */
type Read<T> = (value: unknown, at: string) => T;

function refuse(at: string, value: unknown, wanted: string): never {
  throw new ArgumentError("BAD_RECORDING", at, value, `${wanted}, as record(…) makes it`);
}

const number: Read<number> = (value, at) =>
  typeof value === "number" && Number.isFinite(value) ? value : refuse(at, value, "a number");

const text: Read<string> = (value, at) => (typeof value === "string" ? value : refuse(at, value, "a text"));

const flag: Read<boolean> = (value, at) =>
  typeof value === "boolean" ? value : refuse(at, value, "true or false");

function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, at) => (value === null ? null : read(value, at));
}

function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.map((one: unknown, n) => read(one, `${at}[${n}]`))
      : refuse(at, value, "a list");
}

/** The place of a task among the first so many. */
function taskBelow(many: number): Read<number> {
  return (value, at) => {
    const index = number(value, at);
    return Number.isInteger(index) && index >= 0 && index < many
      ? index
      : refuse(at, value, `the place of a task among ${many}`);
  };
}

/** Reads an object field by field. */
function fieldsOf(value: unknown, at: string): <T>(name: string, read: Read<T>) => T {
  if (typeof value !== "object" || value === null) return refuse(at, value, "an object");
  const given = new Map<string, unknown>(Object.entries(value));
  return (name, read) => read(given.get(name), `${at}.${name}`);
}

const slice: Read<Slice> = (value, at) => {
  const field = fieldsOf(value, at);
  return { start: field("start", number), end: field("end", number) };
};

const plainError: Read<PlainError> = (value, at) => {
  const field = fieldsOf(value, at);
  return { name: field("name", text), message: field("message", text) };
};

const OUTCOMES: readonly Outcome[] = ["result", "error", "cancelled", "running"];

const outcome: Read<Outcome> = (value, at) =>
  OUTCOMES.find((one) => one === value) ?? refuse(at, value, `one of ${OUTCOMES.join(", ")}`);

function wait(many: number): Read<Wait> {
  return (value, at) => {
    const field = fieldsOf(value, at);
    return {
      what: field("what", text),
      task: field("task", orNull(taskBelow(many))),
      start: field("start", number),
      end: field("end", orNull(number)),
    };
  };
}

function wake(many: number): Read<Wake> {
  return (value, at) => {
    const field = fieldsOf(value, at);
    return { by: field("by", orNull(taskBelow(many))), at: field("at", number) };
  };
}

function recordedTask(value: unknown, at: string, index: number, many: number): RecordedTask {
  const field = fieldsOf(value, at);
  const abortedBy = field("abortedBy", (by, place) =>
    by === undefined ? undefined : orNull(taskBelow(many))(by, place),
  );
  return {
    name: field("name", text),
    // A task is started by one that was there before.
    parent: field("parent", orNull(taskBelow(index))),
    start: field("start", number),
    end: field("end", number),
    outcome: field("outcome", outcome),
    error: field("error", orNull(plainError)),
    cpu: field("cpu", listOf(slice)),
    ready: field("ready", listOf(slice)),
    line: field("line", orNull(text)),
    waits: field("waits", listOf(wait(many))),
    wakes: field("wakes", listOf(wake(many))),
    ...(abortedBy === undefined ? {} : { abortedBy }),
  };
}

const tasks: Read<RecordedTask[]> = (value, at) => {
  const list = listOf((one) => one)(value, at);
  return list.map((one, index) => recordedTask(one, `${at}[${index}]`, index, list.length));
};

const look: Read<LoopDelay["looks"][number]> = (value, at) => {
  const field = fieldsOf(value, at);
  return { due: field("due", number), late: field("late", number) };
};

const loopDelay: Read<LoopDelay> = (value, at) => {
  const field = fieldsOf(value, at);
  return { every: field("every", number), looks: field("looks", listOf(look)) };
};

const version: Read<number> = (value, at) => {
  const given = number(value, at);
  if (given === RECORDING_VERSION) return given;
  const wanted = `a recording of version ${RECORDING_VERSION}: let the same version of support record on both sides`;
  throw new ArgumentError("OTHER_RECORDING_VERSION", at, given, wanted);
};

/**
 * Reads a recording that came from elsewhere: a message of a thread or of another process, or a file of JSON. What came is
 * looked through, field by field; fields that a recording has not are left out.
 *
 * A recording is plain data, so that it travels as it is: a thread answers with `await record(…)`. Its value and its error have
 * become what the way makes of them: a structured clone keeps the class of the language's own errors, JSON keeps neither.
 *
 * @example
 * const sent: unknown = structuredClone(await record(() => task("tea", () => sleep(2))));
 * timeline(received(sent), { title: "From elsewhere" });
 * @param what what it is, for the error
 * @throws ArgumentError `OTHER_RECORDING_VERSION` when other helpers made it, `BAD_RECORDING` when it is none
 */
export function received(message: unknown, what = "the recording"): RecordingOf<unknown> {
  const field = fieldsOf(message, what);
  const madeBy = field("version", version);
  const all = field("tasks", tasks);
  return {
    version: madeBy,
    process: field("process", number),
    thread: field("thread", number),
    value: field("value", (value) => value),
    error: field("error", (error) => error),
    ok: field("ok", flag),
    startedAt: field("startedAt", number),
    settled: field("settled", number),
    makespan: field("makespan", number),
    tasks: all,
    cpu: field("cpu", listOf(slice)),
    waits: field("waits", listOf(wait(all.length))),
    loopDelay: field("loopDelay", loopDelay),
  };
}
