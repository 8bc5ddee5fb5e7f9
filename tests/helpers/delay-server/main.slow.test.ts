/** The stand-alone server, as `make server` starts it. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { request } from "undici";

const MAIN = fileURLToPath(new URL("../../../support/helpers/delay-server/main.ts", import.meta.url));

function fails(...args: string[]): { status: number | null; said: string } {
  const run = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  return { status: run.status, said: run.stderr };
}

test("it keeps real seconds, prints one line per request, and tells on Ctrl-C what it dropped", async () => {
  const { LESSON_SECOND_MS: _, ...env } = process.env;
  const child = spawn(process.execPath, [MAIN, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"], env });
  const said: string[] = [];
  child.stdout.on("data", (text) => said.push(String(text)));
  await once(child.stdout, "data");
  const [url = ""] = /http:\/\/localhost:\d+\/aio/.exec(said.join("")) ?? [];
  const start = performance.now();
  const answer = await request(`${url}?delay=0.5`);
  assert.deepEqual(await answer.body.json(), { delay: 0.5 });
  assert.ok(performance.now() - start >= 495);
  const asleep = request(`${url}?delay=3600`).catch((error) => error.code);
  await request(url.replace("aio", "Ada")).then((one) => one.body.dump());
  const exit = once(child, "exit");
  child.kill("SIGINT");
  assert.deepEqual(await exit, [0, null]);
  assert.equal(await asleep, "UND_ERR_SOCKET");
  const text = said.join("");
  assert.match(text, /GET \/aio\?delay=0\.5 200 after 0\.5 s\n/);
  assert.match(text, /stopped; 1 sleeping request was dropped\n$/);
});

test("a port that is taken is told in one line", async () => {
  const child = spawn(process.execPath, [MAIN, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = await once(child.stdout, "data");
  const [, port = ""] = /localhost:(\d+)/.exec(String(text)) ?? [];
  const { status, said } = fails("--port", port);
  child.kill();
  assert.equal(status, 1);
  assert.match(said, new RegExp(`^delay server: port ${port} is used by another program; .*\n$`));
});

for (const args of [["--port", "x"], ["--port", "70000"], ["--colour"], ["stray"]]) {
  test(`the arguments ${args.join(" ")} are refused in one line`, () => {
    const { status, said } = fails(...args);
    assert.equal(status, 2);
    assert.match(said, /^delay server: .*usage: make server.*\n$/s);
    assert.doesNotMatch(said, /at .*:\d+:\d+/);
  });
}

test("a length of a second that is none is refused in one line; an empty one is a real second", async () => {
  for (const value of ["abc", " "]) {
    const env = { ...process.env, LESSON_SECOND_MS: value };
    const run = spawnSync(process.execPath, [MAIN, "--port", "0"], { encoding: "utf8", env });
    assert.equal(run.status, 1);
    assert.match(run.stderr, new RegExp(`^delay server: LESSON_SECOND_MS is "${value}"; .*\n$`));
  }
  const real = spawn(process.execPath, [MAIN, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, LESSON_SECOND_MS: "" },
  });
  const [text] = await once(real.stdout, "data");
  real.kill();
  assert.doesNotMatch(String(text), /a second lasts/);
});

test("it starts where few files may be open, and answers", async () => {
  const child = spawn("sh", ["-c", 'ulimit -n 256; exec "$@"', "sh", process.execPath, MAIN, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [text] = await once(child.stdout, "data");
  const [url = ""] = /http:\/\/localhost:\d+\/aio/.exec(String(text)) ?? [];
  const answer = await request(`${url}?delay=0`);
  assert.deepEqual(await answer.body.json(), { delay: 0 });
  child.kill();
});

const OWN_NETWORK = ["--user", "--map-root-user", "--net"];
const noOwnNetwork = spawnSync("unshare", [...OWN_NETWORK, "true"]).status !== 0;

test("a computer without a loopback interface is told so in one line", { skip: noOwnNetwork }, () => {
  const words = [...OWN_NETWORK, process.execPath, MAIN];
  const run = spawnSync("unshare", words, { encoding: "utf8", timeout: 20_000 });
  assert.equal(run.status, 1);
  assert.match(run.stderr, /^delay server: port 3000 can't be had: .* 127\.0\.0\.1\. Start it; .*\n$/);
});
