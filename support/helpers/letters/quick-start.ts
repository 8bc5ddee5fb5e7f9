/**
 * The worker's program for those who start many of them: what Node has compiled for one, the next one reads from the project's
 * own folder. Without that, two thirds of a worker's start is compiling.
 */
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

enableCompileCache(fileURLToPath(new URL("../../../.venv/compile-cache", import.meta.url)));
await import("./main.ts");
