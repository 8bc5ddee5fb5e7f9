/**
 * One compiler for all kernels that a program starts, which would else start one each: a second or two of a processor, and
 * some hundred megabytes. Prints the path of its socket, which goes to kernels as `TSASYNC_COMPILER`, and ends with its stdin.
 * Users who may not open the socket's folder can ask nothing; a kernel of other files, or whose server has ended, uses a thread.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Line, onLines, startThread, type ToServer, WHO } from "./compiler-line.ts";

const folder = mkdtempSync(join(tmpdir(), "compiler-"));
const address = join(folder, "socket");
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// Kernels see that it has ended, and none of them waits for an answer that never comes.
const thread = startThread(() => process.exit(1));

const server = createServer((socket) => {
  let line: Line | undefined;
  socket.on("error", () => {});
  socket.on("close", () => line?.end());
  onLines(socket, (text) => {
    const said: ToServer = JSON.parse(text);
    if ("stop" in said) line?.stop(said.stop);
    else if ("id" in said) line?.ask(said);
    else if (said.who !== WHO) socket.destroy();
    else line = thread.begin(said.place, (answer) => socket.write(`${JSON.stringify(answer)}\n`));
  });
});
server.listen(address, () => process.stdout.write(`${address}\n`));

// Ctrl-C in a terminal is for the program that started it, which then closes the pipe.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => process.exit());
process.stdin.resume().once("close", () => process.exit());
