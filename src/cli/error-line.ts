/**
 * An error as one line for standard error.
 *
 * @param message May have several lines; where it starts with the name of the function or the command that threw it, as our
 *   messages do, that is left out.
 * @param file What it happened to. Default: nothing in particular.
 * @returns Ends with a line feed.
 */
export function errorLine(message: string, file?: string): string {
  const oneLine = message.trim().replace(/\s*\n\s*/g, " ");
  const where = file === undefined ? "" : `${file}: `;
  return `spoken-digits: ${where}${oneLine.replace(THROWER, "")}\n`;
}

// Other words before a colon are what the message is about: "checkpoint: the file is damaged".
const THROWER =
  /^([a-z]+[A-Z]\w*|card|classify|data|evaluate|info|listen|predict|publish|recipe|recognizer|robustness|serve|settings|share|train|transcribe): /;
