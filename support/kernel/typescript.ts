/** The compiler, as the kernel uses it: the one file that names its package and says how cells are compiled. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-6";
import { libraryIn, withoutReferences } from "./library.ts";

export { ts };

const NODE_TYPES = dirname(fileURLToPath(import.meta.resolve("@types/node/package.json")));
const NODE_INDEX = join(NODE_TYPES, "index.d.ts");
/** What the kernel adds to the globals of Node. */
const GLOBALS = join(import.meta.dirname, "globals.d.ts");

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  allowJs: true,
  // Node strips the types of modules beside a notebook; cells are compiled whole.
  erasableSyntaxOnly: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  sourceMap: true,
  typeRoots: [dirname(NODE_TYPES)],
  types: ["node"],
};
const library = libraryIn(dirname(ts.getDefaultLibFilePath(OPTIONS)));
/** Node knows no decorators yet: TypeScript rewrites them for a target before the newest. */
const WITH_DECORATORS: ts.CompilerOptions = { ...OPTIONS, target: ts.ScriptTarget.ES2024 };

/** Comments are half of the library's types, and seldom asked for: the editor reads the one that it needs. */
const COMMENTS = ts.JSDocParsingMode.ParseNone;

/** A cell's file in a program. */
export interface CheckedCell {
  file: ts.SourceFile;
  checker: ts.TypeChecker;
  /** Whether it reads no module beside the notebook, which may have changed the next time. */
  isSettled: boolean;
  /** What is wrong with the syntax of the cell; when nothing is, and types are asked for, with them and in local modules. */
  diagnostics(types: boolean): readonly ts.Diagnostic[];
  /** The cell as JavaScript, with its source map as JSON. */
  emit(transformer: ts.TransformerFactory<ts.SourceFile>): { code: string; map: string };
}

/** An editor's services, with a text that has the name `cell` there. */
export interface Edited {
  service: ts.LanguageService;
  cell: string;
  read(name: string): string | undefined;
}

/** Programs of one cell after another, over files that are read once. */
export interface Programs {
  /** Keeps the text of a cell, for others to import as `./name`. */
  keep(name: string, text: string): void;
  /** A program with this text as its cell. What asks for types throws when `stop` says so. */
  check(text: string, stop: ts.CancellationToken): CheckedCell;
  /** The editor's services for a text in the place of the cell. */
  edit(text: string): Edited;
  end(): void;
}

/** Parses a cell by itself: for its names, without types. */
export function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("cell.ts", text, ts.ScriptTarget.ESNext, true);
}

/** What is wrong with the syntax of a cell, without types. */
export function wrongSyntax(text: string): readonly ts.Diagnostic[] {
  return ts.transpileModule(text, { reportDiagnostics: true, compilerOptions: OPTIONS }).diagnostics ?? [];
}

/** The compiler's number for syntax that stripping types does not do away with. */
export const NOT_ERASABLE = 1294;
const UNTYPED_MODULE = 7016;
const UNKNOWN_MODULE = 2307;

/** What a strict program complains of and a notebook may do: enums in cells, packages without types, modules by address. */
function isFine({ code, messageText }: ts.Diagnostic, isCell: boolean): boolean {
  if (code === UNKNOWN_MODULE) return /^Cannot find module '(data|file):/.test(String(messageText));
  return code === UNTYPED_MODULE || (isCell && code === NOT_ERASABLE);
}

function hasDecorator(node: ts.Node): boolean {
  return ts.isDecorator(node) || ts.forEachChild(node, (child) => hasDecorator(child) || undefined) === true;
}

/** TypeScript marks a file that has lost its imports as a module all the same; a cell is the body of a function. */
const withoutMark: ts.TransformerFactory<ts.SourceFile> = () => (file) =>
  ts.factory.updateSourceFile(
    file,
    file.statements.filter((at) => !ts.isExportDeclaration(at)),
  );

const registryAt = (folder: string): ts.DocumentRegistry =>
  ts.createDocumentRegistry(ts.sys.useCaseSensitiveFileNames, folder, COMMENTS);
/** What all programs of this thread read: libraries, packages and helpers. */
const shared = registryAt("/");

/** A file's text, but that of the language's own types is in one file, to which nothing has to refer. */
function textOf(path: string): string | undefined {
  const text = library.read(path) ?? ts.sys.readFile(path);
  return path === NODE_INDEX && text !== undefined ? withoutReferences(text) : text;
}

/** Programs for cells in `folder`: their relative imports start there. */
export function createPrograms(folder: string): Programs {
  const here = `${folder.replaceAll("\\", "/")}/`;
  const pathOf = (name: string): string => `${here}${name}.ts`;
  const cell = pathOf("$cell");
  const kept = new Map<string, string>();
  const snapshots = new Map<string, ts.IScriptSnapshot>();
  /** When a file was changed, as it was when this kernel first read it: a kernel that starts later may read another. */
  const versions = new Map<string, string>();
  const cache = ts.createModuleResolutionCache(folder, (name) => name, OPTIONS);
  let text = "";
  let version = 0;
  let options = OPTIONS;

  /** The cell itself, and modules beside the notebook: what they are, and what they import, may change with any cell. */
  const isLocal = (name: string): boolean =>
    name.startsWith(here) && !name.includes("/node_modules/") && !kept.has(name);
  const read = (name: string): string | undefined =>
    name === cell ? text : (kept.get(name) ?? textOf(name));

  const host: ts.LanguageServiceHost & Pick<ts.CompilerHost, "getModuleResolutionCache"> = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [cell, GLOBALS],
    getScriptVersion(name) {
      if (isLocal(name)) return String(version);
      if (kept.has(name)) return "";
      const known = versions.get(name) ?? String(ts.sys.getModifiedTime?.(name)?.getTime());
      versions.set(name, known);
      return known;
    },
    getScriptSnapshot(name) {
      const known = snapshots.get(name);
      const found = known ? undefined : read(name);
      if (found === undefined) return known;
      const snapshot = ts.ScriptSnapshot.fromString(found);
      if (!isLocal(name)) snapshots.set(name, snapshot);
      return snapshot;
    },
    getCurrentDirectory: () => folder,
    fileExists: (name) => name === cell || kept.has(name) || ts.sys.fileExists(name),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    realpath: (name) => ts.sys.realpath?.(name) ?? name,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getDefaultLibFileName: () => library.path,
    resolveModuleNameLiterals: (literals, from, redirect) =>
      literals.map((at) =>
        ts.resolveModuleName(at.text, from, OPTIONS, host, isLocal(from) ? undefined : cache, redirect),
      ),
    getModuleResolutionCache: () => cache,
    jsDocParsingMode: COMMENTS,
  };
  // Cells of several kernels in a folder have the same names.
  const cells = registryAt(folder);
  const registryOf = (name: string): ts.DocumentRegistry =>
    isLocal(name) || kept.has(name) ? cells : shared;
  const registry: ts.DocumentRegistry = {
    ...shared,
    acquireDocumentWithKey: (name, ...more) => registryOf(name).acquireDocumentWithKey(name, ...more),
    updateDocumentWithKey: (name, ...more) => registryOf(name).updateDocumentWithKey(name, ...more),
    // A file that a cell no longer mentions is kept: the next one may.
    releaseDocumentWithKey() {},
  };
  const service = ts.createLanguageService(host, registry);

  function set(next: string): void {
    text = next;
    version += 1;
    options = next.includes("@") && hasDecorator(parse(next)) ? WITH_DECORATORS : OPTIONS;
  }

  return {
    keep: (name, next) => void kept.set(pathOf(name), next),
    check(next, stop) {
      set(next);
      const program = service.getProgram();
      const file = program?.getSourceFile(cell);
      if (!program || file === undefined) throw new Error("a program has its cell");
      return {
        file,
        checker: program.getTypeChecker(),
        isSettled: !program.getSourceFiles().some((at) => at !== file && isLocal(at.fileName)),
        diagnostics(types) {
          const wrong = program.getSyntacticDiagnostics(file, stop);
          if (wrong.length > 0 || !types) return wrong;
          return program
            .getSourceFiles()
            .filter((at) => isLocal(at.fileName))
            .flatMap((at) => [
              ...program.getSyntacticDiagnostics(at, stop),
              ...program.getSemanticDiagnostics(at, stop).filter((one) => !isFine(one, at === file)),
            ]);
        },
        emit(transformer) {
          const out = { code: "", map: "" };
          const write = (name: string, written: string): void => {
            out[name.endsWith(".map") ? "map" : "code"] = written;
          };
          program.emit(file, write, stop, false, { before: [transformer], after: [withoutMark] });
          return out;
        },
      };
    },
    edit(next) {
      set(next);
      return { service, cell, read };
    },
    end: () => service.dispose(),
  };
}
