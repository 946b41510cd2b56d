// From what a service says went wrong to the error that the library itself would throw.

import {
  AudioFormatError,
  ERROR_CODES,
  type ErrorCode,
  InvalidArgumentError,
  ModelFormatError,
  RequestError,
  ServiceError,
  SpokenDigitsError,
} from "../errors.ts";

/** The body of every answer of a service that is no success. */
export type ErrorAnswer = { code: string; message: string };

/**
 * Whether a value is what a service sends when something went wrong.
 *
 * @param value Anything.
 */
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
  if (startsWith(code, "audio-")) return new AudioFormatError(code, message);
  if (startsWith(code, "request-")) return new RequestError(code, message);
  if (startsWith(code, "service-")) return new ServiceError(code, message);
  if (code === "invalid-argument") return new InvalidArgumentError(message);
  if (code === "model-format") return new ModelFormatError(message);
  return new SpokenDigitsError(code, message);
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function startsWith<Prefix extends string>(
  code: ErrorCode,
  prefix: Prefix,
): code is Extract<ErrorCode, `${Prefix}${string}`> {
  return code.startsWith(prefix);
}
