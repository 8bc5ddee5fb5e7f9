import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const QUIET = [
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** No Chromium or Chrome was found where one is looked for. */
export class NoBrowserError extends Error {
  override readonly name = "NoBrowserError";
  readonly code = "NO_BROWSER";
  readonly looked: readonly string[];

  constructor(looked: readonly string[]) {
    super(
      `no Chromium or Chrome among ${looked.join(", ")}. Install one (sudo apt install chromium, or` +
        " node node_modules/playwright-core/cli.js install chromium), or name yours in CHROMIUM_PATH",
    );
    this.looked = looked;
  }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where a browser may be, best first: the one named in CHROMIUM_PATH is the only one when it is set. */
function places(env: NodeJS.ProcessEnv): string[] {
  const named = env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return [named];
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...MAC_APPS, chromium.executablePath()];
}

/**
 * The path of an installed Chromium or Chrome: the one named in CHROMIUM_PATH, else the first on PATH, else among the
 * Mac's applications, else the one that Playwright installed.
 *
 * @throws NoBrowserError
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const found = places(env).find(runs);
  if (found !== undefined) return found;
  const named = env.CHROMIUM_PATH;
  throw new NoBrowserError(named ? [named] : [...COMMANDS, "Playwright's own"]);
}

/**
 * Starts a headless browser that asks the network for nothing on its own account.
 *
 * @throws NoBrowserError (as a rejection)
 */
export function launchChromium(): Promise<Browser> {
  // Chromium's sandbox refuses to run as root, as in a container; any other user keeps it.
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: findChromium(), headless: true, args: [...QUIET, ...root] });
}
