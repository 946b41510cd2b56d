// Lists of one's own recordings: a table in a text file, tab-separated or CSV, as any spreadsheet writes it.

import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { CorpusError } from "../errors.ts";
import { asFileError } from "../file-error.ts";

/** One line of a list. */
export type ListRow = {
  /** What the column `path` names, seen from the working directory. */
  path: string;
  /** The text in a column, without spaces around it; undefined where there is none. */
  cell(column: string): string | undefined;
  /** Makes the error that names the list and this line. */
  wrong(problem: string): CorpusError;
};

/** Settings of {@link readRecordingList}. */
export type ListOptions = {
  /** Columns that have to be there; `path` has to be anyhow. */
  required: readonly string[];
  /** Columns that may be there. Others are passed over. */
  optional: readonly string[];
};

type Line = { number: number; cells: string[] };
type List = { path: string; columns: readonly string[] };

/**
 * Reads a list of recordings. Its first line names the columns, in any order; paths are relative to the list's own folder,
 * or absolute. Cells are separated by tabs where the first line holds one, else by commas or semicolons, and may then be
 * in quotes. Blank lines are passed over; a byte-order mark and Windows line ends are fine. Whether the recordings exist
 * is not checked.
 *
 * @param path The list, UTF-8.
 * @param options See {@link ListOptions}.
 * @returns One entry a line, in their order; at least one.
 * @throws {FileError} The list cannot be read.
 * @throws {CorpusError} `corpus-format`: a quote is not closed, a column is missing or named twice, a row has no path or a cell too many,
 *   nothing is listed, or the file is not UTF-8. The message names the list and the line.
 */
export async function readRecordingList(path: string, options: ListOptions): Promise<ListRow[]> {
  const [header, ...lines] = parseLines(path, await readText(path));
  if (!header) throw wrong(path, 1, "expected a line with the names of the columns, got an empty file");
  const columns = parseHeader(path, header, options);
  if (lines.length === 0) throw wrong(path, header.number, "expected recordings below the header, got none");
  return lines.map((line) => parseLine({ path, columns }, line));
}

async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch(asFileError(`readList: cannot read ${path}`));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CorpusError("corpus-format", `readList: ${path}: expected UTF-8 text, got other bytes`, {
      cause,
    });
  }
}

function parseLines(path: string, text: string): Line[] {
  const delimiter = delimiterOf(text);
  try {
    const rows = parse(text, {
      ...FORMAT,
      delimiter,
      // Nothing is quoted in tab-separated text; a quote there is one.
      quote: delimiter === "\t" ? null : '"',
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ number: info.lines, cells: record }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw wrong(path, Number(cause.lines ?? 1), cause.message);
  }
}

const FORMAT = {
  bom: true,
  info: true,
  trim: true,
  relax_column_count: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
  record_delimiter: ["\r\n", "\n", "\r"],
};

function delimiterOf(text: string): string {
  const [header = ""] = text.trimStart().split(/[\r\n]/, 1);
  return ["\t", ";", ","].find((delimiter) => header.includes(delimiter)) ?? "\t";
}

function parseHeader(path: string, line: Line, { required, optional }: ListOptions): string[] {
  const columns = line.cells;
  const needed = ["path", ...required];
  for (const name of [...needed, ...optional]) {
    if (columns.filter((column) => column === name).length > 1) {
      throw wrong(path, line.number, `expected each column once, got two named ${name}`);
    }
  }
  const missing = needed.find((name) => !columns.includes(name));
  if (missing === undefined) return columns;
  throw wrong(
    path,
    line.number,
    `expected columns ${needed.join(" and ")}, got no ${missing} in ${JSON.stringify(columns)}`,
  );
}

function parseLine(list: List, line: Line): ListRow {
  const { columns } = list;
  const { cells } = line;
  if (cells.length > columns.length) {
    throw wrong(list.path, line.number, `expected ${columns.length} cells, got ${cells.length}`);
  }
  const cell = (column: string) => cells[columns.indexOf(column)] || undefined;
  const path = cell("path");
  if (path === undefined) throw wrong(list.path, line.number, "expected a path, got an empty cell");
  return {
    path: isAbsolute(path) ? path : join(dirname(list.path), path),
    cell,
    wrong: (problem) => wrong(list.path, line.number, problem),
  };
}

function wrong(path: string, lineNumber: number, problem: string): CorpusError {
  return new CorpusError("corpus-format", `readList: ${path}, line ${lineNumber}: ${problem}`);
}
