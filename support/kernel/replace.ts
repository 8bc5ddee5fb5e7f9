type Call = (this: unknown, ...given: unknown[]) => unknown;

/**
 * Puts a function in another one's place, with its name, length and other properties.
 *
 * @param make makes it from the one that was there
 */
export function replace(holder: object, name: string, make: (own: Call) => Call): void {
  const there: unknown = Reflect.get(holder, name);
  if (typeof there !== "function") return;
  const own: Call = function (...given) {
    return Reflect.apply(there, this, given);
  };
  Reflect.set(holder, name, Object.defineProperties(make(own), Object.getOwnPropertyDescriptors(there)));
}
