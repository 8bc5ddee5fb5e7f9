/** Tells a reader who opens a lesson that a newer version lies beside it. */
import type { JupyterFrontEnd, NotebookPanel, NotebookTracker, Notifications } from "./jupyterlab.ts";

const SHOWN_MS = 20_000;

/**
 * The newest of the versions that an update has put beside a lesson.
 *
 * @param names the files of its folder.
 */
export function newerVersion(lesson: string, names: readonly string[]): string | undefined {
  const start = `${lesson.replace(/\.ipynb$/, "")}.new-version`;
  const numbered = names.flatMap((name) => {
    const [, number] = name.startsWith(start)
      ? (/^(?:-(\d+))?\.ipynb$/.exec(name.slice(start.length)) ?? ["", null])
      : ["", null];
    return number === null ? [] : [{ name, number: Number(number ?? 1) }];
  });
  return numbered.sort((one, other) => other.number - one.number)[0]?.name;
}

/** Looks beside each lesson that is opened. */
export function tellOfNewer(
  app: JupyterFrontEnd,
  tracker: NotebookTracker,
  notifications: Notifications,
): void {
  const look = async ({ context }: NotebookPanel): Promise<void> => {
    await context.ready;
    const [, folder = "", lesson = ""] = /^(.*?)([^/]*)$/.exec(context.path) ?? [];
    const { content } = await app.serviceManager.contents.get(folder.replace(/\/$/, ""), { content: true });
    const newer = newerVersion(
      lesson,
      content.map(({ name }) => name),
    );
    if (newer === undefined) return;
    notifications.info(
      `You have changed ${lesson}, and there is a newer version of it. Both are kept: ${newer} lies beside it.`,
      {
        autoClose: SHOWN_MS,
        actions: [
          {
            label: "Open the newer one",
            callback: () => void app.commands.execute("docmanager:open", { path: `${folder}${newer}` }),
          },
        ],
      },
    );
  };
  // A folder that can't be listed is told of by JupyterLab's file browser.
  const open = (panel: NotebookPanel): void => void look(panel).catch(() => {});
  tracker.forEach(open);
  tracker.widgetAdded.connect((_, panel) => open(panel));
}
