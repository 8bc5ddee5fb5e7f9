/** The packages that are measured beside the project: from an environment of their own, never from the project's. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * Loads a package of that environment, whose `node_modules` stands in the folder that `BENCH_PEERS` names.
 *
 * @param name of the package; what it is taken to export is for the caller to know
 */
export async function peer<T>(name: string): Promise<T> {
  const folder = process.env.BENCH_PEERS;
  if (folder === undefined) throw new Error("BENCH_PEERS does not say where the peers are; run: make bench");
  const found = createRequire(`${folder}/package.json`).resolve(name);
  const loaded: T = await import(pathToFileURL(found).href);
  return loaded;
}
