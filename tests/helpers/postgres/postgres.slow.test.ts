import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { findNative } from "../../../support/helpers/postgres/binaries.ts";
import { sweep } from "../../../support/helpers/postgres/data-folder.ts";
import { type Database, database } from "../../../support/helpers/postgres/database.ts";
import { isDatabaseErrorCode } from "../../../support/helpers/postgres/database-error.ts";
import { makeSchema } from "../../../support/helpers/postgres/schema.ts";
import { startServer } from "../../../support/helpers/postgres/server.ts";
import {
  accountFor,
  isReachable,
  nobodyIn,
  reachable,
} from "../../../support/helpers/postgres/unprivileged-user.ts";
import { goneAgain, leftBehind, useOwnTemporaryFolder } from "./left-behind.ts";
import { objectsOf } from "./objects.ts";

const HOLDER = fileURLToPath(new URL("./holder.ts", import.meta.url));

delete process.env.DATABASE_URL;
after(useOwnTemporaryFolder());

async function ask(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}

function opens(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1000 });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}

async function withServer(use: (url: string) => Promise<void>): Promise<void> {
  const server = await startServer(new AbortController().signal);
  try {
    await use(server.url);
  } finally {
    await server.stop();
  }
}

async function withOwnDatabase(url: string, use: () => Promise<void>): Promise<void> {
  process.env.DATABASE_URL = url;
  try {
    await use();
  } finally {
    delete process.env.DATABASE_URL;
  }
}

function hold(): ChildProcess {
  return spawn(process.execPath, [HOLDER], { stdio: ["ignore", "pipe", "inherit"] });
}

function childrenOf(pid: number | undefined): number[] {
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return all
    .map((line) => line.trim().split(/ +/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

async function address(holder: ChildProcess): Promise<string> {
  if (holder.stdout === null) throw new Error("no output");
  const [text]: unknown[] = await once(holder.stdout, "data");
  return String(text).trim();
}

async function kill(holder: ChildProcess): Promise<void> {
  const ended = once(holder, "exit");
  holder.kill("SIGKILL");
  await ended;
}

test("a lesson's database is a real PostgreSQL 18 that keeps what it is given", async () => {
  const before = leftBehind();
  const db = await database();
  const [row] = await ask(db.url, "select current_setting('server_version_num')::int / 10000 as major");
  assert.equal(row?.major, 18);
  await ask(db.url, "create table kept (n int); insert into kept values (42)");
  assert.deepEqual(
    (await ask(db.url, "select n from kept")).map((kept) => kept.n),
    [42],
  );
  await db.stop();
  await db.stop();
  assert.deepEqual(await goneAgain(before), []);
});

test("it waits for the disk, as PostgreSQL does by itself", async () => {
  const db = await database();
  const [row] = await ask(
    db.url,
    "select current_setting('fsync') as f, current_setting('synchronous_commit') as s",
  );
  assert.deepEqual({ ...row }, { f: "on", s: "on" });
  await db.stop();
});

/** Starts a server with its templates there, asks it for its version, and looks at its folder. */
async function started(templates: string): Promise<{ password: string; isCopy: boolean }> {
  const server = await startServer(new AbortController().signal, false, templates);
  try {
    assert.match(String((await ask(server.url, "select version() as it"))[0]?.it), /^PostgreSQL 18/);
    const isCopy = await readFile(join(server.folder, "data", "marked")).then(
      () => true,
      () => false,
    );
    return { password: new URL(server.url).password, isCopy };
  } finally {
    await server.stop();
  }
}

test("two that are the first at once leave one template, of which others can read nothing, and those after them are copies", async () => {
  const templates = await mkdtemp(join(tmpdir(), "templates-"));
  const firsts = await Promise.all([started(templates), started(templates)]);
  const [kept = "", ...more] = await readdir(templates);
  assert.deepEqual([more, (await stat(join(templates, kept))).mode & 0o077], [[], 0]);
  await writeFile(join(templates, kept, "data", "marked"), "");
  const next = await started(templates);
  assert.ok(next.isCopy && firsts.some(({ password }) => password === next.password));

  // A template from which no server starts is made anew; half a one, of a process that was killed, goes.
  await writeFile(join(templates, kept, "data", "global", "pg_control"), "nonsense");
  await mkdir(join(templates, "tsasync-postgres-99999999-half"));
  assert.equal((await started(templates)).isCopy, false);
  assert.deepEqual(await readdir(templates), [kept]);
  await writeFile(join(templates, kept, "data", "marked"), "");
  assert.equal((await started(templates)).isCopy, true);
  await rm(templates, { recursive: true });
});

test("where no template can be kept it starts all the same", async () => {
  assert.equal((await started("/dev/null/templates")).isCopy, false);
});

test("it listens on the loopback interface only, and wants its password", async () => {
  const db = await database();
  const port = Number(new URL(db.url).port);
  assert.equal(await opens(port, "127.0.0.1"), true);
  const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address, internal } of others) {
    if (!internal) assert.equal(await opens(port, address), false, address);
  }
  const wrong = new URL(db.url);
  wrong.password = "guessed";
  await assert.rejects(ask(wrong.href, "select 1"), { code: "28P01" });
  assert.match(new URL(db.url).password, /^[0-9a-f]{32}$/);
  await db.stop();
});

test("nothing of it can be read by others", { skip: process.platform === "win32" }, async () => {
  const server = await startServer(new AbortController().signal);
  assert.equal((await stat(server.folder)).mode & 0o077, 0);
  await assert.rejects(readFile(join(server.folder, "password")), { code: "ENOENT" });
  await server.stop();
});

test("two lessons have two databases", async () => {
  const [one, other] = await Promise.all([database(), database()]);
  assert.notEqual(new URL(one.url).port, new URL(other.url).port);
  await Promise.all([one.stop(), other.stop()]);
});

test("stopAll ends it", async () => {
  const before = leftBehind();
  await database();
  await stopAll();
  assert.deepEqual(await goneAgain(before), []);
});

test("it is gone when the lesson's process is killed", async () => {
  const before = leftBehind();
  const holder = hold();
  const port = Number(new URL(await address(holder)).port);
  await kill(holder);
  assert.deepEqual(await goneAgain(before), []);
  assert.equal(await opens(port, "127.0.0.1"), false);
});

test("it is gone when the lesson's process is killed while it starts", async () => {
  const before = leftBehind();
  for (const ms of [150, 300, 500, 800, 1200]) {
    const holder = hold();
    await pause(ms);
    await kill(holder);
  }
  assert.deepEqual(await goneAgain(before), []);
});

test("it is gone when its keeper is killed", async () => {
  const before = leftBehind();
  const holder = hold();
  await address(holder);
  const keepers = leftBehind().filter((line) => !before.includes(line));
  const pid = Number(/tsasync-postgres-(\d+)-/.exec(keepers.join("\n"))?.[1]);
  process.kill(pid, "SIGKILL");
  await pause(500);
  await kill(holder);
  assert.deepEqual(await goneAgain(before), []);
});

test("it is gone when its keeper and the lesson's process are killed together", async () => {
  const before = leftBehind();
  const holder = hold();
  const port = Number(new URL(await address(holder)).port);
  const mine = leftBehind().filter((line) => !before.includes(line));
  process.kill(Number(/tsasync-postgres-(\d+)-/.exec(mine.join("\n"))?.[1]), "SIGKILL");
  await kill(holder);
  assert.deepEqual(await goneAgain(before), []);
  assert.equal(await opens(port, "127.0.0.1"), false);
});

test("it is gone when its keeper is asked to end", async () => {
  const before = leftBehind();
  const db = await database();
  const mine = leftBehind().filter((line) => !before.includes(line));
  process.kill(Number(/tsasync-postgres-(\d+)-/.exec(mine.join("\n"))?.[1]), "SIGTERM");
  assert.deepEqual(await goneAgain(before), []);
  await db.stop();
});

test("a start that is cancelled leaves nothing", async () => {
  const before = leftBehind();
  // A start takes a tenth of a second; from its middle on the server is already there.
  for (const ms of [0, 20, 40, 60]) {
    const stop = new AbortController();
    const start = startServer(stop.signal);
    setTimeout(() => stop.abort(), ms);
    await assert.rejects(start, { name: "AbortError" });
  }
  assert.deepEqual(await goneAgain(before), []);
});

test("a start that was cancelled before it began starts no process", async () => {
  let processes = 0;
  const look = setInterval(() => {
    processes += process.getActiveResourcesInfo().filter((one) => one === "ProcessWrap").length;
  }, 1);
  await assert.rejects(startServer(AbortSignal.abort()), { name: "AbortError" });
  const stop = new AbortController();
  const starting = startServer(stop.signal);
  stop.abort();
  await assert.rejects(starting, { name: "AbortError" });
  clearInterval(look);
  assert.equal(processes, 0);
});

test("folders of keepers that are gone are removed by the next start", async () => {
  const within = await mkdtemp(join(tmpdir(), "sweep-"));
  await mkdir(join(within, "tsasync-postgres-999999999-gone"));
  await mkdir(join(within, `tsasync-postgres-${process.pid}-here`));
  await mkdir(join(within, "somebody-else"));
  await sweep(within);
  await stat(join(within, `tsasync-postgres-${process.pid}-here`));
  await stat(join(within, "somebody-else"));
  await assert.rejects(stat(join(within, "tsasync-postgres-999999999-gone")), { code: "ENOENT" });
  await rm(within, { recursive: true });
});

test("with DATABASE_URL the lesson has a schema of its own, dropped at the end", async () => {
  await withServer(async (url) => {
    await ask(url, "create table readers (n int); insert into readers values (1)");
    const before = await objectsOf(url);
    await withOwnDatabase(url, async () => {
      const db = await database();
      await ask(db.url, "create table readers (n int); insert into readers values (2), (3)");
      const [row] = await ask(
        db.url,
        "select count(*)::int as n, current_schema() as s from readers group by 2",
      );
      assert.equal(row?.n, 2);
      assert.match(String(row?.s), /^tsasync_[0-9a-f]{12}$/);
      await db.stop();
    });
    assert.deepEqual(await objectsOf(url), before);
    assert.equal((await ask(url, "select * from readers")).length, 1);
  });
});

test("the schema is dropped when the lesson's process is killed, at any moment", async () => {
  await withServer(async (url) => {
    const before = await objectsOf(url);
    await withOwnDatabase(url, async () => {
      for (const ms of [120, 200, 300, 450]) {
        const holder = hold();
        await pause(ms);
        await kill(holder);
      }
      const holder = hold();
      const own = await address(holder);
      await ask(own, "create table half (n int); insert into half values (1)");
      await kill(holder);
    });
    let after = await objectsOf(url);
    for (let tries = 0; tries < 100 && after.length > before.length; tries += 1) {
      await pause(50);
      after = await objectsOf(url);
    }
    assert.deepEqual(after, before);
  });
});

test("a schema whose lesson and keeper were killed together is dropped by the next lesson, and no other is", async () => {
  await withServer((url) =>
    withOwnDatabase(url, async () => {
      const alive = await database();
      await ask(url, "create schema tsasync_0123456789ab");
      const before = await objectsOf(url);
      const holder = hold();
      await address(holder);
      assert.equal((await objectsOf(url)).length, before.length + 1);
      for (const keeper of childrenOf(holder.pid)) process.kill(keeper, "SIGKILL");
      await kill(holder);
      assert.equal((await objectsOf(url)).length, before.length + 1, "nobody was left to drop it");
      // The server hears of the cut connection in its own time.
      await pause(300);
      const next = await database();
      assert.equal(
        (await objectsOf(url)).length,
        before.length + 1,
        "its own, in the place of the one left behind",
      );
      await next.stop();
      assert.deepEqual(await objectsOf(url), before);
      await alive.stop();
      await ask(url, "drop schema tsasync_0123456789ab");
    }),
  );
});

test("options that the reader's address has are kept", async () => {
  await withServer(async (url) => {
    const own = new URL(url);
    own.searchParams.set("options", "-c work_mem=5MB");
    const schema = await makeSchema(own.href);
    const [row] = await ask(schema.url, "select current_setting('work_mem') as w, current_schema() as s");
    assert.deepEqual({ ...row }, { w: "5MB", s: schema.name });
    await schema.drop();
  });
});

test("a DATABASE_URL that is none is refused, and no password is shown", async () => {
  const cases = [
    ["nonsense secret", "BAD_DATABASE_URL"],
    ["mysql://me:secret@localhost/mine", "BAD_DATABASE_URL"],
    ["postgres://me:secret@127.0.0.1:1/mine", "NOT_REACHED"],
  ] as const;
  for (const [text, code] of cases) {
    await assert.rejects(makeSchema(text), { code });
    await withOwnDatabase(text, async () => {
      await assert.rejects(database(), (reason: unknown) => {
        assert.ok(reason instanceof Error && "code" in reason && "value" in reason);
        assert.equal(reason.code, code);
        assert.doesNotMatch(`${reason.message} ${reason.value}`, /secret/);
        return true;
      });
    });
  }
});

test("a computer that npm has no PostgreSQL for is told to set DATABASE_URL", async () => {
  await assert.rejects(findNative("plan9-mips"), {
    name: "DatabaseError",
    code: "NO_BINARIES",
    value: "plan9-mips",
    message: "npm has no PostgreSQL for plan9-mips; set DATABASE_URL to one of your own",
  });
  assert.equal(isDatabaseErrorCode("NO_BINARIES"), true);
  assert.equal(isDatabaseErrorCode("EPERM"), false);
});

test("root runs it as nobody, everybody else as themselves", async () => {
  const passwd = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/bin/false\n";
  assert.deepEqual(nobodyIn(passwd), { uid: 65_534, gid: 65_533 });
  assert.equal(nobodyIn("nobody:x:0:0::/:/bin/sh\n"), undefined);
  assert.equal(await accountFor(1000), undefined);
  assert.equal(await accountFor(undefined), undefined);
  await assert.rejects(accountFor(0, "/nowhere"), { code: "NO_ACCOUNT", value: "/nowhere" });
});

test("programs that nobody may reach are copied to where it may", async () => {
  const closed = await mkdtemp(join(tmpdir(), "closed-"));
  await mkdir(join(closed, "native"));
  await writeFile(join(closed, "native", "program"), "run me");
  const native = join(closed, "native");
  assert.equal(await isReachable(native), false);
  const account = { uid: 1, gid: 1 };
  assert.equal(await reachable(native, undefined, join(closed, "copy")), native);
  assert.equal(await reachable(native, account, join(closed, "copy")), join(closed, "copy"));
  assert.equal(await readFile(join(closed, "copy", "program"), "utf8"), "run me");
  await chmod(closed, 0o755);
  assert.equal(await isReachable(native), true);
  await rm(closed, { recursive: true });
});

test("a database that was stopped elsewhere can be stopped again", async () => {
  const db: Database = await database();
  await stopAll();
  await db.stop();
});

test("it speaks TLS where it is asked to, with a certificate that names the loopback interface, and lets others in too", async () => {
  const before = leftBehind();
  const db = await database({ tls: true });
  assert.ok(db.authority !== undefined);
  const ways = [];
  for (const ssl of [false, { ca: await readFile(db.authority, "utf8") }]) {
    const sql = postgres(db.url, { max: 1, ssl });
    const [row] = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    ways.push(row?.ssl);
    await sql.end();
  }
  assert.deepEqual(ways, [false, true]);
  const strangers = postgres(db.url, { max: 1, ssl: { ca: [] } });
  await assert.rejects(strangers`select 1`, /self-signed|unable to verify|issuer/);
  await strangers.end();
  await db.stop();
  assert.deepEqual(await goneAgain(before), []);
  const plain = await database();
  assert.equal(plain.authority, undefined);
  await plain.stop();
});
