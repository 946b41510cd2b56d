/** Audio as it comes: anything that yields pieces of mono samples, nominally -1..1, of any length. */
export type AudioSource = ReadableStream<Float32Array> | AsyncIterable<Float32Array>;

/**
 * Reads a source piece by piece.
 *
 * @param source Of Node.js, of a browser, or a generator.
 * @returns Its iterator; `return` says that no more is wanted. Not every browser's streams can be iterated themselves.
 */
export function readSource(source: AudioSource): AsyncIterator<Float32Array> {
  if (!("getReader" in source)) return source[Symbol.asyncIterator]();
  const reader = source.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      return done ? { done, value: undefined } : { done: false, value };
    },
    async return() {
      await reader.cancel();
      return { done: true, value: undefined };
    },
  };
}
