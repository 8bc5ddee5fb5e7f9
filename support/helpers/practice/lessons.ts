import { readdirSync, readFileSync } from "node:fs";

/** The originals. A reader's copy has them under the same names. */
const NOTEBOOKS = new URL("../../../notebooks/", import.meta.url);

/** A lesson as a reader knows it. */
export interface Lesson {
  title: string;
  /** Its file, in the folder of all lessons. */
  file: string;
}

const CONCEPTS = ["concepts"];
const OTHERS = ["examples", "beyond", "capstones"];

function namesIn(folder: string): string[] {
  try {
    return readdirSync(new URL(`${folder}/`, NOTEBOOKS));
  } catch {
    return [];
  }
}

/** The heading that a lesson begins with. It stands before all outputs: the rest of the file is not parsed. */
function titleOf(file: string): string | undefined {
  const text = readFileSync(new URL(file, NOTEBOOKS), "utf8");
  const [, heading] = /"# ((?:[^"\\]|\\.)+?)(?:\\n)?"/.exec(text) ?? [];
  if (heading === undefined) return undefined;
  const title: unknown = JSON.parse(`"${heading}"`);
  return typeof title === "string" ? title : undefined;
}

/** The lesson that exercises name by a key: `c03` for concept 3, `07` for example 7; undefined when there is none. */
export function lessonOf(key: string): Lesson | undefined {
  const folders = key.startsWith("c") ? CONCEPTS : OTHERS;
  const begin = `${key.replace("c", "")}-`;
  for (const folder of folders) {
    const name = namesIn(folder).find((one) => one.startsWith(begin) && one.endsWith(".ipynb"));
    if (name === undefined) continue;
    const file = `${folder}/${name}`;
    return { title: titleOf(file) ?? key, file };
  }
  return undefined;
}
