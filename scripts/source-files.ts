import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** The text of source files by path from the root of the checkout, with forward slashes. */
export type SourceFiles = ReadonlyMap<string, string>;

/**
 * Reads all TypeScript files below some folders, sorted by path.
 *
 * @param root Folder the paths start from.
 * @param folders Folders below `root`; one that does not exist holds no files.
 */
export function readSourceFiles(root: string, folders: readonly string[]): SourceFiles {
  const paths = folders.flatMap((folder) => typeScriptFiles(join(root, folder))).sort();
  return new Map(
    paths.map((path) => [relative(root, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}

function typeScriptFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
