import ts from "typescript";
import type { SourceFiles } from "./source-files.ts";

/**
 * Checks that every export has a doc comment and that the comment of a function speaks of each of its parameters:
 * by its name or, where the parameter is taken apart, by the word "options" or the names of its parts. A parameter
 * of a type called `...Options` may go unmentioned; each member of such a type needs a comment of its own or a word in the type's instead. Tests and
 * re-exports are left out.
 *
 * @param sources Files of `src/`.
 * @returns One line for each fault, for example `src/audio/a.ts:3: resample has no doc comment`.
 */
export function findDocFaults(sources: SourceFiles): string[] {
  return [...sources]
    .filter(([path]) => !/\.(test|d)\.ts$/.test(path))
    .flatMap(([path, text]) => faultsOfFile(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)));
}

/** Types which document the options of a function in its place. */
const OPTIONS_TYPE = /Options$/;

/** An export: what it is called, the node its comment stands at, and its parameters when it is a function. */
type Exported = { name: string; node: ts.Node; parameters: readonly ts.ParameterDeclaration[] };

function faultsOfFile(file: ts.SourceFile): string[] {
  const exported = file.statements.flatMap((statement) => exportsOf(statement, file));
  // Overloads are documented once, at the first.
  const firsts = exported.filter(({ name }, index) => exported.findIndex((e) => e.name === name) === index);
  return firsts.flatMap((item) =>
    faultsOfExport(item).map((fault) => {
      const { line } = file.getLineAndCharacterOfPosition(item.node.getStart());
      return `${file.fileName}:${line + 1}: ${fault}`;
    }),
  );
}

function exportsOf(statement: ts.Statement, file: ts.SourceFile): Exported[] {
  if (isExported(statement)) return declaredBy(statement);
  if (ts.isExportAssignment(statement))
    return [{ name: "the default export", node: statement, parameters: [] }];
  return exportedNames(statement).flatMap((name) =>
    file.statements.flatMap((other) => declaredBy(other).filter((declared) => declared.name === name)),
  );
}

function isExported(statement: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** The local names in `export { a, b as c };`, none of a re-export. */
function exportedNames(statement: ts.Statement): string[] {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return [];
  if (!statement.exportClause || !ts.isNamedExports(statement.exportClause)) return [];
  return statement.exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

function declaredBy(statement: ts.Statement): Exported[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name, initializer }) => ({
      name: name.getText(),
      node: statement,
      parameters: initializer && ts.isFunctionLike(initializer) ? initializer.parameters : [],
    }));
  }
  if (ts.isFunctionDeclaration(statement)) {
    return [
      {
        name: statement.name?.text ?? "the default export",
        node: statement,
        parameters: statement.parameters,
      },
    ];
  }
  const isNamed =
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed
    ? [{ name: statement.name?.text ?? "the default export", node: statement, parameters: [] }]
    : [];
}

function faultsOfExport({ name, node, parameters }: Exported): string[] {
  const comment = commentOf(node);
  if (comment === null) return [`${name} has no doc comment`];
  const silent = parameters.filter(
    (parameter) => !isMentioned(parameter.name, comment) && !OPTIONS_TYPE.test(typeNameOf(parameter)),
  );
  return [
    ...silent.map((parameter) => `the doc comment of ${name} says nothing of ${nameOf(parameter.name)}`),
    ...(OPTIONS_TYPE.test(name)
      ? undocumentedMembers(node, comment).map((key) => `${name}.${key} has no doc comment`)
      : []),
  ];
}

function typeNameOf({ type }: ts.ParameterDeclaration): string {
  return type && ts.isTypeReferenceNode(type) ? type.typeName.getText() : "";
}

function undocumentedMembers(node: ts.Node, comment: string): string[] {
  const members: ts.TypeElement[] = [];
  const collect = (child: ts.Node): void => {
    if (ts.isTypeElement(child)) members.push(child);
    else ts.forEachChild(child, collect);
  };
  collect(node);
  return members
    .filter((member) => commentOf(member) === null)
    .map((member) => member.name?.getText() ?? "member")
    .filter((name) => !hasWord(comment, name));
}

function commentOf(node: ts.Node): string | null {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments.length > 0 ? comments.map((comment) => comment.getText()).join("\n") : null;
}

function isMentioned(name: ts.BindingName, comment: string): boolean {
  if (ts.isIdentifier(name)) return hasWord(comment, name.text.replace(/^_+/, ""));
  if (ts.isArrayBindingPattern(name)) return true;
  return hasWord(comment, "options") || partsOf(name).every((part) => hasWord(comment, part));
}

function partsOf(pattern: ts.ObjectBindingPattern): string[] {
  return pattern.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
}

function hasWord(comment: string, word: string): boolean {
  const escaped = word.replace(/[$]/g, "\\$&");
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`, "i").test(comment);
}

function nameOf(name: ts.BindingName): string {
  return ts.isObjectBindingPattern(name) ? `its options (${partsOf(name).join(", ")})` : name.getText();
}
