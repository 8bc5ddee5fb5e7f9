import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ProgramError } from "./program-error.ts";

const IN_PROJECT = ".venv/bin/python";

/**
 * The environment's own Python, looked for from the project's root, wherever the kernel was started.
 *
 * @param root the project's root, as a URL that ends in a slash; for tests
 * @returns its path
 * @throws ProgramError (`NO_PYTHON`) when the project has not been set up
 */
export function findPython(root: URL = new URL("../../../", import.meta.url)): string {
  const path = fileURLToPath(new URL(IN_PROJECT, root));
  if (existsSync(path)) return path;
  throw new ProgramError("NO_PYTHON", `there is no Python at ${path}; \`make lab\` sets it up`, path);
}
