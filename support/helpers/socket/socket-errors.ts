import { SupportError } from "../errors/support-error.ts";

/** The connection broke off: the other side reset it or vanished. `value` is its address and port, `cause` what Node said. */
export class ConnectionLostError extends SupportError {
  constructor(peer: string, cause: Error) {
    const message = `the connection with ${peer} is lost (${cause.message}); close this socket and connect again`;
    super("CONNECTION_LOST", message, peer, { cause });
  }
}

/** A socket was used after this side had closed it, or was closed while it waited. `value` is the call that failed. */
export class SocketClosedError extends SupportError {
  constructor(call: string) {
    const message = `${call} on a socket that this side has closed; end the loop that uses it before it is closed`;
    super("SOCKET_CLOSED", message, call);
  }
}

/** Something was to be sent after `endSending`; receiving goes on. `value` is the call that failed. */
export class SendingEndedError extends SupportError {
  constructor(call: string) {
    const message = `${call} after endSending, which told the other side that no more comes; send all before it`;
    super("SENDING_ENDED", message, call);
  }
}

/** Two tasks wanted to read from one socket at once; which of them would get which bytes? */
export class RecvBusyError extends SupportError {
  constructor() {
    super(
      "RECV_BUSY",
      "recv while another one is waiting; let one task read and hand on what it gets",
      "recv",
    );
  }
}

/** Ports that can't be listened on. `code` and `cause` are Node's, `value` has the ports that were tried. */
export class ListenError extends SupportError {
  constructor(ports: readonly number[], code: string, cause: Error) {
    const message = `can't listen on port ${ports.join(", ")} (${code}); stop who uses it, or give port 0 for a free one`;
    super(code, message, ports, { cause });
  }
}

/** No server could be reached. `code` and `cause` are Node's, `value` is the port. */
export class ConnectError extends SupportError {
  constructor(port: number, code: string, cause: Error) {
    const message = `can't connect to port ${port} on this computer (${code}); is the server listening there?`;
    super(code, message, port, { cause });
  }
}

/** Node's code of an error, `ECONNRESET` for example; its name when it has none. */
export function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
