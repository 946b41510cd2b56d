// The shape of the house in numbers: no circles, no large files, few files that only one other needs, short ways in.

import { posix } from "node:path";
import ts from "typescript";
import type { SourceFiles } from "./source-files.ts";

/** What a check allows. */
export type StructureLimits = {
  /** Lines of a file. */
  fileLines: number;
  /** Lines of all sources without tests. */
  sourceLines: number;
  /** Files of fewer than 50 lines that one other file imports. */
  smallFilesOfOneImporter: number;
  /** Files that a file imports, itself or through others, as it loads. */
  closures: Readonly<Record<string, number>>;
  /** Folders whose circles are let be. */
  circlesAllowedIn: readonly string[];
};

const SMALL_FILE_LINES = 50;

/**
 * Checks sizes and imports.
 *
 * @param sources Files of `src/`; tests among them are left out.
 * @param limits See {@link StructureLimits}.
 * @returns One line for each fault.
 */
export function findStructureFaults(sources: SourceFiles, limits: StructureLimits): string[] {
  const files = new Map([...sources].filter(([path]) => !/\.(test|d)\.tsx?$/.test(path)));
  const graph = new Map([...files].map(([path, text]) => [path, importsOf(path, text)]));
  return [
    ...tooLong(files, limits),
    ...circlesIn(graph).filter(
      (circle) => !limits.circlesAllowedIn.some((folder) => circle.includes(folder)),
    ),
    ...tooManyOfOneImporter(files, graph, limits),
    ...Object.entries(limits.closures).flatMap(([path, most]) => {
      const count = closureOf(graph, path).size;
      return count > most ? [`${path}: loads ${count} files, at most ${most}`] : [];
    }),
  ];
}

/** `static`: as the file loads; `types`: erased when it is compiled; `dynamic`: when it is called for. */
type Import = { to: string; kind: "static" | "types" | "dynamic" };
type ImportGraph = ReadonlyMap<string, readonly Import[]>;

function importsOf(path: string, text: string): Import[] {
  const imports: Import[] = [];
  const add = (specifier: ts.Node | undefined, kind: Import["kind"]) => {
    if (!specifier || !ts.isStringLiteralLike(specifier) || !specifier.text.startsWith(".")) return;
    imports.push({ to: posix.normalize(posix.join(posix.dirname(path), specifier.text)), kind });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, isTypeImport(node) ? "types" : "static");
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly ? "types" : "static");
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], "dynamic");
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return imports;
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return Boolean(importClause);
  const { name, namedBindings } = importClause;
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

const lineCount = (text: string) => text.split("\n").length - 1;

function tooLong(files: SourceFiles, { fileLines, sourceLines }: StructureLimits): string[] {
  const counts = [...files].map(([path, text]) => [path, lineCount(text)] as const);
  const total = counts.reduce((sum, [, lines]) => sum + lines, 0);
  return [
    ...counts
      .filter(([, lines]) => lines > fileLines)
      .map(([path, lines]) => `${path}: ${lines} lines, at most ${fileLines}`),
    ...(total > sourceLines ? [`src: ${total} lines without tests, at most ${sourceLines}`] : []),
  ];
}

function tooManyOfOneImporter(
  files: SourceFiles,
  graph: ImportGraph,
  { smallFilesOfOneImporter: most }: StructureLimits,
): string[] {
  const importers = new Map<string, Set<string>>();
  for (const [path, imports] of graph) {
    for (const { to } of imports) importers.set(to, (importers.get(to) ?? new Set()).add(path));
  }
  const found = [...files].filter(
    ([path, text]) => importers.get(path)?.size === 1 && lineCount(text) < SMALL_FILE_LINES,
  );
  if (found.length <= most) return [];
  const list = found.map(([path]) => `${path} <- ${[...importers.get(path)!].join()}`);
  return [
    `${found.length} files under ${SMALL_FILE_LINES} lines have one importer, at most ${most}:`,
    ...list.map((line) => `  ${line}`),
  ];
}

function closureOf(graph: ImportGraph, entry: string): Set<string> {
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path) || !graph.has(path)) return;
    seen.add(path);
    for (const { to, kind } of graph.get(path)!) if (kind === "static") visit(to);
  };
  visit(entry);
  return seen;
}

/** A line for each file that it comes back to itself from, the shortest way. */
function circlesIn(graph: ImportGraph): string[] {
  const circles = new Map<string, string>();
  for (const start of graph.keys()) {
    const way = wayBack(graph, start);
    if (way) circles.set([...way].sort().join(), `import circle: ${[...way, start].join(" -> ")}`);
  }
  return [...circles.values()];
}

function wayBack(graph: ImportGraph, start: string): string[] | undefined {
  const ways = new Map([[start, [start]]]);
  for (const [path, way] of ways) {
    for (const { to, kind } of graph.get(path) ?? []) {
      if (kind !== "static") continue;
      if (to === start) return way;
      if (!ways.has(to)) ways.set(to, [...way, to]);
    }
  }
  return undefined;
}
