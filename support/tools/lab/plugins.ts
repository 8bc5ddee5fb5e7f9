/** The extension's one plugin. */
import { keepFolds } from "./folds.ts";
import { load, type Plugin, type Shared } from "./jupyterlab.ts";
import { cutLongOutputs } from "./long-outputs.ts";
import { tellOfNewer } from "./newer.ts";
import { keepPlaces } from "./reading-place.ts";
import { beginAtStart } from "./start.ts";
import { showTitles } from "./titles.ts";

/** Makes the plugin, with what JupyterLab shares. */
export async function plugins(shared: Shared): Promise<readonly Plugin[]> {
  const [{ INotebookTracker, NotebookActions }, { IStateDB }, { Notification }, { IDefaultFileBrowser }] =
    await Promise.all([
      load(shared["@jupyterlab/notebook"]),
      load(shared["@jupyterlab/statedb"]),
      load(shared["@jupyterlab/apputils"]),
      load(shared["@jupyterlab/filebrowser"]),
    ]);
  return [
    {
      id: "tsasync:reader",
      description:
        "Opens Start here, finds lessons where they were, tells of newer ones, keeps solutions folded, cuts long outputs, and shows titles.",
      autoStart: true,
      requires: [INotebookTracker, IStateDB, IDefaultFileBrowser],
      activate(app, tracker, state, files) {
        showTitles(app, files);
        keepPlaces(app, tracker, state);
        tellOfNewer(app, tracker, Notification);
        keepFolds(NotebookActions);
        cutLongOutputs(tracker);
        beginAtStart(app);
      },
    },
  ];
}
