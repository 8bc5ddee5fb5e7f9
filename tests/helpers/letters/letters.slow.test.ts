import assert from "node:assert/strict";
import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { promisify } from "node:util";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { letterOf } from "../../../support/helpers/letters/letter.ts";
import { LETTER_WORKER } from "../../../support/helpers/letters/program.ts";
import { startWorker } from "../../../support/helpers/letters/worker.ts";
import { received } from "../../../support/helpers/recording/received.ts";
import { until } from "../until.ts";
import {
  CARELESS,
  clear,
  drain,
  EXPIRES_S,
  endAll,
  join,
  killHard,
  type Office,
  openOffice,
  untilDone,
} from "./fleet.ts";
import { runWithKills } from "./kills.ts";

delete process.env.DATABASE_URL;
let office: Office;
before(async () => {
  office = await openOffice({ tls: true });
});
beforeEach(() => clear(office));
afterEach(endAll);
after(async () => {
  await office.close();
  await stopAll();
});

async function put(...letters: object[]): Promise<void> {
  await office.boss.insert(
    "letters",
    letters.map((data) => ({ data })),
  );
}

async function sent(): Promise<{ letter: number; worker: string }[]> {
  const rows = await office.sql<{ letter: number; worker: string }[]>`
    select letter, worker from sent order by letter, worker`;
  return rows.map(({ letter, worker }) => ({ letter, worker }));
}

async function active(): Promise<number> {
  const [row] =
    await office.sql`select count(*)::int as n from job where name = 'letters' and state = 'active'`;
  return Number(row?.n);
}

/** What a worker says that cannot join, and its exit status. */
async function refusal(
  url: string,
  args: readonly string[] = [],
): Promise<{ status: unknown; words: string }> {
  const env = { ...process.env, DATABASE_URL: url };
  try {
    await promisify(execFile)(process.execPath, [LETTER_WORKER, ...args], { env });
    return { status: 0, words: "" };
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error && "stderr" in error);
    return { status: error.code, words: String(error.stderr) };
  }
}

test("two runs with workers that are killed at random moments lose no letter and send none twice", async () => {
  for (const seed of [1, 2]) {
    const { lost, doubled, repeated } = await runWithKills(office, seed);
    assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 }, `seed ${seed}`);
    assert.ok(repeated > 0, `seed ${seed}: the kills came between letters`);
  }
});

test("a letter is sent twice where its effect is committed before the word that it is done, so the counting sees it", async () => {
  const first = await join(office.db.url, "first", CARELESS);
  await put({ letter: 1, seconds: 8 });
  await until(async () => (await sent()).length === 1);
  await killHard(first);
  const second = await join(office.db.url, "second", CARELESS);
  await untilDone(office, 20_000);
  assert.deepEqual(
    (await sent()).map((one) => one.letter),
    [1, 1],
  );
  await drain(second);
});

test("a worker that only seemed dead sends nothing when it wakes: another one has sent its letter", async () => {
  const slow = await join(office.db.url, "slow");
  await put({ letter: 1, seconds: (EXPIRES_S + 3) * 10, holds: true });
  await until(async () => (await active()) === 1);
  const quick = await join(office.db.url, "quick");
  // It would take as long as the first: the letter is made short once it has been given out.
  await office.sql`update job set data = '{"letter": 1}' where name = 'letters'`;
  await untilDone(office, 20_000);
  assert.deepEqual(await sent(), [{ letter: 1, worker: "quick" }]);
  assert.deepEqual([await drain(quick), await drain(slow)], [0, 0]);
  assert.deepEqual(await sent(), [{ letter: 1, worker: "quick" }]);
});

test("a letter that was put into the queue twice is sent once", async () => {
  const workers = await Promise.all([join(office.db.url, "a"), join(office.db.url, "b")]);
  await put({ letter: 7, seconds: 1 }, { letter: 7, seconds: 1 });
  await untilDone(office, 10_000);
  assert.deepEqual(
    (await sent()).map((one) => one.letter),
    [7],
  );
  await Promise.all(workers.map(drain));
});

test("a letter that cannot be sent is a dead letter after its last try, and holds up no other", async () => {
  await office.boss.updateQueue("letters", { retryLimit: 2 });
  const worker = await join(office.db.url, "a");
  await put({ letter: "x" }, { letter: 2 });
  await untilDone(office, 10_000);
  const [dead] = await office.boss.findJobs("dead-letters");
  assert.equal(dead?.sourceRetryCount, 2);
  assert.match(JSON.stringify(dead?.sourceOutput), /a letter's number is .*give a whole number/);
  assert.deepEqual(await sent(), [{ letter: 2, worker: "a" }]);
  await drain(worker);
  await office.boss.updateQueue("letters", { retryLimit: 20 });
});

test("a worker that is asked to end sends the letters in hand, takes no other, and ends with status 0", async () => {
  const worker = await join(office.db.url, "a", LETTER_WORKER, ["--places", "2"]);
  await put(...[1, 2, 3, 4].map((letter) => ({ letter, seconds: 5 })));
  await until(async () => (await active()) === 2);
  assert.equal(await drain(worker), 0);
  assert.deepEqual(
    (await sent()).map((one) => one.letter),
    [1, 2],
  );
  const [row] = await office.sql`select max(retry_count) as retries from job where name = 'letters'`;
  assert.equal(row?.retries, 0);
});

test("it sends the recording of its letters to the lesson that started it", async () => {
  const worker = await join(office.db.url, "a");
  await put({ letter: 5, seconds: 1 });
  await untilDone(office, 10_000);
  const message = once(worker, "message");
  assert.equal(await drain(worker), 0);
  const [sentRecording]: unknown[] = await message;
  const recording = received(sentRecording);
  assert.deepEqual(
    recording.tasks.map(({ name, outcome }) => [name, outcome]),
    [["letter 5", "result"]],
  );
});

test("a worker whose connections are cut says so in words, and goes on", async (t) => {
  const env = { ...process.env, DATABASE_URL: office.db.url };
  const worker = fork(LETTER_WORKER, ["--name", "cut"], {
    env,
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  t.after(() => killHard(worker));
  let said = "";
  worker.stderr?.on("data", (piece) => {
    said += piece;
  });
  await once(worker, "message");
  await office.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'worker cut'`;
  await put({ letter: 1 });
  await untilDone(office, 20_000);
  assert.deepEqual(await sent(), [{ letter: 1, worker: "cut" }]);
  assert.match(said, /worker cut: terminating connection due to administrator command/);
  assert.doesNotMatch(said, /\[object/);
  assert.equal(await drain(worker), 0);
});

test("it ends when the lesson that started it has gone", async () => {
  const worker: ChildProcess = await join(office.db.url, "a");
  await put({ letter: 1, seconds: 5 });
  await until(async () => (await active()) === 1);
  const ended = once(worker, "exit");
  worker.disconnect();
  assert.deepEqual(await ended, [1, null]);
  assert.deepEqual(await sent(), []);
});

test("by `make worker` and an address it joins from anywhere: with a password, TLS off and on", async () => {
  const { url, authority } = office.db;
  assert.ok(authority !== undefined);
  const tls = `${url}?sslmode=verify-full&sslrootcert=${authority}`;
  for (const [address, ssl] of [
    [url, false],
    [tls, true],
  ] as const) {
    await clear(office);
    const env = { ...process.env, DATABASE_URL: address };
    const child = execFile("make", ["--no-print-directory", "worker", "ARGS=--name other"], {
      env,
      cwd: new URL("../../..", import.meta.url),
    });
    let said = "";
    child.stdout?.on("data", (piece) => {
      said += piece;
    });
    await until(async () => said.includes("takes letters"));
    await put({ letter: 1 });
    await untilDone(office, 20_000);
    assert.deepEqual(await sent(), [{ letter: 1, worker: "other" }]);
    const ways = await office.sql`
      select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'worker other'`;
    assert.deepEqual(
      ways.map((way) => way.ssl),
      [ssl],
    );
    const closed = once(child, "close");
    child.kill("SIGTERM");
    await closed;
    assert.match(said, /worker other takes letters from 127\.0\.0\.1:\d+; stop it with Ctrl-C\n.*is done/s);
    assert.ok(!said.includes(new URL(url).password));
  }
});

test("a wrong password, an unknown certificate and a database without the queue are said in words, and the password is not", async () => {
  const { url } = office.db;
  const wrong = new URL(url);
  wrong.password = "guessed";
  const guess = await refusal(wrong.href);
  assert.equal(guess.status, 1);
  assert.match(guess.words, /could not join: .*password authentication failed/);
  assert.doesNotMatch(guess.words, /guessed/);
  const unknown = await refusal(`${url}?sslmode=verify-full`);
  assert.match(unknown.words, /could not join: .*(self-signed|unable to verify|issuer)/);
  const nothing = await refusal(url.replace(/postgres$/, "template1"));
  assert.match(nothing.words, /could not join: .*/);
  assert.equal((await refusal("")).status, 2);
  const places = await refusal(url, ["--places", "0"]);
  assert.equal(places.status, 2);
  assert.match(places.words, /'0' is no number of places from 1 to 100/);
});

test("a worker in this process says by its class why it could not join", async () => {
  await assert.rejects(startWorker("postgres://me:pw@127.0.0.1:1/none", { name: "a", onError: () => {} }), {
    name: "WorkerError",
    code: "WORKER_NOT_JOINED",
  });
});

test("what is no letter is refused in words", () => {
  assert.deepEqual(letterOf({ letter: 3 }), { letter: 3, seconds: 0, holds: false });
  for (const data of [
    null,
    4,
    "x",
    {},
    { letter: 1.5 },
    { letter: 1, seconds: -1 },
    { letter: 1, seconds: "soon" },
  ])
    assert.throws(() => letterOf(data), { name: "ArgumentError", code: "BAD_LETTER" });
});
