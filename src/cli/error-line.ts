/**
 * An error as one line for standard error.
 *
 * @param message May have several lines; where it starts with the name of the function that threw it, as our messages do,
 *   that is left out.
 * @param file What it happened to. Default: nothing in particular.
 * @returns Ends with a line feed.
 */
export function errorLine(message: string, file?: string): string {
  const oneLine = message.trim().replace(/\s*\n\s*/g, " ");
  const where = file === undefined ? "" : `${file}: `;
  return `spoken-digits: ${where}${oneLine.replace(/^[a-z]+([A-Z]\w*)?: /, "")}\n`;
}
