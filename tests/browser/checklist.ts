/**
 * The authoring checklist of Notebooks For All, as far as a program can tell, on the page of a lesson.
 *
 * What else it has is held elsewhere: prose before code and the length of a cell by `authoring/form.py`, contrast and labels of
 * controls by axe, the contents with every heading by the test of pages. Plain words, whole sentences and one task at a time are
 * for a reader to judge. Dates and authors are git's. There is no video, no sound and no widget.
 *
 * https://iota-school.github.io/notebooks-for-all/exports/resources/event-hackathon/notebook-authoring-checklist
 */
import type { Page } from "playwright-core";

/** What the checklist objects to on a page; nothing on one that holds to it. */
export function objectionsOfChecklist(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const all = (selector: string, from: ParentNode = document): Element[] => [
      ...from.querySelectorAll(selector),
    ];
    const words = (one: Element | undefined): string => (one?.textContent ?? "").replace(/\s+/g, " ").trim();
    const vague = /^((click )?here|this( one| page)?|link|(read )?more|https?:\S+|)$/i;
    const found: string[] = [];
    const object = (what: string, ones: readonly Element[]): void => {
      for (const one of ones) found.push(`${what}: ${one.outerHTML.slice(0, 150)}`);
    };

    const heads = all("main :is(h1, h2, h3, h4, h5, h6)");
    const [first] = heads;
    const about = all("main p").find(
      (one) => first && first.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    if (first?.localName !== "h1" || all("h1").length !== 1)
      found.push("it begins with no heading of its own");
    if (words(about).length <= 40) found.push(`it does not say what it is for: ${words(about)}`);
    const level = (one: Element | undefined): number => Number(one?.localName.slice(1) ?? 1);
    object(
      "a heading skips a level",
      heads.filter((one, at) => level(one) > level(heads[at - 1]) + 1),
    );
    if (all(".beside > ol a").length !== all(".beside a").length)
      found.push("its contents are no ordered list");
    object(
      "the words of a link do not say where it leads",
      all("a").filter((one) => vague.test(words(one))),
    );
    object(
      "a picture is not described",
      all("img").filter((one) => (one.getAttribute("alt") ?? "").trim().split(/\s+/).length <= 4),
    );
    object(
      "a figure has no caption",
      all("figure").filter(
        (one) => all("figcaption", one).length !== 1 || words(all("figcaption", one)[0]) === "",
      ),
    );
    object(
      "a figure has no table or list that says the same",
      all("figure").filter((one) => all("table td, ol li, ul li", one).length === 0),
    );
    object(
      "a table does not name its columns",
      all("table").filter((one) => !all("th", one).some((head) => words(head) !== "")),
    );
    return found;
  });
}
