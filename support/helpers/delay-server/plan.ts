import { RequestError } from "./delay-server-errors.ts";
import { delayOfSeed } from "./delays.ts";

/** What a request to `/aio` asks for. */
export interface Plan {
  /** Lesson seconds; undefined for a random delay. */
  delay: number | undefined;
  /** The status of the answer: 200, or an error on request. */
  status: number;
}

const LONGEST = 3600;
const NUMBER = /^\d+(\.\d+)?$/;
const EXPECTED: Readonly<Record<string, string>> = {
  delay: `lesson seconds from 0 to ${LONGEST}, for example 2.5`,
  seed: "any text; the same text gives the same delay",
  status: "a whole number from 400 to 599",
};

function refuse(parameter: string, value: string): never {
  const expected = EXPECTED[parameter];
  throw new RequestError("BadParameter", 400, { parameter, value: value.slice(0, 200), expected });
}

function numberFrom(query: URLSearchParams, name: string, from: number, to: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!NUMBER.test(text) || value < from || value > to) refuse(name, text);
  return value;
}

function wholeFrom(query: URLSearchParams, name: string, from: number, to: number): number | undefined {
  const value = numberFrom(query, name, from, to);
  if (value !== undefined && !Number.isInteger(value)) refuse(name, String(value));
  return value;
}

function seedFrom(query: URLSearchParams): number | undefined {
  const seed = query.get("seed");
  if (seed === "") refuse("seed", "");
  return seed === null ? undefined : delayOfSeed(seed);
}

function refuseTogether(query: URLSearchParams, one: string, other: string): void {
  if (!query.has(one) || !query.has(other)) return;
  const expected = `${one} or ${other}, not both`;
  throw new RequestError("BadParameter", 400, { parameter: other, value: query.get(other), expected });
}

function refuseUnknown(query: URLSearchParams): void {
  for (const name of query.keys()) {
    const expected = `only ${Object.keys(EXPECTED).join(", ")}`;
    if (!Object.hasOwn(EXPECTED, name))
      throw new RequestError("UnknownParameter", 400, { parameter: name, expected });
    const values = query.getAll(name);
    if (values.length > 1) {
      throw new RequestError("RepeatedParameter", 400, {
        parameter: name,
        value: values,
        expected: "one value",
      });
    }
  }
}

/**
 * Reads the query of a request to `/aio`.
 *
 * @throws RequestError naming the parameter, its value and what was expected
 */
export function planOf(query: URLSearchParams): Plan {
  refuseUnknown(query);
  refuseTogether(query, "delay", "seed");
  return {
    delay: numberFrom(query, "delay", 0, LONGEST) ?? seedFrom(query),
    status: wholeFrom(query, "status", 400, 599) ?? 200,
  };
}

/**
 * Reads a script of delays: a JSON array of lesson seconds.
 *
 * @throws RequestError
 */
export function scriptOf(json: unknown): number[] {
  const expected = `an array of at most 10000 delays, each from 0 to ${LONGEST} lesson seconds`;
  const fits = (one: unknown): one is number => typeof one === "number" && one >= 0 && one <= LONGEST;
  if (Array.isArray(json) && json.length <= 10_000 && json.every(fits)) return json;
  throw new RequestError("BadScript", 400, { value: JSON.stringify(json)?.slice(0, 200), expected });
}

/**
 * Reads a seed: a JSON string, or null for none.
 *
 * @throws RequestError
 */
export function seedOf(json: unknown): string | undefined {
  if (json === null) return undefined;
  if (typeof json === "string" && json !== "") return json;
  throw new RequestError("BadSeed", 400, { value: JSON.stringify(json), expected: "a JSON string, or null" });
}
