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
      moveInPlace(chunks, taken);
      length -= taken.length;
      return taken;
    },
  };
}

/** Fills `into` from the front of the chunks, which hold enough. */
function moveInPlace(chunks: Float32Array[], into: Float32Array): void {
  let filled = 0;
  while (filled < into.length) {
    const chunk = chunks[0]!;
    const part = chunk.subarray(0, into.length - filled);
    into.set(part, filled);
    filled += part.length;
    if (part.length === chunk.length) chunks.shift();
    else chunks[0] = chunk.subarray(part.length);
  }
}
