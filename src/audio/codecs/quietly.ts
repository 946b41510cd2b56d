/**
 * Runs a decoder that reports damaged packets on the console: what it says there is in its result as well.
 *
 * @param run Synchronous, so that nobody else's message is lost.
 * @returns What it returns.
 */
export function quietly<T>(run: () => T): T {
  const { error, warn, log } = console;
  const silent = () => undefined;
  Object.assign(console, { error: silent, warn: silent, log: silent });
  try {
    return run();
  } finally {
    Object.assign(console, { error, warn, log });
  }
}
