/** What the files in `originals` test, each a part of what is seen of JupyterLab, in one JupyterLab. */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

// Not by `import`: the tests of one file would begin, and their hooks could end, before the next file is read.
for (const name of readdirSync(new URL("originals/", import.meta.url)).sort()) load(`./originals/${name}`);
