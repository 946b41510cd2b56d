import { packError, unpackError } from "../../workers/calls.ts";
import type { EngineFailure } from "./protocol.ts";

/** An error in a form that can be posted to the page. @param error Anything thrown. */
export function asFailure(error: unknown): EngineFailure {
  const { code, message } = packError(error);
  return { code, message };
}

/** The error that a failure was. @param failure As posted by the worker. */
export function asError(failure: EngineFailure): Error {
  return unpackError(failure);
}
