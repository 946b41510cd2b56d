import stringWidth from "string-width";

/**
 * Columns that a text takes in a terminal: Chinese, Japanese and Korean letters take two, combining marks none.
 *
 * @param text One line.
 */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/**
 * Columns that the widest of texts takes.
 *
 * @param texts Lines, any number: more than a call takes arguments.
 */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, widthOf(text)), 0);
}

/**
 * Fills a text up with spaces.
 *
 * @param text One line.
 * @param width Columns in a terminal; a wider text stays as it is.
 */
export function padToWidth(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}
