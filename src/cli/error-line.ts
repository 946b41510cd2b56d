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
 * The message of an error in the words of somebody who calls no function: without the name of the one that threw it, and
 * without what its options are called.
 *
 * @param message As thrown; may have several lines.
 * @returns One line.
 */
export function plainMessage(message: string): string {
  const oneLine = message.trim().replace(/\s*\n\s*/g, " ");
  return oneLine.replace(THROWER, "").replace(/ \(option \w+\)$/, "");
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

// Other words before a colon are what the message is about: "checkpoint: the file is damaged".
const THROWER =
  /^([a-z]+[A-Z]\w*|card|classify|data|evaluate|info|listen|predict|publish|recipe|recognizer|robustness|serve|settings|share|train|transcribe): /;
