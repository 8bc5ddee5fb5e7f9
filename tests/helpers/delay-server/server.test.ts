import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { lineOf } from "../../../support/helpers/delay-server/answer-log.ts";
import { type AnswerLine, newApp } from "../../../support/helpers/delay-server/app.ts";
import { newScope } from "../../../support/helpers/delay-server/counters.ts";
import { PortError } from "../../../support/helpers/delay-server/delay-server-errors.ts";
import { delayOfSeed, randomDelays } from "../../../support/helpers/delay-server/delays.ts";
import { newLeases } from "../../../support/helpers/delay-server/lease-book.ts";
import { type Listening, listen } from "../../../support/helpers/delay-server/listen-on-loopback.ts";
import { type Stats, statsOf } from "../../../support/helpers/delay-server-client/client.ts";
import { until } from "../until.ts";

/** Short enough for a test to wait for, long enough to tell one from two under load. */
const SECOND_MS = 40;

let listening: Listening;
let base = "";
const lines: AnswerLine[] = [];

before(async () => {
  const app = newApp({ secondMs: SECOND_MS, own: newScope("tests"), onAnswer: (line) => lines.push(line) });
  listening = await listen(app, 0);
  base = `http://127.0.0.1:${listening.port}`;
});
after(() => listening.close());

interface Got {
  status: number;
  text: string;
  json: () => unknown;
  headers: Record<string, string | string[] | undefined>;
}

type Method = "GET" | "PUT" | "POST" | "DELETE";

async function ask(path: string, method: Method = "GET", body: string | null = null): Promise<Got> {
  const answer = await request(`${base}${path}`, { method, body });
  const text = await answer.body.text();
  return { status: answer.statusCode, text, json: () => JSON.parse(text), headers: answer.headers };
}

async function stats(): Promise<Stats> {
  return statsOf((await ask("/stats")).json());
}

test("a request sleeps as long as it asks to, and is told how long", async () => {
  const took: number[] = [];
  for (let times = 0; times < 3; times += 1) {
    const start = performance.now();
    const got = await ask("/aio?delay=5");
    took.push((performance.now() - start) / SECOND_MS);
    assert.deepEqual([got.status, got.json()], [200, { delay: 5 }]);
    assert.equal(got.headers["content-type"], "application/json");
  }
  // A busy computer makes one of them late, and none of them early.
  assert.ok(Math.min(...took) > 4.9 && Math.min(...took) < 8, String(took));
});

test("a delay may have decimals, and may be none", async () => {
  assert.deepEqual((await ask("/aio?delay=0.25")).json(), { delay: 0.25 });
  assert.deepEqual((await ask("/aio?delay=0")).json(), { delay: 0 });
});

test("a random delay is a whole number from 1 to 30, and all of them come", () => {
  for (const next of [randomDelays(undefined), randomDelays("any")]) {
    const seen = new Set(Array.from({ length: 3000 }, next));
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
  }
});

test("the same seed gives the same delay, whatever was asked before", async () => {
  const { delay: first } = JSON.parse((await ask("/aio?seed=anna")).text);
  assert.equal(first, delayOfSeed("anna"));
  assert.equal(JSON.parse((await ask("/aio?seed=anna")).text).delay, first);
});

test("the server's own seed makes its n-th random delay repeatable", () => {
  const one = randomDelays("x");
  const other = randomDelays("x");
  const ten = Array.from({ length: 10 }, one);
  assert.deepEqual(Array.from({ length: 10 }, other), ten);
  assert.notDeepEqual(Array.from({ length: 10 }, randomDelays("y")), ten);
});

test("a script gives the next requests their delays in order, and random ones come after it", async () => {
  assert.equal((await ask("/script", "PUT", "[0, 0.5, 0.25]")).status, 200);
  const got: unknown[] = [];
  for (let i = 0; i < 3; i += 1) got.push((await ask("/aio")).json());
  assert.deepEqual(got, [{ delay: 0 }, { delay: 0.5 }, { delay: 0.25 }]);
  await ask("/seed", "PUT", '"after"');
  assert.deepEqual((await ask("/aio")).json(), { delay: randomDelays("after")() });
});

test("a reset takes what is left of a script away", async () => {
  await ask("/script", "PUT", "[0.125, 0.125]");
  await ask("/reset", "POST");
  assert.notDeepEqual((await ask("/aio")).json(), { delay: 0.125 });
});

const REFUSED_PARAMETERS = [
  ["delay=soon", "BadParameter"],
  ["delay=-1", "BadParameter"],
  ["delay=3600.1", "BadParameter"],
  ["delay=1e3", "BadParameter"],
  ["delay=", "BadParameter"],
  ["delay=0x10", "BadParameter"],
  ["delay=1&delay=2", "RepeatedParameter"],
  ["delay=1&seed=a", "BadParameter"],
  ["seed=", "BadParameter"],
  ["status=200", "BadParameter"],
  ["status=600", "BadParameter"],
  ["status=404.5", "BadParameter"],
  ["colour=red", "UnknownParameter"],
  ["toString=1", "UnknownParameter"],
] as const;

for (const [query, error] of REFUSED_PARAMETERS) {
  test(`/aio?${query} is answered 400 and says what was expected`, async () => {
    const got = await ask(`/aio?${query}`);
    assert.equal(got.status, 400);
    const json = JSON.parse(got.text);
    assert.equal(json.error, error);
    assert.equal(typeof json.parameter, "string");
    assert.ok(json.expected.length > 3);
  });
}

test("a refused request is not counted", async () => {
  const earlier = (await stats()).started;
  await ask("/aio?delay=soon");
  assert.equal((await stats()).started, earlier);
});

test("a name is greeted, also one with signs of its own", async () => {
  assert.equal((await ask("/Ada")).text, "Hello, Ada");
  assert.equal((await ask("/%E5%8D%8F%E7%A8%8B%20%3Cb%3E")).text, "Hello, 协程 <b>");
  assert.equal((await ask("/")).text, "Hello, Anonymous");
  assert.equal((await ask("/Ada")).headers["content-type"], "text/plain; charset=utf-8");
});

const REFUSED = [
  ["GET", "/a/b", 404, "UnknownPath"],
  ["GET", "/%ff", 400, "BadPath"],
  ["GET", "//host/x", 404, "UnknownPath"],
  ["GET", "/Ada?x=1", 400, "UnknownParameter"],
  ["GET", "/stats?x=1", 400, "UnknownParameter"],
  ["POST", "/aio", 405, "BadMethod"],
  ["DELETE", "/Ada", 405, "BadMethod"],
  ["GET", "/reset", 405, "BadMethod"],
  ["GET", "/lesson/abcd/aio", 404, "UnknownLesson"],
  ["PUT", "/script", 400, "BadJson"],
  ["PUT", "/seed", 400, "BadJson"],
] as const;

for (const [method, path, status, error] of REFUSED) {
  test(`${method} ${path} is answered ${status} and says what was expected`, async () => {
    const got = await ask(path, method);
    assert.equal(got.status, status);
    const json = JSON.parse(got.text);
    assert.equal(json.error, error);
    assert.ok(json.expected.length >= 3);
    if (status === 405) assert.equal(got.headers.allow, json.expected);
  });
}

for (const body of ["{}", "[-1]", "[3601]", '["1"]', "[null]", "7"]) {
  test(`the script ${body} is refused, and the one before it stays`, async () => {
    await ask("/script", "PUT", "[0.75]");
    const got = await ask("/script", "PUT", body);
    assert.deepEqual([got.status, JSON.parse(got.text).error], [400, "BadScript"]);
    assert.deepEqual((await ask("/aio")).json(), { delay: 0.75 });
  });
}

test("a body that is too large is answered 413", async () => {
  const got = await ask("/script", "PUT", `[${"0,".repeat(200_000)}0]`);
  assert.deepEqual([got.status, JSON.parse(got.text).error], [413, "BodyTooLarge"]);
});

test("a seed that is no text is refused; null takes it away", async () => {
  assert.equal(JSON.parse((await ask("/seed", "PUT", "7")).text).error, "BadSeed");
  assert.equal((await ask("/seed", "PUT", "null")).status, 200);
  await ask("/seed", "PUT", '"tests"');
});

test("what is no HTTP is answered 400 with JSON, and the server goes on", async () => {
  const socket = connect(listening.port, "127.0.0.1");
  socket.end("what is this\r\n\r\n");
  let said = "";
  for await (const piece of socket) said += piece;
  assert.match(said, /^HTTP\/1.1 400 /);
  assert.match(said, /"error":"BadRequest"/);
  assert.equal((await ask("/Ada")).status, 200);
});

test("a header that is too large is answered 431", async () => {
  const socket = connect(listening.port, "127.0.0.1");
  socket.write(`GET / HTTP/1.1\r\nx: ${"y".repeat(100_000)}\r\n\r\n`);
  const [first] = await once(socket, "data");
  assert.match(String(first), /^HTTP\/1.1 431 /);
  socket.destroy();
});

test("an error status on request comes after the delay, as JSON", async () => {
  const got = await ask("/aio?delay=1&status=503");
  assert.deepEqual([got.status, got.json()], [503, { error: "RequestedError", status: 503, delay: 1 }]);
});

test("stats add up: started is in flight, finished, failed and aborted together", async () => {
  await ask("/reset", "POST");
  const controller = new AbortController();
  const asleep = request(`${base}/aio?delay=3600`, { signal: controller.signal }).catch(() => {});
  await Promise.all([ask("/aio?delay=1"), ask("/aio?delay=1&status=500")]);
  const meanwhile = await stats();
  assert.deepEqual([meanwhile.started, meanwhile.inFlight, meanwhile.finished], [3, 1, 1]);
  assert.deepEqual([meanwhile.failed, meanwhile.abortedByClient], [1, 0]);
  assert.ok(meanwhile.highestInFlight >= 3);
  controller.abort();
  await asleep;
  await until(async () => (await stats()).abortedByClient === 1, 2000);
  assert.equal((await stats()).inFlight, 0);
});

test("a reset starts from none, and what was in flight then upsets no later count", async () => {
  const asleep = ask("/aio?delay=4");
  await until(async () => (await stats()).inFlight === 1, 2000);
  await ask("/reset", "POST");
  const { memory: _, ...counts } = await stats();
  assert.deepEqual(new Set(Object.values(counts)), new Set([0]));
  await asleep;
  assert.deepEqual([(await stats()).finished, (await stats()).inFlight], [0, 0]);
});

test("it listens on the loopback interface and nowhere else", async () => {
  const others = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((one) => !one.internal && one.family === "IPv4").map((one) => one.address),
  );
  for (const address of others) {
    const socket = connect({ port: listening.port, host: address });
    const [error] = await once(socket, "error");
    assert.equal(error.code, "ECONNREFUSED");
  }
  assert.equal((await request(`http://localhost:${listening.port}/Ada`)).statusCode, 200);
});

test("a port that is taken is named, with what to do", async () => {
  const refused = listen(() => {}, listening.port);
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof PortError);
    assert.deepEqual([error.code, error.value], ["PORT_IN_USE", listening.port]);
    assert.match(error.message, /stop that one, or choose another port/);
    return true;
  });
});

test("every answer is told to the log, with how it ended", async () => {
  lines.length = 0;
  await ask("/aio?delay=1");
  await ask("/Ada");
  await ask("/aio?delay=x");
  const at = new Date(2026, 0, 2, 3, 4, 5);
  const told = lines.map((line) => lineOf(line, at));
  assert.match(told[0] ?? "", /^03:04:05 GET \/aio\?delay=1 200 after \d\.\d s$/);
  assert.deepEqual(told.slice(1), ["03:04:05 GET /Ada 200", "03:04:05 GET /aio?delay=x 400"]);
});

test("a line of the log tells a client that went, and can't move the cursor", () => {
  const sleeper = { delay: 9, status: 200, tookMs: 3210 };
  const line = { method: "GET", path: "/aio\u001b[2J", status: undefined };
  const at = new Date(2026, 0, 2, 3, 4, 5);
  assert.equal(
    lineOf({ ...line, sleeper: { ...sleeper, how: "abortedByClient" } }, at),
    "03:04:05 GET /aio\u{fffd}[2J client gone after 3.2 s of 9",
  );
});

test("an answer that is no stats is refused with what is missing", () => {
  assert.throws(() => statsOf({ started: 1 }), { name: "DelayServerError", message: /has no inFlight/ });
  assert.throws(() => statsOf(null), { name: "DelayServerError" });
});

test("a request line that names no path of ours is answered 400", async () => {
  const socket = connect(listening.port, "127.0.0.1");
  socket.end("GET http://elsewhere/aio HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
  let said = "";
  for await (const piece of socket) said += piece;
  assert.match(said, /^HTTP\/1.1 400 [\s\S]*"error":"BadPath"/);
});

test("an id that a lesson has already is refused to a second one, and the scope goes with its lease", async () => {
  let unused = 0;
  const leases = newLeases(60_000, () => {
    unused += 1;
  });
  const shared = await listen(newApp({ secondMs: SECOND_MS, own: newScope(undefined), leases }), 0);
  const lease = `http://127.0.0.1:${shared.port}/lesson/abcd1234`;
  const controller = new AbortController();
  const first = await request(`${lease}/lease`, { signal: controller.signal });
  const second = await request(`${lease}/lease`);
  assert.equal(second.statusCode, 409);
  assert.match(await second.body.text(), /"error":"LessonTaken"/);
  const inside = await request(`${lease}/aio?delay=0`);
  assert.equal(inside.statusCode, 200);
  await inside.body.dump();
  controller.abort();
  await assert.rejects(first.body.text());
  await until(async () => unused === 1, 2000);
  const after = await request(`${lease}/stats`);
  assert.equal(after.statusCode, 404);
  await after.body.dump();
  shared.close();
});

/** Writes to the server, hears all that it answers until it closes, and ends its own side first unless told not to. */
async function raw(text: string, halfClose = true): Promise<string> {
  const socket = connect({ port: listening.port, host: "127.0.0.1", allowHalfOpen: true });
  const pieces: string[] = [];
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => pieces.push(piece));
  if (halfClose) socket.end(text);
  else socket.write(text);
  await new Promise<void>((resolve) => {
    // Refused in the midst of its words, it may be told so twice.
    for (const event of ["end", "error", "close"]) socket.once(event, () => resolve());
    socket.on("error", () => {});
  });
  socket.destroy();
  return pieces.join("");
}

test("a body with GET is refused", async () => {
  const said = await raw("GET /aio?delay=0 HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\nhi");
  assert.match(said, /^HTTP\/1.1 400 [\s\S]*"error":"UnexpectedBody"/);
});

test("an unknown expectation and a CONNECT are refused with JSON; a missing Host is none of our business", async () => {
  const expectation = await raw(
    "GET /Ada HTTP/1.1\r\nhost: localhost\r\nexpect: wonders\r\nconnection: close\r\n\r\n",
  );
  assert.match(expectation, /^HTTP\/1.1 417 [\s\S]*"error":"BadRequest"/);
  assert.match(
    await raw("CONNECT a:1 HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    /^HTTP\/1.1 400 [\s\S]*"error":"BadRequest"/,
  );
  assert.match(await raw("GET /Ada HTTP/1.1\r\nconnection: close\r\n\r\n"), /Hello, Ada$/);
});

test("a client that leaves in the middle of its body disturbs nobody", async () => {
  const socket = connect(listening.port, "127.0.0.1");
  socket.write("PUT /script HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n[1, 2,");
  await delay(50);
  socket.destroy();
  await delay(50);
  assert.equal((await ask("/Ada")).status, 200);
});

test("a client that ends its side after its request still gets its answer", async () => {
  const head = "HTTP/1.1\r\nhost: localhost";
  const two = `GET /aio?delay=2 ${head}\r\n\r\nGET /Ada ${head}\r\n\r\n`;
  const said = await raw(two);
  assert.match(said, /HTTP\/1\.1 200 OK[\s\S]*\{"delay":2\}[\s\S]*HTTP\/1\.1 200 OK[\s\S]*Hello, Ada$/);
  assert.equal((await stats()).inFlight, 0);
});

test("a client that closes both sides is gone at once, although the first sign of that is the same", async () => {
  await ask("/reset", "POST");
  const socket = connect(listening.port, "127.0.0.1");
  socket.write("GET /aio?delay=3600 HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await until(async () => (await stats()).inFlight === 1, 2000);
  socket.destroy();
  await until(async () => (await stats()).abortedByClient === 1, 2000);
  await ask("/reset", "POST");
});

test("too many pipelined requests are refused in words, and their sleepers are gone soon", async () => {
  await ask("/reset", "POST");
  const start = performance.now();
  const said = await raw("GET /aio?delay=3600 HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(100_000), false);
  assert.match(said, /^HTTP\/1\.1 503 Service Unavailable\r\n[\s\S]*"TooManyPipelined"/);
  await until(async () => (await stats()).inFlight === 0, 2000);
  const { started, abortedByClient } = await stats();
  assert.deepEqual([started, abortedByClient], [1000, 1000]);
  assert.ok(performance.now() - start < 5000);
  await ask("/reset", "POST");
});

for (const [name, value, status] of [
  ["host", "evil.example", 403],
  ["host", "127.0.0.1.evil.example:3000", 403],
  ["host", "localhost:9", 200],
  ["host", "[::1]:9", 200],
  ["origin", "https://evil.example", 403],
  ["origin", "http://localhost.evil.example", 403],
  ["origin", "null", 403],
  ["origin", "http://localhost:8888", 200],
] as const) {
  test(`POST /reset with ${name} ${value} is answered ${status}`, async () => {
    const headers = { host: "localhost", [name]: value };
    const lines = Object.entries(headers).map(([key, text]) => `${key}: ${text}\r\n`);
    await ask("/aio?delay=0");
    const before = await stats();
    const said = await raw(`POST /reset HTTP/1.1\r\n${lines.join("")}connection: close\r\n\r\n`, false);
    assert.match(said, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.equal((await stats()).started, status === 200 ? 0 : before.started);
    if (status === 403)
      assert.match(
        said,
        new RegExp(`"value":${JSON.stringify(value)},"expected":`.replaceAll(/[.[\]]/g, "\\$&")),
      );
  });
}

test("no answer may be taken by a browser for what it does not say it is", async () => {
  for (const path of ["/<script>", "/aio?delay=0", "/stats", "/aio?delay=x"]) {
    assert.equal((await ask(path)).headers["x-content-type-options"], "nosniff");
  }
});
