/** What a cell of a table holds. */
export type Cell = string | number | null;

/**
 * A table as comma-separated text (RFC 4180).
 *
 * @param rows The header and the lines.
 */
export function toCsvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(value: Cell): string {
  const text = value === null ? "" : String(value);
  // A leading =, +, - or @ would be run as a formula by spreadsheets.
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
