import type { DigitEvent } from "./digit-event.ts";
import type { RecognizerOptions } from "./recognizer.ts";
import { createRecognizer } from "./recognizer.ts";
import type { StreamModel } from "./stream-model.ts";

/** Settings of {@link transcribe}. */
export type TranscribeOptions = RecognizerOptions & {
  /** Called after each second of audio with how much is done and how much there is. */
  onProgress?: (doneMs: number, totalMs: number) => void;
};

/**
 * Hears the digits of a whole recording, just as a recognizer does that is fed the recording as a stream.
 *
 * @param model See {@link StreamModel}.
 * @param samples Mono, nominally -1..1, finite, any length.
 * @param options See {@link TranscribeOptions}.
 * @returns The digits in the order they were spoken.
 * @throws {InvalidArgumentError} An option is out of range.
 * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite.
 */
export async function transcribe(
  model: StreamModel,
  samples: Float32Array,
  options: TranscribeOptions,
): Promise<DigitEvent[]> {
  const { sampleRate, onProgress } = options;
  const recognizer = createRecognizer(model, options);
  const events: DigitEvent[] = [];
  const totalMs = (1000 * samples.length) / sampleRate;
  for (let start = 0; start < samples.length; start += sampleRate) {
    events.push(...(await recognizer.push(samples.subarray(start, start + sampleRate))));
    onProgress?.(Math.min(totalMs, (1000 * (start + sampleRate)) / sampleRate), totalMs);
  }
  return [...events, ...(await recognizer.end())];
}
