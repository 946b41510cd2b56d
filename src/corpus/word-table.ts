// Tables of what is said in the recordings of a folder: `words.tsv`, tab-separated, its first line naming the columns.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CorpusError, FileError } from "../errors.ts";

const TABLE_NAME = "words.tsv";

/**
 * The folder itself, where it holds a table of words.
 *
 * @param folder Where to look.
 * @throws {CorpusError} `corpus-missing`: there is none.
 * @throws {FileError} It is there and cannot be read.
 */
export async function findWordTable(folder: string): Promise<string> {
  await readText(folder);
  return folder;
}

/**
 * Reads the table of a folder.
 *
 * @param folder The folder of `words.tsv`.
 * @param columns Names that its first line has to have, in this order.
 * @returns The cells of each line below, as many as there are columns; `file` starts with `folder`, where it is a column.
 * @throws {CorpusError} `corpus-missing`: there is no table; `corpus-format`: a line has other columns.
 * @throws {FileError} It is there and cannot be read.
 */
export async function readWordTable<Column extends string>(
  folder: string,
  columns: readonly Column[],
): Promise<Record<Column, string>[]> {
  const [header, ...lines] = (await readText(folder)).split(/\r?\n/);
  checkLine(folder, { line: header!, number: 1, isRight: header === columns.join("\t") }, columns);
  return lines.flatMap((line, i) => {
    if (line === "") return [];
    const cells = line.split("\t");
    checkLine(folder, { line, number: i + 2, isRight: cells.length === columns.length }, columns);
    return [Object.fromEntries(columns.map((name, at) => [name, cells[at]!])) as Record<Column, string>];
  });
}

/**
 * A time in a table; one before the recording's beginning counts as 0.
 *
 * @param folder For the message.
 * @param cell What stands there, in ms.
 * @throws {CorpusError} `corpus-format`: it is no number.
 */
export function parseTime(folder: string, cell: string): number {
  // Forced alignment begins some recordings a little before their first sample.
  const time = Math.max(0, Number(cell));
  if (cell !== "" && Number.isFinite(time)) return time;
  throw new CorpusError(
    "corpus-format",
    `${join(folder, TABLE_NAME)}: expected a time in ms, got ${JSON.stringify(cell)}`,
  );
}

async function readText(folder: string): Promise<string> {
  const path = join(folder, TABLE_NAME);
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT" || cause.code === "ENOTDIR") {
      throw new CorpusError(
        "corpus-missing",
        `expected ${path}, found none; name the folder above with --data or SPOKEN_DIGITS_DATA`,
      );
    }
    throw new FileError(`cannot read ${path}: ${cause.message}`, { cause });
  });
}

function checkLine(
  folder: string,
  { line, number, isRight }: { line: string; number: number; isRight: boolean },
  columns: readonly string[],
): void {
  if (isRight) return;
  throw new CorpusError(
    "corpus-format",
    `${join(folder, TABLE_NAME)}, line ${number}: expected ${columns.join(", ")} between tabs, got ${JSON.stringify(line)}`,
  );
}
