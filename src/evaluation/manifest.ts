// Lists of one's own recordings: a table in a text file, tab-separated, as any spreadsheet writes it.

import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { Label, Recording } from "../corpus/recording.ts";
import { CorpusError, FileError } from "../errors.ts";

const COLUMNS = ["path", "label", "speaker", "corpus"] as const;
type Column = (typeof COLUMNS)[number];
type Line = { number: number; text: string };

/**
 * Reads a list of recordings. Its first line names the columns, in any order: `path` (relative to the list's own folder,
 * or absolute), `label` (`0`-`9` or `none`), and optionally `speaker` and `corpus` (default, also where a cell is
 * empty: `unknown`). Other columns and blank lines are passed over; a byte-order mark and Windows line ends are fine.
 * Whether the recordings exist is not checked.
 *
 * @param path The list, UTF-8.
 * @returns One entry a line, in their order; at least one.
 * @throws {FileError} The list cannot be read.
 * @throws {CorpusError} `corpus-format`: a column is missing or named twice, a label is unknown, a cell is missing or
 *   one too many, nothing is listed, or the file is not UTF-8. The message names the list and the line.
 */
export async function readManifest(path: string): Promise<Recording[]> {
  const [header, ...lines] = splitLines(await readText(path));
  if (!header) throw wrong(path, 1, "expected a line with the names of the columns, got an empty file");
  const columns = parseHeader(path, header);
  if (lines.length === 0) throw wrong(path, header.number, "expected recordings below the header, got none");
  return lines.map((line) => parseLine(path, columns, line));
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new FileError(`readManifest: cannot read ${path}: ${cause.message}`, { cause });
  });
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CorpusError("corpus-format", `readManifest: ${path}: expected UTF-8 text, got other bytes`, {
      cause,
    });
  }
}

function splitLines(text: string): Line[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ number: index + 1, text: line }))
    .filter((line) => line.text.trim() !== "");
}

function parseHeader(path: string, line: Line): string[] {
  const columns = line.text.split("\t").map((name) => name.trim());
  for (const name of COLUMNS) {
    if (columns.filter((column) => column === name).length > 1) {
      throw wrong(path, line.number, `expected each column once, got two named ${name}`);
    }
  }
  for (const name of ["path", "label"]) {
    if (columns.includes(name)) continue;
    throw wrong(
      path,
      line.number,
      `expected tab-separated columns path and label, got no ${name} in ${JSON.stringify(columns)}`,
    );
  }
  return columns;
}

function parseLine(list: string, columns: readonly string[], line: Line): Recording {
  const cells = line.text.split("\t").map((cell) => cell.trim());
  if (cells.length > columns.length) {
    throw wrong(list, line.number, `expected ${columns.length} cells, got ${cells.length}`);
  }
  const cellOf = (column: Column) => cells[columns.indexOf(column)] || undefined;
  const path = cellOf("path");
  if (path === undefined) throw wrong(list, line.number, "expected a path, got an empty cell");
  return {
    path: isAbsolute(path) ? path : join(dirname(list), path),
    label: parseLabel(list, line, cellOf("label")),
    speaker: cellOf("speaker") ?? "unknown",
    corpus: cellOf("corpus") ?? "unknown",
  };
}

function parseLabel(list: string, line: Line, cell: string | undefined): Label {
  if (cell === "none") return cell;
  if (cell !== undefined && /^\d$/.test(cell)) return Number(cell) as Label;
  throw wrong(
    list,
    line.number,
    `expected a label 0-9 or none, got ${cell === undefined ? "an empty cell" : JSON.stringify(cell)}`,
  );
}

function wrong(path: string, lineNumber: number, problem: string): CorpusError {
  return new CorpusError("corpus-format", `readManifest: ${path}, line ${lineNumber}: ${problem}`);
}
