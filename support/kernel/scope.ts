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
