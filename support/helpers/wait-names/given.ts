/**
 * Gives back the object that it is given, so that a subclass adds its private fields to that one: a note on a promise that
 * nobody else can see, and that goes with it. A `WeakMap` does the same; with a hundred thousand promises the garbage collector
 * then needs several times as long as the tasks.
 */
export class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: it is what this class is for
    return object;
  }
}
