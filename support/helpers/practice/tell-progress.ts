/** `make progress`: how far the reader of a copy of the lessons is. The copy's folder, or one in it, may be given. */
import { progressLines } from "./progress.ts";
import { progressFile, readProgress } from "./progress-file.ts";

const path = progressFile(process.argv[2]);
if (path === undefined) console.log("There is no copy of the lessons yet. Make one: make lab");
else console.log(progressLines(readProgress(path)).join("\n"));
