import type { Report } from "./report.ts";

/** How a column is set. */
export type Alignment = "left" | "right";

/**
 * Sets rows of cells as columns of equal width, two spaces apart and indented by two. Control characters in a cell, which
 * could rewrite a terminal, become `?`.
 *
 * @param rows Rows of as many cells as there are alignments.
 * @param alignments Default: the first column, which has names, is set left, the others, which have numbers, right.
 * @returns One line a row, without a line feed at the end.
 */
export function formatTable(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = rows[0]!.map((_, column) => (column === 0 ? "left" : "right")),
): string {
  const cells = rows.map((row) => row.map(toPrintable));
  const widths = alignments.map((_, column) =>
    Math.max(0, ...cells.map((row) => widthOf(row[column] ?? ""))),
  );
  const lines = cells.map((row) =>
    alignments.map((alignment, column) => pad(row[column] ?? "", widths[column]!, alignment)).join("  "),
  );
  return lines.map((line) => `  ${line}`.trimEnd()).join("\n");
}

/** The text with `?` in place of each control character. */
function toPrintable(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

/** A number with what it counts, such as `2 files`. @param n How many. @param noun Singular. */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;

/** A share in per cent. @param share 0..1, or null where there is none. @param decimals Default: 2. */
export const percent = (share: number | null, decimals = 2): string =>
  share === null ? "-" : `${(100 * share).toFixed(decimals)} %`;

/** Files that could not be used. @param failed Of a report. */
export function failedSection(failed: Report["failed"]): string {
  const lines = failed.files.map(
    ({ path, code, message }) => `  ${toPrintable(path)}: ${code}: ${toPrintable(message)}`,
  );
  return `Failed: ${counted(failed.n, "file")}\n${lines.join("\n")}`;
}

function pad(text: string, width: number, alignment: Alignment): string {
  const spaces = " ".repeat(width - widthOf(text));
  return alignment === "left" ? text + spaces : spaces + text;
}

function widthOf(text: string): number {
  return [...text].length;
}
