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

// Other words before a colon are what the message is about: "checkpoint: the file is damaged".
const THROWER =
  /^([a-z]+[A-Z]\w*|batch|card|classify|client|data|denoise|evaluate|info|listen|live|predict|publish|recipe|recognizer|resample|robustness|serve|settings|share|train|transcribe): /;
