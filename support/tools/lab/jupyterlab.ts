/** What of JupyterLab's own objects is used here; it comes as JavaScript, without types. */

export interface Signal<T> {
  connect(slot: (sender: unknown, value: T) => void): unknown;
  disconnect(slot: (sender: unknown, value: T) => void): unknown;
}

export interface Cell {
  readonly model: { readonly id: string };
  readonly node: HTMLElement;
}

/** A cell whose code, and whose output if it has any, can be folded. */
export interface FoldedCell {
  readonly inputHidden: boolean;
  outputHidden?: boolean;
  readonly isDisposed: boolean;
}

export interface NotebookActions {
  /** Comes right before a cell is run. */
  readonly executionScheduled: Signal<{ readonly cell: FoldedCell }>;
}

export interface Notebook {
  readonly widgets: readonly Cell[];
  /** The element that scrolls. */
  readonly outerNode: HTMLElement;
  readonly activeCellChanged: Signal<Cell | null>;
  activeCellIndex: number;
  scrollToItem(index: number, align: "start"): Promise<void>;
}

export interface NotebookPanel {
  readonly context: { readonly path: string; readonly ready: Promise<void> };
  readonly content: Notebook;
  readonly isVisible: boolean;
  readonly isDisposed: boolean;
  readonly disposed: Signal<undefined>;
}

export interface NotebookTracker {
  readonly widgetAdded: Signal<NotebookPanel>;
  forEach(use: (panel: NotebookPanel) => void): void;
}

/** What a window remembers on the server, in its workspace. */
export interface StateDB {
  fetch(key: string): Promise<unknown>;
  save(key: string, value: unknown): Promise<unknown>;
}

export interface Folder {
  readonly content: readonly { readonly name: string; readonly path: string }[];
}

/** A notebook as the server gives it. */
export interface NotebookFile {
  readonly content: { readonly cells: readonly { readonly cell_type: string; readonly source: string }[] };
}

export interface FileBrowser {
  readonly node: HTMLElement;
  readonly model: { readonly path: string };
}

export interface Widget {
  readonly id: string;
  close(): void;
}

export interface JupyterFrontEnd {
  /** Settled when what was open before is open again. */
  readonly restored: Promise<unknown>;
  readonly commands: { execute(id: string, args: Readonly<Record<string, string>>): Promise<unknown> };
  readonly serviceManager: {
    readonly contents: {
      get(path: string, options: { content: true }): Promise<Folder>;
      get(path: string, options: { content: true; type: "notebook" }): Promise<NotebookFile>;
    };
  };
  readonly shell: {
    readonly currentChanged: Signal<unknown>;
    widgets(area: "main"): Iterable<Widget>;
  };
}

export interface Notifications {
  info(
    message: string,
    options: { autoClose: number; actions: readonly { label: string; callback: () => void }[] },
  ): string;
}

/** A name under which one plugin finds what another provides. */
export interface Token<T> {
  readonly name: string;
  readonly provides?: T;
}

export interface Plugin {
  readonly id: string;
  readonly description: string;
  readonly autoStart: true;
  readonly requires: readonly [Token<NotebookTracker>, Token<StateDB>, Token<FileBrowser>];
  activate(app: JupyterFrontEnd, tracker: NotebookTracker, state: StateDB, files: FileBrowser): void;
}

interface Versions<T> {
  readonly [version: string]: { get(): Promise<() => T> };
}

/** The packages that JupyterLab shares with extensions, by name and version; there is one version of each. */
export interface Shared {
  readonly "@jupyterlab/notebook": Versions<{
    INotebookTracker: Token<NotebookTracker>;
    NotebookActions: NotebookActions;
  }>;
  readonly "@jupyterlab/filebrowser": Versions<{ IDefaultFileBrowser: Token<FileBrowser> }>;
  readonly "@jupyterlab/statedb": Versions<{ IStateDB: Token<StateDB> }>;
  readonly "@jupyterlab/apputils": Versions<{ Notification: Notifications }>;
}

/** Loads a shared package. */
export async function load<T>(versions: Versions<T>): Promise<T> {
  const [version] = Object.values(versions);
  if (version === undefined) throw new Error("JupyterLab shares no version of a package");
  return (await version.get())();
}
