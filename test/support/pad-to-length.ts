/**
 * Pads a clip with zeros on both sides; an odd sample more goes behind.
 *
 * @param samples Mono.
 * @param length Samples wanted, >= 0.
 * @returns `length` samples with the clip in the middle; the input itself when it has that many or more.
 */
export function padToLength(samples: Float32Array, length: number): Float32Array {
  if (samples.length >= length) return samples;
  const padded = new Float32Array(length);
  padded.set(samples, Math.floor((length - samples.length) / 2));
  return padded;
}
