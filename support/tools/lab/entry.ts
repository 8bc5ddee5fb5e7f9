/**
 * What JupyterLab loads first of this extension, as a plain script: a container of webpack's module federation. It is
 * written by hand, so that nothing has to be built: the rest are modules, which the browser loads itself.
 */
import type { Plugin, Shared } from "./jupyterlab.ts";

interface Container {
  init(shared: Shared): void;
  get(module: string): Promise<() => { __esModule: true; default: readonly Plugin[] }>;
}

declare global {
  interface Window {
    _JUPYTERLAB?: Record<string, Container>;
  }
}

// A block, since the names of plain scripts are the whole page's.
{
  let given: Shared | undefined;

  // Whichever extension comes first makes the list of all.
  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB.tsasync = {
    init(shared) {
      given = shared;
    },
    async get(module) {
      if (given === undefined) throw new Error(`JupyterLab asks for ${module} before it shares its packages`);
      const { plugins } = await import("./plugins.ts");
      const found = await plugins(given);
      return () => ({ __esModule: true, default: found });
    },
  };
}
