import { ServiceError, SpokenDigitsError } from "../errors.ts";

/** Why a process ended: it was asked to, took too long or too much memory, or for any other reason. */
export type EndReason = "asked" | "time" | "memory" | "crash";

/** What every open call is rejected with when its process ends. */
export class ProcessEndedError extends Error {
  /** Why it ended. */
  readonly reason: EndReason;

  /** @param reason Why. @param detail Exit code or signal, and what the process said last. */
  constructor(reason: EndReason, detail: string) {
    super(`a worker process ended (${reason}): ${detail}`);
    this.name = "ProcessEndedError";
    this.reason = reason;
  }
}

/**
 * What the outside is told of a call that failed.
 *
 * @param caller Named in the message.
 * @param error What a worker threw or ended with.
 * @returns An error of this package as it is; `service-timeout` or `service-memory` where the call exceeded the limits of
 *   its process; `service-fault` with its cause for anything else.
 */
export function asServiceError(caller: string, error: unknown): SpokenDigitsError {
  if (error instanceof SpokenDigitsError) return error;
  const reason = error instanceof ProcessEndedError ? error.reason : "crash";
  if (reason === "time")
    return new ServiceError("service-timeout", `${caller}: not done in the time allowed`);
  if (reason === "memory" || (error instanceof Error && saysOutOfMemory(error.message))) {
    return new ServiceError("service-memory", `${caller}: the recording takes more memory than one may`);
  }
  return new ServiceError("service-fault", `${caller}: something unforeseen went wrong`, { cause: error });
}

/** Whether a message of V8, the runtime or a codec says that there was no more memory to be had. @param message Any. */
export function saysOutOfMemory(message: string): boolean {
  return /out of memory|allocation failed|bad_alloc|cannot allocate/i.test(message);
}
