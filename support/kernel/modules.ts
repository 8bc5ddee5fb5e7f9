/** Modules as cells see them: packages from the notebook's folder, and modules beside it, read again when they change. */
import { statSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import type { Scope } from "./scope.ts";
import type { Shield } from "./shield.ts";

/** What a cell can ask of modules. */
export interface Modules {
  require: NodeJS.Require;
  /** Imports a module and links the boxes of `names`: a cell's name to the module's, `*` for all of it. */
  link(specifier: string, names: Record<string, string>, attributes: ImportAttributes): Promise<void>;
}

/** A module lacks a name that is asked for; the engine's own error names no cell. */
export class ExportError extends SyntaxError {
  override readonly name = "ExportError";
  readonly code = "NO_EXPORT";

  constructor(specifier: string, name: string, has: readonly string[]) {
    super(
      `${JSON.stringify(specifier)} exports no ${JSON.stringify(name)}; it has ${has.join(", ") || "nothing"}`,
    );
  }
}

/** What a path without its ending may stand for; Node wants endings, and notebooks written for stock tslab have none. */
const ENDINGS = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];
/** tslab's `display` would bring its kernel and a second compiler with it. */
const TSLAB = { importer: "/tslab/dist/public.js", parts: ["./jupyter", "@tslab/typescript-for-tslab"] };
const IN_ITS_PLACE = new URL("tslab.ts", import.meta.url).href;

function timeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? found.mtimeMs : 0;
}

/** Modules below a notebook, by path: when each was last changed, and which others import it. */
function createLocalModules(): { use(path: string, importer: string | undefined): number } {
  const known = new Map<string, { time: number; version: number; importers: Set<string> }>();

  function renew(path: string): void {
    const module = known.get(path);
    if (!module) return;
    module.version += 1;
    const { importers } = module;
    module.importers = new Set();
    for (const importer of importers) renew(importer);
  }

  function look(): void {
    for (const [path, module] of known) {
      const time = timeOf(path);
      if (time === module.time) continue;
      module.time = time;
      renew(path);
    }
  }

  return {
    use(path, importer) {
      if (importer === undefined) look();
      const module = known.get(path) ?? { time: timeOf(path), version: 0, importers: new Set() };
      known.set(path, module);
      if (importer !== undefined) module.importers.add(importer);
      return module.version;
    },
  };
}

/**
 * Modules for cells in `folder`. A module beside the notebook has its version in its address: when it or one that it
 * imports has changed, the next cell that imports it gets a new one.
 */
export function createModules(folder: string, scope: Scope, shield: Shield): Modules {
  const here = pathToFileURL(join(folder, "cell.mjs")).href;
  const local = createLocalModules();

  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL?.endsWith(TSLAB.importer) && TSLAB.parts.includes(specifier))
        return { url: IN_ITS_PLACE, format: "module-typescript", shortCircuit: true };
      const parent = context.parentURL === undefined ? undefined : new URL(context.parentURL);
      const isCell = parent === undefined || parent.pathname === new URL(here).pathname;
      const isRelative = /^\.{0,2}\//.test(specifier);
      if (!isRelative || !(isCell || parent.searchParams.has("cell")))
        return next(specifier, isCell ? { ...context, parentURL: here } : context);
      const path = fileURLToPath(new URL(specifier, parent ?? here));
      const ending = ENDINGS.find((one) => timeOf(path + one) > 0);
      if (ending === undefined) return next(specifier, context);
      const file = path + ending;
      const format = /\.m?ts$/.test(file) ? "module-typescript" : undefined;
      const url = pathToFileURL(file);
      const isModule = context.conditions.includes("import") && /\.[cm]?[jt]s$/.test(file);
      if (isModule)
        url.searchParams.set("cell", String(local.use(file, isCell ? undefined : fileURLToPath(parent))));
      return { url: url.href, format, importAttributes: context.importAttributes, shortCircuit: true };
    },
  });

  const load = new Script("(specifier, options) => import(specifier, options)", {
    filename: join(folder, "cell.mjs"),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext();
  // Node says once that this is experimental; a reader can do nothing about it.
  const { emitWarning } = process;
  process.emitWarning = () => {};
  void load("node:path", {}).finally(() => {
    process.emitWarning = emitWarning;
  });

  return {
    require: createRequire(here),
    async link(specifier, names, attributes) {
      const module: Record<string, unknown> = await shield.during(load(specifier, { with: attributes }));
      for (const [name, from] of Object.entries(names)) {
        if (from !== "*" && !(from in module)) throw new ExportError(specifier, from, Object.keys(module));
        scope.link(name, () => (from === "*" ? module : module[from]));
      }
    },
  };
}
