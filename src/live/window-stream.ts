/** The newest samples of a stream, as windows on a fixed grid: how the samples arrive makes no difference to them. */
export type WindowStream = {
  /**
   * Takes in samples up to the end of the next window.
   *
   * @param samples More of the stream.
   * @param from The first of them that was not taken in yet.
   * @returns How many were taken in; `isComplete` then tells whether a window is.
   */
  take(samples: Float32Array, from: number): number;
  /** Whether the samples taken in end with a window. */
  readonly isComplete: boolean;
  /** The window, [length], newest sample last, zeros before the stream's beginning. Changed by the next `take`. */
  readonly window: Float32Array;
};

/**
 * Makes windows of a stream.
 *
 * @param options.length Samples in a window.
 * @param options.step From the end of one window to the end of the next, <= length.
 */
export function createWindowStream({ length, step }: { length: number; step: number }): WindowStream {
  const window = new Float32Array(length);
  let missing = step;
  return {
    window,
    get isComplete() {
      return missing === 0;
    },
    take(samples, from) {
      if (missing === 0) {
        window.copyWithin(0, step);
        missing = step;
      }
      const part = samples.subarray(from, from + missing);
      window.set(part, length - missing);
      missing -= part.length;
      return part.length;
    },
  };
}
