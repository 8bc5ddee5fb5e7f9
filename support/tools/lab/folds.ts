/** Keeps a solution folded that runs with all other cells. */
import type { NotebookActions } from "./jupyterlab.ts";

/**
 * JupyterLab unfolds the output of each cell that runs. Where the code is folded too, it is folded again, in the same turn: nothing
 * of it is drawn. A reader who has unfolded the code sees what it shows.
 */
export function keepFolds(actions: NotebookActions): void {
  actions.executionScheduled.connect((_, { cell }) => {
    if (!cell.inputHidden || cell.outputHidden !== true) return;
    queueMicrotask(() => {
      if (!cell.isDisposed) cell.outputHidden = true;
    });
  });
}
