/** The name that a cell's code has for the box of `name`: `$$name.v` is its value. */
export const boxName = (name: string): string => `$$${name}`;

/** What the code of a cell is called with. */
export const PARAMETERS = [
  "require",
  "__filename",
  "__dirname",
  "$$meta",
  "$$box",
  "$$link",
  "$$using",
] as const;

/** Lines that stand before a cell in what its source map calls the source. */
export const LINES_BEFORE = 1;

/** Code or a message of the engine as a reader wrote it: without boxes. */
export const withoutBoxes = (text: string): string =>
  text.replace(/\(0 ?, \$\$([\w$]+)\.v\)|\$\$([\w$]+)\.v/g, "$1$2");

/** Makes functions print as their reader wrote them: their text is sent to workers and pages. */
export function readableFunctions(): void {
  const original = Function.prototype.toString;
  const readable = function (this: unknown): string {
    return withoutBoxes(Reflect.apply(original, this, []));
  };
  Object.defineProperty(Function.prototype, "toString", {
    value: readable,
    writable: true,
    configurable: true,
  });
}

/** Where a name that cells share keeps its value. */
export interface Box {
  v: unknown;
}

/** The names that cells share. */
export interface Scope {
  /** The box of a name; made when it is first asked for. */
  box(name: string): Box;
  /** Links a box to what a module exports, live as an import is. A cell that declares the name anew takes it back. */
  link(name: string, read: () => unknown): void;
  has(name: string): boolean;
}

/** The names of a kernel, none at first. */
export function createScope(): Scope {
  const boxes = new Map<string, Box>();
  const box = (name: string): Box => {
    const known = boxes.get(name) ?? { v: undefined };
    boxes.set(name, known);
    return known;
  };
  return {
    box,
    has: (name) => boxes.has(name),
    link(name, read) {
      const set = (value: unknown): void => {
        Object.defineProperty(box(name), "v", {
          value,
          writable: true,
          enumerable: true,
          configurable: true,
        });
      };
      Object.defineProperty(box(name), "v", { get: read, set, enumerable: true, configurable: true });
    },
  };
}
