import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import { compileFunction } from "node:vm";

/** A local TypeScript module as tslab's converter gives it. */
export interface SideOutput {
  path: string;
  data: string;
}

/** `require` for cells: local TypeScript modules first, everything else by Node. */
export interface Modules {
  require(id: string): unknown;
  /** Takes modules that have changed: they are run anew when next asked for. */
  update(outputs: readonly SideOutput[]): void;
}

interface Loaded {
  exports: unknown;
}

/**
 * Modules as cells in `folder` see them. A module is known from the moment it is asked for, so that two which import
 * each other can be loaded.
 */
export function createModules(folder: string): Modules {
  const sources = new Map<string, string>();
  const loaded = new Map<string, Loaded>();

  function requireFrom(from: string): (id: string) => unknown {
    const byNode = createRequire(join(from, "cell.js"));
    const find = (id: string): unknown => {
      const path = join(from, extname(id) === "" ? `${id}.js` : id).replaceAll("\\", "/");
      const known = loaded.get(path);
      if (known) return known.exports;
      const source = sources.get(path);
      return source === undefined || !id.startsWith(".") ? byNode(id) : load(path, source);
    };
    return Object.assign(find, { resolve: byNode.resolve, cache: byNode.cache });
  }

  function load(path: string, source: string): unknown {
    const module: Loaded = { exports: {} };
    loaded.set(path, module);
    try {
      const parameters = ["exports", "require", "module", "__filename", "__dirname"];
      const run = compileFunction(source, parameters, { filename: path.replace(/\.js$/, ".ts") });
      run(module.exports, requireFrom(dirname(path)), module, path, dirname(path));
    } catch (error) {
      loaded.delete(path);
      throw error;
    }
    return module.exports;
  }

  return {
    require: requireFrom(folder),
    update(outputs) {
      for (const { path, data } of outputs) {
        sources.set(path, data);
        loaded.delete(path);
      }
    },
  };
}
