// From what a service says went wrong to the error that the library itself would throw.

import { ERROR_CODES, type ErrorCode, errorOfCode, ServiceError, type SpokenDigitsError } from "../errors.ts";

/** The body of every answer of a service that is no success. */
export type ErrorAnswer = { code: string; message: string };

/** Whether a value is what a service sends when something went wrong. @param value Anything. */
export function isErrorAnswer(value: unknown): value is ErrorAnswer {
  if (typeof value !== "object" || value === null) return false;
  const { code, message } = value as Partial<ErrorAnswer>;
  return typeof code === "string" && typeof message === "string";
}

/**
 * Makes the error of a code.
 *
 * @param answer.code As the service sent it; one that this version does not know becomes `service-fault`.
 * @param answer.message As the service sent it.
 * @returns Of the class that the code belongs to.
 */
export function errorOfAnswer({ code, message }: ErrorAnswer): SpokenDigitsError {
  if (!isErrorCode(code)) return new ServiceError("service-fault", `${message} (${code})`);
  return errorOfCode(code, message);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}
