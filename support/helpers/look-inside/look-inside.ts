import type { Runtime, Session } from "node:inspector";
import { ArgumentError } from "../errors/support-error.ts";

/** A generator as the debugger sees it. */
export interface Inside {
  /** `suspended` from the call on, also before the first step; `running`; `closed` once it is over. */
  readonly state: string;
  /** The line of code that it goes on from, without indentation; null before the first step and when it is closed. */
  readonly at: string | null;
  /** Parameters and local variables as text, `undefined` for those not reached yet. Empty unless it is suspended. */
  readonly locals: Readonly<Record<string, string>>;
}

interface Place {
  line: number;
  column: number;
}

/** Where the debugger finds the generator: it can only be told of names. */
const HANDED_OVER = Symbol.for("support: the generator to look into");
const HANDED_OVER_NAME = `globalThis[Symbol.for(${JSON.stringify(HANDED_OVER.description)})]`;
/** The scopes of the function itself, by the debugger's names; others belong to what is around it. */
const OWN_SCOPES = /^(Local|Block|Catch)\b/;

/** The debugger of the own thread answers within the call. */
function propertiesOf(session: Session, objectId: string | undefined): Runtime.GetPropertiesReturnType {
  let found: Runtime.GetPropertiesReturnType = { result: [] };
  if (objectId === undefined) return found;
  session.post("Runtime.getProperties", { objectId, ownProperties: true }, (_error, answer) => {
    found = answer;
  });
  return found;
}

function handOver(session: Session, generator: object): Runtime.GetPropertiesReturnType {
  let id: string | undefined;
  Reflect.set(globalThis, HANDED_OVER, generator);
  session.post("Runtime.evaluate", { expression: HANDED_OVER_NAME }, (_error, answer) => {
    id = answer.result.objectId;
  });
  Reflect.deleteProperty(globalThis, HANDED_OVER);
  return propertiesOf(session, id);
}

function internal(of: Runtime.GetPropertiesReturnType, name: string): Runtime.RemoteObject | undefined {
  return of.internalProperties?.find((property) => property.name === name)?.value;
}

function place(value: unknown): Place | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("lineNumber" in value && "columnNumber" in value)) return undefined;
  const { lineNumber: line, columnNumber: column } = value;
  return typeof line === "number" && typeof column === "number" ? { line, column } : undefined;
}

function lineOfCode(source: string, from: Place | undefined, at: Place | undefined): string | null {
  if (from === undefined || at === undefined) return null;
  if (from.line === at.line && from.column === at.column) return null;
  return source.split("\n")[at.line - from.line]?.trim() ?? null;
}

function localsIn(session: Session, scopes: string | undefined): Record<string, string> {
  const own = propertiesOf(session, scopes).result.filter(({ value }) =>
    OWN_SCOPES.test(value?.description ?? ""),
  );
  // Innermost first; of two variables with one name it is the inner one that the code means.
  const variables = own.reverse().flatMap((scope) => propertiesOf(session, scope.value?.objectId).result);
  const text = (value: Runtime.RemoteObject | undefined): string =>
    value?.description ?? String(value?.value);
  return Object.fromEntries(variables.map(({ name, value }) => [name, text(value)]));
}

/**
 * Looks into a generator without moving it: where it goes on, and the variables that it keeps meanwhile. No program
 * can ask for this; the debugger of V8 can, and it is asked here. It takes some ms of real time, and compiled code has
 * to be compiled anew, so it is for showing, never for measuring.
 *
 * @example
 * function* moves() {
 *   const first: string = yield "one";
 *   yield first;
 * }
 * const generator = moves();
 * generator.next();
 * console.log(lookInside(generator).at);
 * @param generator what a `function*` or `async function*` returned
 * @throws ArgumentError
 */
export function lookInside(generator: object): Inside {
  // Loaded here, since few lessons look inside, and all would wait for the debugger.
  const inspector = process.getBuiltinModule("node:inspector");
  const session = new inspector.Session();
  session.connect();
  try {
    session.post("Debugger.enable");
    const object = handOver(session, generator);
    const state = internal(object, "[[GeneratorState]]");
    if (state === undefined) {
      const wanted = "a generator, which a function* returns when it is called";
      throw new ArgumentError("NOT_A_GENERATOR", "what lookInside(…) is to look into", generator, wanted);
    }
    if (state.value !== "suspended") return { state: String(state.value), at: null, locals: {} };
    const written = internal(object, "[[GeneratorFunction]]");
    const starts = internal(propertiesOf(session, written?.objectId), "[[FunctionLocation]]");
    const goesOn = internal(object, "[[GeneratorLocation]]");
    return {
      state: "suspended",
      at: lineOfCode(written?.description ?? "", place(starts?.value), place(goesOn?.value)),
      locals: localsIn(session, internal(object, "[[Scopes]]")?.objectId),
    };
  } finally {
    session.disconnect();
  }
}
