import { SupportError } from "../errors/support-error.ts";

/** A request that the delay server does not take. It is answered with a 4xx status and this as JSON. */
export class RequestError extends SupportError {
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, status: number, details: Readonly<Record<string, unknown>>) {
    super(code, `${code}: ${JSON.stringify(details)}`, details.value);
    this.status = status;
    this.details = details;
  }
}

const WHY_NOT = {
  PORT_IN_USE:
    "is used by another program; stop that one, or choose another port: make server ARGS='--port 3001'",
  PORT_FORBIDDEN: "needs the rights of root; choose another port: make server ARGS='--port 3001'",
  NO_LOOPBACK:
    "can't be had: this computer has no loopback interface, 127.0.0.1. Start it; on Linux: sudo ip link set lo up",
  NO_FILES:
    "can't be had: no more files may be opened here. Close some programs, or allow more: ulimit -n 4096",
} as const;

/** A port that can't be listened on. */
export class PortError extends SupportError {
  declare readonly code: keyof typeof WHY_NOT;

  constructor(port: number, code: keyof typeof WHY_NOT) {
    super(code, `port ${port} ${WHY_NOT[code]}`, port);
  }
}
