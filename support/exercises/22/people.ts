import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { LESSON_SECOND_MS, sleep } from "support";

/** What a chat may not go over. */
export interface ChatLimits {
  /** How many bytes may wait for one reader at most. */
  waiting: number;
}

/** A chat that runs. */
export interface Chat {
  port: number;
  /** Says goodbye to all, and ends. */
  close(): Promise<void>;
}

export type StartChat = (limits: ChatLimits) => Promise<Chat>;

/** Somebody at a chat, with what they have read so far. */
export interface Person {
  lines: string[];
  /** Whether the connection has ended, from either side. */
  gone: boolean;
  /** Sends bytes as they are, and waits while the other side takes no more. */
  send(bytes: string | Uint8Array): Promise<void>;
  /** Reads no more, or goes on to read. */
  sleepIn(): void;
  wakeUp(): void;
  /** Ends the connection with a good word, or breaks it off. */
  leave(): void;
  breakOff(): void;
  /** Waits until a line has come, so many lesson seconds at most. */
  hears(line: string, seconds?: number): Promise<boolean>;
}

const TURN_SECONDS = 0.1;

function person(socket: Socket): Person {
  const lines: string[] = [];
  let rest = "";
  const self: Person = {
    lines,
    gone: false,
    async send(bytes) {
      if (self.gone) return;
      if (!socket.write(bytes)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    },
    sleepIn: () => void socket.pause(),
    wakeUp: () => void socket.resume(),
    leave: () => void socket.end(),
    breakOff: () => void socket.resetAndDestroy(),
    async hears(line, seconds = 5) {
      for (let waited = 0; waited < seconds && !lines.includes(line); waited += TURN_SECONDS)
        await sleep(TURN_SECONDS);
      return lines.includes(line);
    },
  };
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    self.gone = true;
  });
  return self;
}

/** Joins a chat; the name is said at once, unless it is empty. */
export async function join(port: number, name: string): Promise<Person> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  const self = person(socket);
  if (name !== "") await self.send(`${name}\n`);
  await new Promise((resolve) => setTimeout(resolve, LESSON_SECOND_MS / 5));
  return self;
}
