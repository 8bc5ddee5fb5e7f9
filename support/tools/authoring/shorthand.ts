/**
 * Finds shorthand properties in the modules named on the command line, and prints them as JSON: the file, the line, the
 * name, and the lines on which that name is declared in the same file. Lines are counted from 1.
 */
import ts from "typescript-6";

interface Shorthand {
  file: string;
  line: number;
  name: string;
  declared: number[];
}

/** What a name stands for needs no other file: what one cell has from another stands in the same module. */
const OPTIONS: ts.CompilerOptions = { noLib: true, noResolve: true, target: ts.ScriptTarget.ESNext };

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

function shorthandsIn(file: ts.SourceFile, checker: ts.TypeChecker): Shorthand[] {
  const found: Shorthand[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(node)) {
      const declarations = checker.getShorthandAssignmentValueSymbol(node)?.declarations ?? [];
      const declared = declarations.map((one) => lineOf(file, one));
      found.push({ file: file.fileName, line: lineOf(file, node), name: node.name.text, declared });
    }
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

const program = ts.createProgram(process.argv.slice(2), OPTIONS);
const checker = program.getTypeChecker();
console.log(JSON.stringify(program.getSourceFiles().flatMap((file) => shorthandsIn(file, checker))));
