import { SpokenDigitsError } from "../../errors.ts";
import type { EngineFailure } from "./protocol.ts";

/** An error in a form that can be posted to the page. @param error Anything thrown. */
export function asFailure(error: unknown): EngineFailure {
  const code = error instanceof SpokenDigitsError ? error.code : null;
  return { code, message: error instanceof Error ? error.message : String(error) };
}

/** The error that a failure was. @param failure As posted by the worker. */
export function asError(failure: EngineFailure): Error {
  const { code, message } = failure;
  return code ? new SpokenDigitsError(code, message) : new Error(message);
}
