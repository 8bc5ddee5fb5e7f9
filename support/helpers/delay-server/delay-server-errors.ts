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

/** A port that can't be listened on. */
export class PortError extends SupportError {
  declare readonly code: "PORT_IN_USE" | "PORT_FORBIDDEN";

  constructor(port: number, code: "PORT_IN_USE" | "PORT_FORBIDDEN") {
    const why =
      code === "PORT_IN_USE" ? "is used by another program; stop that one, or" : "needs the rights of root;";
    super(code, `port ${port} ${why} choose another port: make server ARGS='--port 3001'`, port);
  }
}
