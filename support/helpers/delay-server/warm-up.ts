import { Agent, get } from "node:http";

const REQUESTS = 1000;

function one(port: number, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = get({ host: "127.0.0.1", port, path: "/aio?delay=0", agent }, (answer) => {
      answer.resume();
      answer.once("end", resolve);
    });
    asked.once("error", reject);
  });
}

/**
 * Lets a server that has just started answer some requests of its own, so that the first thousand real ones don't wait
 * for code to be compiled.
 */
export async function warmUp(port: number): Promise<void> {
  const agent = new Agent();
  await Promise.all(Array.from({ length: REQUESTS }, () => one(port, agent)));
  agent.destroy();
}
