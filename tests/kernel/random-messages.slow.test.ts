/** Random messages and random cells: the kernel is never dead, never busy for ever, and answers every request. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { Dealer, Request, Subscriber } from "zeromq";
import { frames, type Json, type Message, pack, parse } from "../../support/kernel/message.ts";

const RUNS = 20;
const STEPS = 50;
const SEED = Number(process.env.SEED ?? 20_261_125);
/** How long a request may take, in ms, before the reader presses ■, and before the kernel is taken for dead. */
const PATIENCE_MS = 300;
const LIMIT_MS = 20_000;

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "random-"));
const key = randomUUID();
const channels = ["shell", "control", "stdin", "hb"] as const;
type Channel = (typeof channels)[number];
const address = (port: number): string => `ipc://${folder}/k-${port}`;

let kernel: ChildProcess;
const sockets = {
  shell: new Dealer({ routingId: "client" }),
  control: new Dealer({ routingId: "client" }),
  stdin: new Dealer({ routingId: "client" }),
  hb: new Dealer(),
};
const iopub = new Subscriber();
const replies = new Map<string, Message>();
const states = new Map<string, string[]>();

async function readReplies(socket: Dealer): Promise<void> {
  for await (const parts of socket) {
    const message = parse(key, parts);
    replies.set(String(message.parent.msg_id), message);
  }
}

async function readStates(): Promise<void> {
  for await (const parts of iopub) {
    const { header, parent, content } = parse(key, parts);
    if (header.msg_type !== "status") continue;
    const id = String(parent.msg_id);
    states.set(id, [...(states.get(id) ?? []), String(content.execution_state)]);
  }
}

function send(channel: "shell" | "control", type: string, content: Json): string {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: "s",
    username: "u",
    date: "",
    version: "5.3",
  };
  void sockets[channel].send(frames(key, pack({ route: [], header, parent: {}, metadata: {}, content })));
  return header.msg_id;
}

async function until(what: () => string, holds: () => boolean, meanwhile = (): void => {}): Promise<void> {
  const start = performance.now();
  for (let asked = start; !holds(); await sleep(5)) {
    assert.equal(kernel.exitCode ?? kernel.signalCode, null, "the kernel is dead");
    assert.ok(performance.now() - start < LIMIT_MS, what());
    if (performance.now() - asked < PATIENCE_MS) continue;
    asked = performance.now();
    meanwhile();
  }
}

before(async () => {
  const file = join(folder, "connection.json");
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  writeFileSync(file, JSON.stringify({ transport: "ipc", ip: join(folder, "k"), key, ...ports }));
  const spec: { argv: string[]; env: Record<string, string> } = JSON.parse(
    readFileSync(join(root, ".venv/share/jupyter/kernels/tslab/kernel.json"), "utf8"),
  );
  const [command = "", ...given] = spec.argv.map((one) => one.replace("{connection_file}", file));
  kernel = spawn(command, given, {
    cwd: folder,
    env: { ...process.env, ...spec.env },
    stdio: "ignore",
  });
  iopub.connect(address(2));
  iopub.subscribe();
  sockets.shell.connect(address(1));
  sockets.stdin.connect(address(3));
  sockets.control.connect(address(4));
  sockets.hb.connect(address(5));
  for (const name of ["shell", "control"] as const) void readReplies(sockets[name]);
  void readStates();
  const asked = send("shell", "kernel_info_request", {});
  await until(
    () => "the kernel has not started",
    () => replies.has(asked),
  );
  // A subscription takes its time, and what is published before is not heard.
  await until(
    () => "nothing is published",
    () => states.size > 0,
    () => void send("shell", "kernel_info_request", {}),
  );
});

after(async () => {
  kernel.kill("SIGKILL");
  await once(kernel, "exit");
  for (const socket of [...Object.values(sockets), iopub]) socket.close();
});

const THROWS = "{ get() { throw new Error('hidden'); }, enumerable: true }";
const PIECES = [
  "1 + 1",
  "console.log('a'); console.error('b')",
  "console.log('\ud83d'.slice(0, 1), '😀')",
  "for (let i = 0; i < 2000; i++) console.log(i)",
  "throw new Error('x')",
  "throw null",
  "throw Object.create(null)",
  `throw Object.defineProperty(new Error('m'), 'stack', ${THROWS})`,
  `throw Object.defineProperty(new Error('m'), 'message', ${THROWS})`,
  `throw Object.defineProperties(new Error('m'), { name: ${THROWS}, cause: ${THROWS}, x: ${THROWS} })`,
  "throw new Proxy(new Error('m'), { get() { throw 1; }, getPrototypeOf() { throw 2; } })",
  "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw 1; } })",
  "({ [Symbol.for('Jupyter.display')]() { return 5; } })",
  "({ [Symbol.for('Jupyter.display')]() { return { 'text/plain': 1n }; } })",
  "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })",
  "void Promise.reject(new Error('late'))",
  "void setTimeout(() => { throw new Error('later'); }, 1)",
  "void setTimeout(() => console.log('late'), 2)",
  "await new Promise((resolve) => setTimeout(resolve, 3))",
  "await null",
  "process.exit(1)",
  "process.kill(process.pid)",
  "console.trace('t')",
  "globalThis.prompt?.('x')",
  "let a = 1; const b = () => a++; b()",
  "class A {}",
  "new A()",
  "process.stdout.write(Buffer.from([0xf0, 0x9f]))",
  "Object.freeze(Object.prototype)",
  "await (async () => { try { await null; } finally { console.log('f'); } })()",
];
/** They end by ■ only. */
const ENDLESS = [
  "for (;;);",
  "await new Promise(() => {});",
  "for (;;) await null;",
  "({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } })",
  "({ [Symbol.for('Jupyter.display')]: () => new Promise(() => {}) })",
];

type Step =
  | { kind: "bytes"; channel: Channel; parts: Uint8Array[] }
  | { kind: "request"; channel: "shell" | "control"; type: string; content: Json };

const anything = fc.oneof(fc.jsonValue(), fc.string(), fc.integer(), fc.constant(undefined));
const code = fc.oneof(
  {
    weight: 40,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 3 })
      .map((all) => all.join(";\n")),
  },
  { weight: 1, arbitrary: fc.constantFrom(...ENDLESS) },
  { weight: 10, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
);
const cell = fc.record(
  {
    code,
    silent: fc.boolean(),
    store_history: fc.boolean(),
    stop_on_error: fc.constant(false),
    allow_stdin: anything,
  },
  { requiredKeys: ["code", "stop_on_error"] },
);
const known = ["kernel_info", "is_complete", "inspect", "complete", "history", "comm_info", "interrupt"];
const asked = fc.record(
  {
    code: fc.oneof(code, anything),
    cursor_pos: fc.oneof(fc.nat(20), anything),
    hist_access_type: fc.constantFrom("tail", "search", "range", "x"),
    pattern: fc.oneof(fc.string(), anything),
    n: anything,
    session: anything,
  },
  { requiredKeys: [] },
);
const type = fc.oneof(fc.constantFrom(...known), fc.stringMatching(/^[a-z_]{1,10}$/));
const channel = fc.constantFrom("shell", "control");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: cell.map(
      (content) => ({ kind: "request", channel: "shell", type: "execute_request", content }) as const,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      channel: channel as fc.Arbitrary<"shell" | "control">,
      type: type.filter((name) => name !== "shutdown" && name !== "execute").map((name) => `${name}_request`),
      content: asked,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("bytes" as const),
      channel: fc.constantFrom(...channels),
      parts: fc.array(
        fc.oneof(
          fc.uint8Array({ maxLength: 70 }),
          fc.constant(Buffer.from("<IDS|MSG>")),
          fc.constant(Buffer.from("{}")),
        ),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  },
);

test(`${RUNS * STEPS} random messages are survived and every request is answered`, async () => {
  const all = async (steps: Step[]): Promise<void> => {
    const sent = new Map<string, Step>();
    for (const one of steps)
      if (one.kind === "bytes") void sockets[one.channel].send(one.parts);
      else sent.set(send(one.channel, one.type, one.content), one);
    const ids = [...sent.keys()];
    const isDone = (id: string): boolean => replies.has(id) && states.get(id)?.at(-1) === "idle";
    await until(
      () => `not answered: ${JSON.stringify([...sent].filter(([id]) => !isDone(id)))}`,
      () => ids.every(isDone),
      () => void send("control", "interrupt_request", {}),
    );
    for (const [id, one] of sent) assert.equal(states.get(id)?.join(), "busy,idle", JSON.stringify(one));
    const next = send("shell", "execute_request", { code: "6 * 7" });
    await until(
      () => "the next cell does not run",
      () => isDone(next),
    );
    assert.equal(replies.get(next)?.content.status, "ok");
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: STEPS, maxLength: STEPS }), all), {
    seed: SEED,
    numRuns: RUNS,
    endOnFailure: true,
  });
  const heart = new Request();
  heart.connect(address(5));
  await heart.send("still there");
  assert.equal(String((await heart.receive())[0]), "still there");
  heart.close();
});
