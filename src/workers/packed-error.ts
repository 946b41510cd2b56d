import { type ErrorCode, errorOfCode, SpokenDigitsError } from "../errors.ts";

/** An error in a form that can be cloned: instances of classes do not survive the way between threads. */
export type PackedError = { code: ErrorCode | null; message: string; stack?: string };

/** @param error Anything thrown. */
export function packError(error: unknown): PackedError {
  const code = error instanceof SpokenDigitsError ? error.code : null;
  if (!(error instanceof Error)) return { code, message: String(error) };
  return { code, message: error.message, stack: error.stack };
}

/**
 * The error that was packed, of the same class where it is one of this package.
 *
 * @param options See {@link packError}; code, message and stack are kept.
 */
export function unpackError({ code, message, stack }: PackedError): Error {
  const error = code ? errorOfCode(code, message) : new Error(message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
