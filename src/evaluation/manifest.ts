import type { Label, Recording } from "../corpus/recording.ts";
import { type ListRow, readRecordingList } from "./recording-list.ts";

/** A recording of digits said one after another. */
export type SpokenString = {
  /** Path of the audio file, readable from the working directory. */
  path: string;
  /** What is said, for example `0451`; empty where no digit is. */
  digits: string;
  /** Who speaks. */
  speaker: string;
  /** Name of the corpus. */
  corpus: string;
};

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
  const rows = await readRecordingList(path, { required: ["label"], optional: ["speaker", "corpus"] });
  return rows.map((row) => ({ path: row.path, label: parseLabel(row), ...sourceOf(row) }));
}

/**
 * Reads a list of recordings of digits said one after another: as {@link readManifest}, with `digits` in place of `label`
 * (what is said; spaces and hyphens between them are fine, empty means no digit).
 *
 * @param path The list, UTF-8.
 * @returns One entry a line, in their order; at least one.
 * @throws {FileError} The list cannot be read.
 * @throws {CorpusError} As {@link readManifest}, or the digits are something else.
 */
export async function readStringManifest(path: string): Promise<SpokenString[]> {
  const rows = await readRecordingList(path, { required: ["digits"], optional: ["speaker", "corpus"] });
  return rows.map((row) => ({ path: row.path, digits: parseDigits(row), ...sourceOf(row) }));
}

const sourceOf = (row: ListRow) => ({
  speaker: row.cell("speaker") ?? "unknown",
  corpus: row.cell("corpus") ?? "unknown",
});

function parseLabel(row: ListRow): Label {
  const cell = row.cell("label");
  if (cell === "none") return cell;
  if (cell !== undefined && /^\d$/.test(cell)) return Number(cell) as Label;
  const found = cell === undefined ? "an empty cell" : JSON.stringify(cell);
  throw row.wrong(`expected a label 0-9 or none, got ${found}`);
}

function parseDigits(row: ListRow): string {
  const cell = row.cell("digits") ?? "";
  if (/^[\d -]*$/.test(cell)) return cell.replace(/[ -]/g, "");
  throw row.wrong(`expected digits such as 0451, or none, got ${JSON.stringify(cell)}`);
}
