/** How a column is set. */
export type Alignment = "left" | "right";

/**
 * Sets rows of cells as columns of equal width, two spaces apart and indented by two. Control characters in a cell, which
 * could rewrite a terminal, become `?`.
 *
 * @param rows Rows of as many cells as there are alignments.
 * @returns One line a row, without a line feed at the end.
 */
export function formatTable(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string {
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
export function toPrintable(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

function pad(text: string, width: number, alignment: Alignment): string {
  const spaces = " ".repeat(width - widthOf(text));
  return alignment === "left" ? text + spaces : spaces + text;
}

function widthOf(text: string): number {
  return [...text].length;
}
