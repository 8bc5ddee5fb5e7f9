import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson, sendText } from "./answer.ts";
import { readJson } from "./body.ts";
import type { Scope } from "./counters.ts";
import { RequestError } from "./delay-server-errors.ts";
import { identity } from "./identity.ts";
import type { Leases } from "./lease-book.ts";
import { planOf, scriptOf, seedOf } from "./plan.ts";
import { letSleep, type SleeperEnd } from "./sleeper.ts";

/** What the delay server is told at its start. */
export interface AppOptions {
  /** ms per lesson second. */
  secondMs: number;
  /** The scope of requests without a lesson in their path. */
  own: Scope;
  /** The lessons that share the server; undefined when it stands alone. */
  leases?: Leases;
  /** Told of every answered request. */
  onAnswer?: (line: AnswerLine) => void;
}

/** One line of the stand-alone server's log, as plain data. */
export interface AnswerLine {
  method: string;
  path: string;
  /** Undefined when the client was gone before there was a status. */
  status: number | undefined;
  /** For `/aio`: how it ended. */
  sleeper: SleeperEnd | undefined;
}

const ROUTES = [
  "GET /aio?delay=&seed=&status=",
  "GET /{name}",
  "GET /stats",
  "GET /requests",
  "PUT /script",
  "PUT /seed",
  "POST /reset",
];
const METHODS: Readonly<Record<string, string>> = {
  "/stats": "GET",
  "/requests": "GET",
  "/script": "PUT",
  "/seed": "PUT",
  "/reset": "POST",
};

/** A request's path without its lesson, and whose counters it goes to. */
interface Target {
  scope: Scope;
  path: string;
}

function targetOf(path: string, options: AppOptions): Target {
  const [, lesson, rest] = /^\/lesson\/([^/]*)(\/.*)?$/.exec(path) ?? [];
  if (lesson === undefined) return { scope: options.own, path };
  const scope = options.leases?.scopeOf(lesson);
  if (scope === undefined) {
    const expected = "the id of a lesson that runs now; call delayServer() again";
    throw new RequestError("UnknownLesson", 404, { value: lesson.slice(0, 200), expected });
  }
  return { scope, path: rest ?? "/" };
}

function checkMethod(method: string, path: string): void {
  const allowed = METHODS[path] ?? "GET";
  if (method !== allowed) throw new RequestError("BadMethod", 405, { value: method, expected: allowed });
}

function refuseBody(incoming: IncomingMessage): void {
  const { "content-length": length = "0", "transfer-encoding": coding } = incoming.headers;
  if (incoming.method !== "GET" || (length === "0" && coding === undefined)) return;
  throw new RequestError("UnexpectedBody", 400, { value: `${length} bytes`, expected: "no body with GET" });
}

function refuseQuery(url: URL): void {
  const [name] = url.searchParams.keys();
  if (name === undefined) return;
  throw new RequestError("UnknownParameter", 400, { parameter: name, expected: "no parameter here" });
}

function badPath(path: string, expected: unknown): RequestError {
  return new RequestError("BadPath", 400, { value: path.slice(0, 200), expected });
}

function greeting(path: string): string {
  const name = path.slice(1);
  if (name.includes("/")) {
    throw new RequestError("UnknownPath", 404, { value: path.slice(0, 200), expected: ROUTES });
  }
  try {
    return `Hello, ${decodeURIComponent(name) || "Anonymous"}`;
  } catch {
    throw badPath(path, "UTF-8, percent-encoded");
  }
}

async function change(incoming: IncomingMessage, answer: ServerResponse, target: Target): Promise<void> {
  const { scope, path } = target;
  if (path === "/script") scope.setScript(scriptOf(await readJson(incoming)));
  if (path === "/seed") scope.setSeed(seedOf(await readJson(incoming)));
  if (path === "/reset") scope.reset();
  sendJson(answer, 200, { ok: true });
}

function urlOf(target: string): URL {
  if (!target.startsWith("/")) throw badPath(target, ROUTES);
  // Joined as text: two slashes at the start would be read as a host otherwise.
  return new URL(`http://localhost${target}`);
}

const OWN_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const OWN_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/**
 * Refuses what another web page in the reader's browser sends. Its Origin tells, and where it has had its own name mean
 * this computer, its Host.
 */
function refuseForeign({ headers: { host = "", origin } }: IncomingMessage): void {
  if (host !== "" && !OWN_HOST.test(host)) {
    const expected = "localhost or 127.0.0.1";
    throw new RequestError("ForeignHost", 403, { value: host.slice(0, 200), expected });
  }
  if (origin !== undefined && !OWN_ORIGIN.test(origin)) {
    const expected = "no Origin, or one of this computer";
    throw new RequestError("ForeignOrigin", 403, { value: origin.slice(0, 200), expected });
  }
}

async function route(incoming: IncomingMessage, answer: ServerResponse, options: AppOptions): Promise<void> {
  const { method = "", url: path = "" } = incoming;
  refuseForeign(incoming);
  const url = urlOf(path);
  const log = (sleeper?: SleeperEnd): void =>
    options.onAnswer?.({ method, path, status: answer.headersSent ? answer.statusCode : undefined, sleeper });
  if (options.leases?.take(url.pathname, incoming, answer)) return;
  const target = targetOf(url.pathname, options);
  checkMethod(method, target.path);
  refuseBody(incoming);
  if (target.path === "/aio") {
    letSleep(answer, planOf(url.searchParams), target.scope, options.secondMs, log);
    return;
  }
  refuseQuery(url);
  if (target.path === "/requests") sendJson(answer, 200, target.scope.visits());
  else if (target.path === "/stats") {
    sendJson(answer, 200, { ...target.scope.counts(), memory: process.memoryUsage.rss() });
  } else if (Object.hasOwn(METHODS, target.path)) await change(incoming, answer, target);
  else sendText(answer, greeting(target.path));
  log();
}

/** Answers every request: what it can't take, with a 4xx status and JSON that says what was expected. */
export function newApp(options: AppOptions): (incoming: IncomingMessage, answer: ServerResponse) => void {
  const header = identity(options.secondMs, options.leases !== undefined);
  return (incoming, answer) => {
    answer.setHeader("server", header);
    // A browser must not take a greeting for a page, whatever the name in it.
    answer.setHeader("x-content-type-options", "nosniff");
    route(incoming, answer, options).catch((reason: unknown) => {
      if (!(reason instanceof RequestError)) throw reason;
      if (reason.status === 405) answer.setHeader("allow", String(reason.details.expected));
      // What is left of a refused body would be taken for the next request.
      if (!incoming.complete) answer.setHeader("connection", "close");
      sendJson(answer, reason.status, { error: reason.code, ...reason.details });
      const { method = "", url: path = "" } = incoming;
      options.onAnswer?.({ method, path, status: reason.status, sleeper: undefined });
    });
  };
}
