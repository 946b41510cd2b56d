import { trimSilence } from "../audio/trim-silence.ts";

/** What is done to a recording before it is classified. */
export type PrepareOptions = {
  /** Whether silence is cut off both ends. Default: true. */
  trim?: boolean;
  /** Whether steady noise is reduced first. Default: false. */
  denoise?: boolean;
};

/**
 * Makes samples ready to classify.
 *
 * @param samples Mono, nominally -1..1, at least one.
 * @param options.sampleRate Hz.
 * @param options.trim Whether silence is cut off both ends. Default: true.
 * @param options.denoise Whether steady noise is reduced first. Default: false.
 * @returns Samples at the same rate, at least one.
 * @throws {InvalidArgumentError} The sample rate is out of range.
 */
export async function prepareRecording(
  samples: Float32Array,
  options: PrepareOptions & { sampleRate: number },
): Promise<Float32Array> {
  const { sampleRate, trim = true } = options;
  let prepared = samples;
  if (options.denoise) {
    const { denoise } = await import("../audio/denoise.ts");
    prepared = await denoise(prepared, { sampleRate });
  }
  if (!trim) return prepared;
  const trimmed = trimSilence(prepared, { sampleRate }).samples;
  // Of digital silence nothing is left; the classifier has a name for it.
  return trimmed.length > 0 ? trimmed : prepared;
}
