/**
 * The servers of Deno's own interface: `deno.ts echo` and `deno.ts delay`. Each prints its port. Run by Deno, checked by
 * the project's compiler, which is told here the little of Deno that is used.
 */
interface Connection {
  read(into: Uint8Array): Promise<number | null>;
  write(data: Uint8Array): Promise<number>;
}
interface DenoApi {
  args: string[];
  stdin: { read(into: Uint8Array): Promise<number | null> };
  exit(): never;
  listen(at: { hostname: string; port: number; tcpBacklog?: number }): AsyncIterable<Connection> & {
    addr: { port: number };
  };
  serve(
    at: { hostname: string; port: number; tcpBacklog?: number; onListen: (at: { port: number }) => void },
    handler: (request: Request) => Promise<Response>,
  ): unknown;
}
declare const Deno: DenoApi;

async function sendAll(to: Connection, data: Uint8Array): Promise<void> {
  for (let sent = 0; sent < data.length; ) sent += await to.write(data.subarray(sent));
}

async function converse(connection: Connection): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let size = await connection.read(buffer); size !== null; size = await connection.read(buffer))
      await sendAll(connection, buffer.subarray(0, size));
  } catch {
    // The client left.
  }
}

async function echo(): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 65_535 });
  console.log(listener.addr.port);
  for await (const connection of listener) void converse(connection);
}

function delay(): void {
  const told = { hostname: "127.0.0.1", port: 0, tcpBacklog: 65_535 };
  Deno.serve({ ...told, onListen: ({ port }) => console.log(port) }, async (request) => {
    const seconds = Number(new URL(request.url).searchParams.get("delay"));
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    return Response.json({ delay: seconds });
  });
}

async function endWithInput(): Promise<void> {
  while ((await Deno.stdin.read(new Uint8Array(16))) !== null);
  Deno.exit();
}

void endWithInput();
if (Deno.args[0] === "echo") await echo();
else delay();
