/** Where a name that cells share keeps its value. */
export interface Box {
  v: unknown;
}

/** The names that cells share. */
export interface Scope {
  /** The box of a name; made when it is first asked for. */
  box(name: string): Box;
  /** The `exports` of a cell: TypeScript puts imports there, by getters, and they go into their boxes. */
  exports: object;
}

/** The names of a kernel, none at first. */
export function createScope(): Scope {
  const boxes = new Map<string, Box>();
  const box = (name: string): Box => {
    const known = boxes.get(name);
    if (known) return known;
    const made: Box = { v: undefined };
    boxes.set(name, made);
    return made;
  };
  const exports = new Proxy(
    {},
    {
      defineProperty(_target, name, { get }) {
        if (typeof name === "string" && get) box(name).v = get();
        return true;
      },
      set(_target, name, value) {
        // TypeScript sets each name to undefined first.
        if (typeof name === "string" && value !== undefined) box(name).v = value;
        return true;
      },
    },
  );
  return { box, exports };
}
