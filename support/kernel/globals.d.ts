/** What cells find among the globals beside Node's: our kernel's own, and what the types of Node leave out. */
/**
 * Asks the reader in Jupyter's input box, and holds the thread until the answer is there.
 *
 * @param value what an empty answer stands for; the empty text when not given
 * @throws InputError (code `NO_INPUT`) when nobody can be asked; an `InterruptError` when the cell is interrupted
 */
declare function prompt(message?: string, value?: string): string;

declare namespace WebAssembly {
  type Bytes = ArrayBuffer | ArrayBufferView;
  type Imports = Record<string, Record<string, unknown>>;
  class Module {
    constructor(bytes: Bytes);
    static exports(module: Module): { name: string; kind: string }[];
    static imports(module: Module): { module: string; name: string; kind: string }[];
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Record<string, unknown>;
  }
  class Memory {
    constructor(limits: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Global {
    constructor(type: { value: string; mutable?: boolean }, value?: unknown);
    value: unknown;
  }
  class Table {
    constructor(type: { element: string; initial: number; maximum?: number });
    readonly length: number;
    get(index: number): unknown;
    set(index: number, value?: unknown): void;
  }
  function compile(bytes: Bytes): Promise<Module>;
  function instantiate(bytes: Bytes, imports?: Imports): Promise<{ module: Module; instance: Instance }>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function validate(bytes: Bytes): boolean;
}
