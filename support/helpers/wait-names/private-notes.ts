/** Gives back the object that it is given, so that a subclass adds its private field to that one. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for
    return object;
  }
}

/** One kind of note that objects can have. */
export interface PrivateNotes<T> {
  /** Makes the note, or replaces it. */
  set(object: object, value: T): void;
  get(object: object): T | undefined;
}

/**
 * Notes on objects, in a private field of the objects themselves: nobody else can see them, and they go with the object. A
 * `WeakMap` does the same; with a hundred thousand promises the garbage collector then needs several times as long as the
 * tasks.
 */
export function privateNotes<T>(): PrivateNotes<T> {
  return class Note extends Given {
    #value: T | undefined = undefined;

    static set(object: object, value: T): void {
      const note = #value in object ? object : new Note(object);
      note.#value = value;
    }

    static get(object: object): T | undefined {
      return #value in object ? object.#value : undefined;
    }
  };
}
