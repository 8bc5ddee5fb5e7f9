/** Puts the extension where JupyterLab finds it, as JavaScript: `node put.ts FOLDER`. Only types are taken out. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";

const ABOUT = {
  name: "tsasync",
  version: "0.0.0",
  description:
    "Opens Start here, finds lessons where they were, tells of newer ones, keeps solutions folded, cuts long outputs, and shows titles",
  license: "MIT",
  jupyterlab: { extension: true, _build: { load: "static/entry.js", extension: "./extension" } },
};

const [, own, folder] = process.argv;
if (own === undefined || folder === undefined) throw new Error("say where: node put.ts FOLDER");
const here = import.meta.dirname;
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "static"), { recursive: true });
for (const name of readdirSync(here).filter((one) => one.endsWith(".ts") && one !== "put.ts")) {
  const script = stripTypeScriptTypes(readFileSync(join(here, name), "utf8"));
  const text = script.replace(/((?:from|import\()\s*"\.\/[\w-]+)\.ts"/g, '$1.js"');
  writeFileSync(join(folder, "static", name.replace(/\.ts$/, ".js")), text);
}
writeFileSync(join(folder, "package.json"), `${JSON.stringify(ABOUT, null, 1)}\n`);
