// Ctrl-C during long work: the work is told to end, so that it leaves nothing half-made, and nothing is printed.

/** What a shell expects of a command that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED_EXIT_CODE = 130;

class Interruption extends Error {}

/**
 * Does work that the first Ctrl-C ends. A second one, or one after the work, ends the process at once.
 *
 * @param work Gets a signal that Ctrl-C aborts, and should reject with the signal's reason then.
 * @returns What the work comes to.
 */
export async function endOnInterrupt<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Interruption("interrupted"));
  process.once("SIGINT", abort);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", abort);
  }
}

/**
 * @param error Anything thrown.
 * @returns Whether it came of a Ctrl-C during {@link endOnInterrupt}.
 */
export function isInterruption(error: unknown): boolean {
  return error instanceof Interruption;
}
