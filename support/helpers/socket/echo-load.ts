import { connect } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { ConnectError, codeOf } from "./socket-errors.ts";

/** A load for an echo server. */
export interface LoadOptions {
  /** 100 when not given. */
  connections?: number;
  /** Bytes of a message; 1,024 when not given. */
  bytes?: number;
  /** How long it is measured, in ms of real time; 500 when not given. */
  ms?: number;
}

/** What a load brought about. */
export interface Load {
  /** Messages that came back while it was measured, in all connections together. */
  messages: number;
  /** All that came back, also before it was measured: what the server had to do. */
  handled: number;
  /** Messages for a second of real time, while it was measured. */
  perSecond: number;
  /** The share of the time in which the client's own thread was busy: near 1 the client is the limit. */
  clientBusy: number;
}

/** Time that the connections get to come into step before it is measured, in ms. */
const RAMP_MS = 100;

/**
 * Sends a message on each connection, and the next one when all of it has come back, for some time.
 *
 * It uses Node's fastest way to read, one buffer for all, so that it is as little as possible of what is measured.
 *
 * @throws ConnectError (as a rejection), also when the server breaks a connection off
 */
export async function load(port: number, options: LoadOptions = {}): Promise<Load> {
  const { connections = 100, bytes = 1024, ms = 500 } = options;
  const message = Buffer.alloc(bytes, "a");
  const buffer = Buffer.alloc(64 * 1024);
  let messages = 0;
  let stopping = false;
  let broken: Error | undefined;

  const open = () =>
    new Promise<{ send(): void; close(): void }>((resolve, reject) => {
      let got = 0;
      const heard = (size: number): boolean => {
        for (got += size; got >= bytes; got -= bytes) {
          messages += 1;
          if (!stopping) socket.write(message);
        }
        return true;
      };
      const socket = connect({ port, host: "127.0.0.1", noDelay: true, onread: { buffer, callback: heard } });
      socket.once("connect", () =>
        resolve({ send: () => socket.write(message), close: () => socket.destroy() }),
      );
      socket.on("error", (error) => {
        broken = new ConnectError(port, codeOf(error), error);
        reject(broken);
      });
    });

  const opened = await Promise.all(Array.from({ length: connections }, open));
  for (const one of opened) one.send();
  await pause(RAMP_MS);
  const before = { messages, at: performance.now(), busy: performance.eventLoopUtilization() };
  await pause(ms);
  const measured = messages - before.messages;
  const seconds = (performance.now() - before.at) / 1000;
  const clientBusy = performance.eventLoopUtilization(before.busy).utilization;
  stopping = true;
  const handled = messages;
  for (const one of opened) one.close();
  if (broken !== undefined) throw broken;
  return { messages: measured, handled, perSecond: measured / seconds, clientBusy };
}
