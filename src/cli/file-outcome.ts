// Commands that take many files: one that cannot be read stops none of the others.

import { SpokenDigitsError } from "../errors.ts";
import { errorLine, plainMessage } from "./error-line.ts";

/** What came of a file: a result, or why there is none. */
export type FileOutcome<Result> = { result: Result } | { error: SpokenDigitsError };

/**
 * Works on one file. An error of this package is its outcome, and the command will end with exit code 1.
 *
 * @param work What to do.
 * @throws Any other error of `work`, as it is.
 */
export async function outcomeOf<Result>(work: () => Promise<Result>): Promise<FileOutcome<Result>> {
  try {
    return { result: await work() };
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    process.exitCode = 1;
    return { error };
  }
}

/**
 * An outcome as one line of JSON: `file`, then the fields of the result, or `error` with its code and message.
 *
 * @param file As the user named it.
 * @param outcome What came of it.
 * @param fieldsOf What to print of a result.
 */
export function jsonLine<Result>(
  file: string,
  outcome: FileOutcome<Result>,
  fieldsOf: (result: Result) => object,
): string {
  const fields = "result" in outcome ? fieldsOf(outcome.result) : errorFields(outcome.error);
  return `${JSON.stringify({ file, ...fields })}\n`;
}

/**
 * Prints an outcome as text: an error as a line on standard error.
 *
 * @param file As the user named it.
 * @param outcome What came of it.
 * @param textOf What to print of a result, whole lines.
 */
export function printText<Result>(
  file: string,
  outcome: FileOutcome<Result>,
  textOf: (result: Result) => string,
): void {
  if ("error" in outcome) process.stderr.write(errorLine(outcome.error.message, file));
  else process.stdout.write(textOf(outcome.result));
}

function errorFields({ code, message }: SpokenDigitsError): object {
  return { error: { code, message: plainMessage(message) } };
}
