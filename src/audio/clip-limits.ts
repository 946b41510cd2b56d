import { AudioFormatError } from "../errors.ts";

/** What a decoded file may at most be, and the rate it is wanted at. */
export type ClipLimits = {
  /** Milliseconds. */
  maxDurationMs: number;
  /** Samples times channels. */
  maxSamples: number;
  /** Of the clip, in Hz. Default: the file's own rate. */
  targetRate?: number | undefined;
};

/** Ten minutes of stereo at 48 kHz. */
export const DEFAULT_MAX_SAMPLES = 600 * 48_000 * 2;

/**
 * Checks what has been decoded so far, or will be at least, against the limits.
 *
 * @param size.nFrames Samples of each channel.
 * @param size.nChannels How many channels.
 * @param size.sampleRate Hz, > 0.
 * @param limits.maxDurationMs Milliseconds.
 * @param limits.maxSamples Samples times channels.
 * @throws {AudioFormatError} `audio-too-long`.
 */
export function checkLimits(
  { nFrames, nChannels, sampleRate }: { nFrames: number; nChannels: number; sampleRate: number },
  { maxDurationMs, maxSamples }: ClipLimits,
): void {
  const durationMs = (nFrames / sampleRate) * 1000;
  if (durationMs > maxDurationMs) {
    throw new AudioFormatError(
      "audio-too-long",
      `decodeAudio: the audio is ${(durationMs / 1000).toFixed(1)} s or longer, the limit is ` +
        `${maxDurationMs / 1000} s (option maxDurationMs)`,
    );
  }
  if (nFrames * nChannels > maxSamples) {
    throw new AudioFormatError(
      "audio-too-long",
      `decodeAudio: the audio has ${nFrames * nChannels} samples on ${nChannels} channels or more, the limit is ` +
        `${maxSamples} (option maxSamples)`,
    );
  }
}
