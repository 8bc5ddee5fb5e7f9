/** Opens the first page of the course in a window that has nothing open. */
import type { JupyterFrontEnd } from "./jupyterlab.ts";

export const START = "00-start-here.ipynb";
const LAUNCHER = "launcher-";

/** Whether an address asks for JupyterLab itself, and for no file in it. */
export function asksForNoFile(path: string): boolean {
  return !path.includes("/tree/") && /\/lab(\/workspaces\/[\w-]+)?\/?$/.test(path);
}

/** Whether the folder that JupyterLab shows is the course's. */
export async function hasStart(app: JupyterFrontEnd): Promise<boolean> {
  const { content } = await app.serviceManager.contents.get("", { content: true });
  return content.some(({ name }) => name === START);
}

async function openStart(app: JupyterFrontEnd): Promise<void> {
  await app.restored;
  const open = [...app.shell.widgets("main")];
  if (open.some(({ id }) => !id.startsWith(LAUNCHER))) return;
  if (!(await hasStart(app))) return;
  await app.commands.execute("docmanager:open", { path: START });
  for (const widget of [...app.shell.widgets("main")]) if (widget.id.startsWith(LAUNCHER)) widget.close();
}

/** Opens the course's first page, if neither the address nor the reader's last visit leads to anything else. */
export function beginAtStart(app: JupyterFrontEnd): void {
  if (asksForNoFile(window.location.pathname)) void openStart(app).catch(() => {});
}
