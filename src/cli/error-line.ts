import { plainMessage } from "../errors.ts";

/**
 * An error as one line for standard error.
 *
 * @param message May have several lines; where it starts with the name of the function or the command that threw it, as our
 *   messages do, that is left out.
 * @param file What it happened to. Default: nothing in particular.
 * @returns Ends with a line feed; of control characters it has no other. What options of functions are called is left out.
 */
export function errorLine(message: string, file?: string): string {
  const where = file === undefined ? "" : `${file}: `;
  return `spoken-digits: ${printable(where + plainMessage(message))}\n`;
}

/**
 * A text that may be shown in a terminal, such as the name of a file: it changes neither colours nor the order of letters.
 *
 * @param text Any; control characters are written as JSON writes them.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (one) => {
    return `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
