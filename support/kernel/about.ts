import { pathToFileURL } from "node:url";
import { safely } from "./stack.ts";

/** What a front end may show of a run: what it is, and how it is here. */
export type Fact = readonly [what: string, here: string];

/** What there is to tell of a run, at any time. */
export type About = () => readonly Fact[];

/**
 * What the program that is run here has to tell of itself: what the function `about` of a module returns. One that can't
 * be loaded, or throws, costs the kernel nothing: its error is what is told.
 *
 * @param file its path; empty when there is none
 */
export async function loadAbout(file: string): Promise<About> {
  if (file === "") return () => [];
  const failed = (error: unknown): readonly Fact[] => [
    ["Error", safely(() => (error instanceof Error ? error.message : String(error)), "?")],
  ];
  try {
    const { about }: { about: About } = await import(pathToFileURL(file).href);
    return () => {
      try {
        return about();
      } catch (error) {
        return failed(error);
      }
    };
  } catch (error) {
    return () => failed(error);
  }
}
