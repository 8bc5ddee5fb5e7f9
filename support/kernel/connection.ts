import { readFileSync } from "node:fs";
import { integer, type Json, text } from "./message.ts";

/** Where Jupyter wants the kernel's sockets, and the key that signs messages. */
export interface Connection {
  key: string;
  shell: string;
  iopub: string;
  stdin: string;
  control: string;
  heartbeat: string;
}

/** The connection file can't be used. */
export class ConnectionFileError extends Error {
  override readonly name = "ConnectionFileError";
  readonly code = "BAD_CONNECTION_FILE";

  constructor(path: string, why: string) {
    super(
      `connection file ${JSON.stringify(path)}: ${why}. Jupyter writes it and passes it with --config-path`,
    );
  }
}

/**
 * Reads the file that Jupyter writes for a kernel.
 *
 * @throws ConnectionFileError
 */
export function readConnection(path: string): Connection {
  let file: Json;
  try {
    file = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new ConnectionFileError(path, error instanceof Error ? error.message : String(error));
  }
  const transport = text(file, "transport");
  const ip = text(file, "ip");
  const address = (name: string): string => {
    const port = integer(file, `${name}_port`, 0);
    if (port < 1) throw new ConnectionFileError(path, `${name}_port is missing`);
    return transport === "ipc" ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
  };
  return {
    key: text(file, "key"),
    shell: address("shell"),
    iopub: address("iopub"),
    stdin: address("stdin"),
    control: address("control"),
    heartbeat: address("hb"),
  };
}
