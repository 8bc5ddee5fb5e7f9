/** Node's HTTP. An `import` of it would also load Node's own `fetch` and `WebSocket`, which takes ten times as long. */
export const http: typeof import("node:http") = process.getBuiltinModule("node:http");
