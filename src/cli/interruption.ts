/** What a shell expects of a command that Ctrl-C ended: 128 + SIGINT. */
export const INTERRUPTED_EXIT_CODE = 130;

class Interruption extends Error {}

/** How {@link endOnInterrupt} listens. */
export type InterruptOptions = {
  /** What interrupts. Default: Ctrl-C alone. */
  signals?: readonly NodeJS.Signals[];
  /** Called at once when it comes. Default: nothing is said. */
  onInterrupt?: () => void;
};

/**
 * Does work that the first Ctrl-C ends. A second one, or one after the work, ends the process at once.
 *
 * @param work Gets a signal that Ctrl-C aborts, and should reject with the signal's reason then.
 * @param options See {@link InterruptOptions}.
 * @returns What the work comes to.
 */
export async function endOnInterrupt<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { signals = ["SIGINT"], onInterrupt }: InterruptOptions = {},
): Promise<Result> {
  const controller = new AbortController();
  const stopListening = () => {
    for (const signal of signals) process.off(signal, abort);
  };
  const abort = () => {
    stopListening();
    onInterrupt?.();
    controller.abort(new Interruption("interrupted"));
  };
  for (const signal of signals) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}

/**
 * @param error Anything thrown.
 * @returns Whether it came of a Ctrl-C during {@link endOnInterrupt}.
 */
export function isInterruption(error: unknown): boolean {
  return error instanceof Interruption;
}
