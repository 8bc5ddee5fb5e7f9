/** A request that the delay server does not take. It is answered with a 4xx status and this as JSON. */
export class RequestError extends Error {
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(name: string, status: number, details: Readonly<Record<string, unknown>>) {
    super(`${name}: ${JSON.stringify(details)}`);
    this.name = name;
    this.status = status;
    this.details = details;
  }
}

/** A port that can't be listened on. */
export class PortError extends Error {
  override readonly name = "PortError";
  readonly code: "PORT_IN_USE" | "PORT_FORBIDDEN";
  readonly port: number;

  constructor(port: number, code: "PORT_IN_USE" | "PORT_FORBIDDEN") {
    const why =
      code === "PORT_IN_USE" ? "is used by another program; stop that one, or" : "needs the rights of root;";
    super(`port ${port} ${why} choose another port: make server ARGS='--port 3001'`);
    this.port = port;
    this.code = code;
  }
}

/** A lesson could not get a delay server. */
export class DelayServerError extends Error {
  override readonly name = "DelayServerError";
  readonly code = "NO_DELAY_SERVER";
}
