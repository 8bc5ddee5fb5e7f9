/**
 * One process sends 1 GB to itself, and the reader begins only after a pause. Prints by how many MB the memory of the
 * process grew during the pause and in all, and how many bytes arrived. Run by `serve.test.ts`.
 */
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../../../support/helpers/socket/connect.ts";
import { serve } from "../../../support/helpers/socket/serve.ts";

const PIECE = Buffer.alloc(1024 * 1024, "a");
const PIECES = 1024;
const PAUSE_MS = 500;

let sent = 0;
const server = await serve(async (socket) => {
  for (; sent < PIECES; sent += 1) await socket.sendAll(PIECE);
});

const before = process.memoryUsage.rss();
let highest = before;
const look = (): number => {
  highest = Math.max(highest, process.memoryUsage.rss());
  return Math.round((highest - before) / 1024 / 1024);
};
const looking = setInterval(look, 5);
const reader = await connect(server.port);
await pause(PAUSE_MS);
const whilePaused = look();
if (sent === PIECES) throw new Error("the sender did not wait for the reader");
let received = 0;
for await (const piece of reader) received += piece.length;
clearInterval(looking);
const whole = look();
await reader.close();
await server.close();
console.log(`${whilePaused} ${whole} ${received}`);
