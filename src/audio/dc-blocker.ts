// Julius O. Smith, Introduction to Digital Filters, "DC blocker": a zero at 0 Hz and a pole beside it.

/** Below this many Hz nothing of speech is left out; an offset that begins is gone after some 40 ms. */
const CUTOFF_HZ = 20;
/** What is left of an offset decays into numbers that are slow to compute with. */
const TINY = 1e-12;

/**
 * Makes a filter that takes the constant part off a signal. The first sample counts as the offset that was there before.
 *
 * @param sampleRate Hz, > 0.
 * @returns Takes successive pieces of one signal, of any length; each gives a new array of its length.
 */
export function createDcBlocker(sampleRate: number): (samples: Float32Array) => Float32Array {
  const pole = 1 - (2 * Math.PI * CUTOFF_HZ) / sampleRate;
  let input: number | undefined;
  let output = 0;
  return (samples) => {
    let before = input ?? samples[0] ?? 0;
    const filtered = new Float32Array(samples.length);
    for (let i = 0; i < samples.length; i++) {
      output = samples[i]! - before + pole * output;
      if (Math.abs(output) < TINY) output = 0;
      before = samples[i]!;
      filtered[i] = output;
    }
    if (samples.length > 0) input = before;
    return filtered;
  };
}

/** Of fewer samples the mean is no offset but part of a sound. */
const LEAST_SAMPLES = 800;

/**
 * The constant offset of a recording: its median.
 *
 * @param samples Mono, finite, any length.
 * @returns 0 where the mean is below a tenth of the RMS: no more than that has an effect.
 */
export function offsetOf(samples: Float32Array): number {
  let [sum, power] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    sum += samples[i]!;
    power += samples[i]! * samples[i]!;
  }
  if (samples.length < LEAST_SAMPLES || sum * sum <= 0.01 * power * samples.length) return 0;
  return samples.slice().sort()[samples.length >> 1]!;
}
