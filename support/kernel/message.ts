import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** A message's header, as the Jupyter protocol has it. */
export interface Header {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  date: string;
  version: string;
}

/** A message of the Jupyter messaging protocol 5.3. */
export interface Message {
  /** ZeroMQ's way back to the sender; a topic on iopub. */
  route: readonly Uint8Array[];
  header: Header;
  parent: Json;
  metadata: Json;
  content: Json;
}

/** Which of a message's fields an answer to it needs. */
export type Origin = Pick<Message, "route" | "header">;

/** A message that is ready to be sent, but for its signature. */
export interface Packed {
  route: readonly Uint8Array[];
  /** Header, parent header, metadata and content, as JSON. */
  parts: readonly string[];
}

/** Bytes that are no message, or one that somebody else signed. */
export class MessageError extends Error {
  override readonly name = "MessageError";
  readonly code = "BAD_MESSAGE";

  constructor(why: string) {
    super(`a message was dropped: ${why}`);
  }
}

const PROTOCOL = "5.3";
const DELIMITER = Buffer.from("<IDS|MSG>");
const SCHEME = "sha256";

function sign(key: string, parts: readonly (string | Uint8Array)[]): string {
  if (key === "") return "";
  const hash = createHmac(SCHEME, key);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function isSame(given: Uint8Array, expected: Uint8Array): boolean {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function object(part: Uint8Array | undefined, what: string): Json {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? []).toString());
    if (isObject(value)) return value;
  } catch {
    // said below
  }
  throw new MessageError(`its ${what} is no JSON object`);
}

/** A value of a JSON object as text; empty when it is none. */
export function text(of: Json, name: string): string {
  const value = of[name];
  return typeof value === "string" ? value : "";
}

/** A value of a JSON object as a whole number, or the one given when it is none. */
export function integer(of: Json, name: string, otherwise: number): number {
  const value = of[name];
  return typeof value === "number" && Number.isInteger(value) ? value : otherwise;
}

/** A value of a JSON object as a truth value, or the one given when it is none. */
export function flag(of: Json, name: string, otherwise: boolean): boolean {
  const value = of[name];
  return typeof value === "boolean" ? value : otherwise;
}

function headerOf(part: Uint8Array | undefined): Header {
  const header = object(part, "header");
  const field = (name: string): string => text(header, name);
  if (field("msg_type") === "" || field("msg_id") === "")
    throw new MessageError("its header has no type or id");
  return {
    msg_id: field("msg_id"),
    msg_type: field("msg_type"),
    session: field("session"),
    username: field("username"),
    date: field("date"),
    version: field("version"),
  };
}

/**
 * Reads a message from the frames of a socket.
 *
 * @throws MessageError
 */
export function parse(key: string, frames: readonly Uint8Array[]): Message {
  const at = frames.findIndex((frame) => DELIMITER.equals(frame));
  if (at < 0) throw new MessageError("it has no delimiter");
  const [signature, ...parts] = frames.slice(at + 1);
  const signed = parts.slice(0, 4);
  if (key !== "" && !isSame(signature ?? Buffer.of(), Buffer.from(sign(key, signed))))
    throw new MessageError("its signature is not this kernel's");
  const [header, parent, metadata, content] = signed;
  return {
    route: frames.slice(0, at),
    header: headerOf(header),
    parent: object(parent, "parent header"),
    metadata: object(metadata, "metadata"),
    content: object(content, "content"),
  };
}

/** A new message caused by another one, with the way back to whoever sent that. */
export function answer(to: Origin, type: string, content: Json, metadata: Json = {}): Message {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: to.header.session,
    username: to.header.username,
    date: new Date().toISOString(),
    version: PROTOCOL,
  };
  return { route: to.route, header, parent: { ...to.header }, metadata, content };
}

/** A new message caused by another one, for all who listen. */
export function news(of: Header, type: string, content: Json, metadata: Json = {}): Message {
  return answer({ route: [Buffer.from(type)], header: of }, type, content, metadata);
}

/** Half of a surrogate pair: JSON has an escape for it, and no file can hold it. */
const HALF_LETTER = /\\(ud[89a-f][0-9a-f]{2}|.)/g;

function json(value: object): string {
  const whole = JSON.stringify(value);
  if (!whole.includes("\\ud")) return whole;
  return whole.replace(HALF_LETTER, (all, code: string) => (code.length > 1 ? "\ufffd" : all));
}

/**
 * A message as text.
 *
 * @throws TypeError when its content has no form in JSON
 */
export function pack({ route, header, parent, metadata, content }: Message): Packed {
  return { route, parts: [header, parent, metadata, content].map(json) };
}

/** The frames of a message, signed. */
export function frames(key: string, { route, parts }: Packed): (string | Uint8Array)[] {
  return [...route, DELIMITER, sign(key, parts), ...parts];
}
