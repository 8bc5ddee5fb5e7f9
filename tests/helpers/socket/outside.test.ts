import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { serve } from "../../../support/helpers/socket/serve.ts";

/** What the original's blocking client does, with words in place of a keyboard. */
const CLIENT = `
import socket, sys
conn = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def receive():
    print(conn.recv(1024).decode())
receive()
for word in ["Ada", "\\u6b22\\u8fce"]:
    conn.sendall(word.encode())
    receive()
conn.sendall(b"exit")
print(repr(conn.recv(1024)))
`;

test("a Python socket gets the original's conversation: greeting, Hello, and the end after exit", async () => {
  const server = await serve(async (socket) => {
    await socket.sendAll("欢迎!");
    for await (const bytes of socket) {
      if (String(bytes) === "exit") return;
      await socket.sendAll(`Hello, ${bytes}`);
    }
  });
  const env = { ...process.env, PYTHONIOENCODING: "utf-8" };
  const client = spawn("python3", ["-c", CLIENT, String(server.port)], {
    stdio: ["ignore", "pipe", "inherit"],
    env,
  });
  const said: Buffer[] = [];
  client.stdout.on("data", (piece: Buffer) => said.push(piece));
  await once(client, "close");
  await server.close();
  assert.equal(String(Buffer.concat(said)), "欢迎!\nHello, Ada\nHello, 欢迎\nb''\n");
});
