import { textOf } from "../errors/text-of.ts";

/** The connection broke off: the other side reset it or vanished. Its `cause` is what Node said. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  readonly code = "CONNECTION_LOST";
  /** The other side's address and port. */
  readonly value: string;

  constructor(peer: string, cause: Error) {
    super(`the connection with ${peer} is lost (${cause.message}); close this socket and connect again`, {
      cause,
    });
    this.value = peer;
  }
}

/** A socket or a listener was used after this side had closed it, or was closed while it waited. */
export class SocketClosedError extends Error {
  override readonly name = "SocketClosedError";
  readonly code = "SOCKET_CLOSED";
  /** The call that failed. */
  readonly value: string;

  constructor(call: string) {
    super(`${call} on a socket that this side has closed; end the loop that uses it before it is closed`);
    this.value = call;
  }
}

/** Something was to be sent after `endSending`. Receiving goes on. */
export class SendingEndedError extends Error {
  override readonly name = "SendingEndedError";
  readonly code = "SENDING_ENDED";
  /** The call that failed. */
  readonly value: string;

  constructor(call: string) {
    super(`${call} after endSending, which told the other side that no more comes; send all before it`);
    this.value = call;
  }
}

/** Something that is neither text nor bytes was to be sent. */
export class NotSendableError extends TypeError {
  override readonly name = "NotSendableError";
  readonly code = "NOT_SENDABLE";
  readonly value: unknown;

  constructor(value: unknown) {
    super(`sendAll was given ${textOf(value)}, of type ${typeof value}; give a string or a Uint8Array`);
    this.value = value;
  }
}

/** Two tasks wanted to read from one socket at once; which of them would get which bytes? */
export class RecvBusyError extends Error {
  override readonly name = "RecvBusyError";
  readonly code = "RECV_BUSY";
  /** The call that failed. */
  readonly value: string;

  constructor(call: string) {
    super(`${call} while another one is waiting; let one task read and hand on what it gets`);
    this.value = call;
  }
}

/** A count of bytes that is none. */
export class ByteCountError extends RangeError {
  override readonly name = "ByteCountError";
  readonly code = "BAD_BYTE_COUNT";
  readonly value: unknown;

  constructor(what: string, value: unknown) {
    super(`${what} is ${textOf(value)}; give a whole number of bytes from 1 upwards`);
    this.value = value;
  }
}

/** The other side sent more than the limit without an end of line. */
export class LineTooLongError extends Error {
  override readonly name = "LineTooLongError";
  readonly code = "LINE_TOO_LONG";
  /** The limit in bytes. */
  readonly value: number;

  constructor(limit: number) {
    super(`no end of line within ${limit} bytes; close this socket, or allow more: readLine({ limit })`);
    this.value = limit;
  }
}

/** The other side sent a line that is not UTF-8. */
export class NotTextError extends Error {
  override readonly name = "NotTextError";
  readonly code = "NOT_TEXT";
  /** The first bytes of the line, in hexadecimal. */
  readonly value: string;

  constructor(line: Uint8Array) {
    const first = Buffer.from(line.subarray(0, 16)).toString("hex");
    super(`the line that begins with the bytes ${first} is not UTF-8; close this socket, or use recv(n)`);
    this.value = first;
  }
}

/** A port that can't be listened on. Its `cause` is what Node said. */
export class ListenError extends Error {
  override readonly name = "ListenError";
  readonly code: string;
  /** The ports that were tried. */
  readonly value: readonly number[];

  constructor(ports: readonly number[], code: string, cause: Error) {
    super(
      `can't listen on port ${ports.join(", ")} (${code}); stop who uses it, or give port 0 for a free one`,
      {
        cause,
      },
    );
    this.code = code;
    this.value = ports;
  }
}

/** Nobody could be reached. Its `cause` is what Node said. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  readonly code: string;
  /** The port. */
  readonly value: number;

  constructor(port: number, code: string, cause: Error) {
    super(`can't connect to port ${port} on this computer (${code}); is the server listening there?`, {
      cause,
    });
    this.code = code;
    this.value = port;
  }
}

/** Node's code of an error, `ECONNRESET` for example; its name when it has none. */
export function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
