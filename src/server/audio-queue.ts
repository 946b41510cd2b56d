// The samples of a live session that wait for the recognizer.

/** Samples between a client that sends and a recognizer that takes them in. */
export type AudioQueue = {
  /** Samples that wait. */
  readonly length: number;
  /** Adds samples at the end. After `end` they are left out. @param samples Not copied. */
  push(samples: Float32Array): void;
  /** No more will come. */
  end(): void;
  /**
   * Takes samples from the front, and waits for them where there are none.
   *
   * @param maxLength Samples at most, >= 1.
   * @returns At least one sample, in memory of their own; null once the end is reached. One call at a time.
   */
  take(maxLength: number): Promise<Float32Array | null>;
};

/** An empty queue. It holds whatever is put in: whoever puts in looks at its length. */
export function createAudioQueue(): AudioQueue {
  const chunks: Float32Array[] = [];
  let nTaken = 0;
  let length = 0;
  let ended = false;
  let wake: (() => void) | undefined;
  return {
    get length() {
      return length;
    },
    push(samples) {
      if (ended || samples.length === 0) return;
      chunks.push(samples);
      length += samples.length;
      wake?.();
    },
    end() {
      ended = true;
      wake?.();
    },
    async take(maxLength) {
      while (length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (length === 0) return null;
      const taken = new Float32Array(Math.min(length, maxLength));
      nTaken = moveInPlace(chunks, { from: nTaken, into: taken });
      length -= taken.length;
      // Few at a time: of a hundred thousand messages of a sample each, to move the others up each time is all the work.
      if (2 * nTaken >= chunks.length) {
        chunks.splice(0, nTaken);
        nTaken = 0;
      }
      return taken;
    },
  };
}

/** Fills `into` from the chunks, which hold enough. @returns The first that is not used up. */
function moveInPlace(chunks: Float32Array[], { from, into }: { from: number; into: Float32Array }): number {
  let first = from;
  let filled = 0;
  while (filled < into.length) {
    const chunk = chunks[first]!;
    const part = chunk.subarray(0, into.length - filled);
    into.set(part, filled);
    filled += part.length;
    if (part.length === chunk.length) first += 1;
    else chunks[first] = chunk.subarray(part.length);
  }
  return first;
}
