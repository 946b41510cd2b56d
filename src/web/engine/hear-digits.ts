import type { AudioClip } from "../../audio/audio-clip.ts";
import { createRecognizer } from "../../live/recognizer.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import type { SpokenDigit } from "./utterance.ts";

/** How a recording is listened through. */
export type HearOptions = {
  /** Told how much is done, after each few seconds of sound. */
  onProgress: (doneMs: number, totalMs: number) => void;
  /** Asked as often: false ends it. */
  isWanted: () => boolean;
};

// The worker hears of a newer wish only between two of these.
const SECONDS_AT_ONCE = 4;

/**
 * Hears the digits of a whole recording.
 *
 * @param model The stream model.
 * @param clip The recording.
 * @param options See {@link HearOptions}.
 * @returns The digits in the order they were said; what was heard so far, where it is wanted no more.
 */
export async function hearDigits(
  model: StreamModel,
  { samples, sampleRate }: AudioClip,
  { onProgress, isWanted }: HearOptions,
): Promise<SpokenDigit[]> {
  const recognizer = createRecognizer(model, { sampleRate });
  const digits: SpokenDigit[] = [];
  const toMs = (nSamples: number) => (1000 * nSamples) / sampleRate;
  const step = SECONDS_AT_ONCE * sampleRate;
  for (let start = 0; start < samples.length && isWanted(); start += step) {
    for (const event of await recognizer.push(samples.subarray(start, start + step))) {
      digits.push({ ...event, rivals: [] });
    }
    onProgress(toMs(Math.min(samples.length, start + step)), toMs(samples.length));
    await otherMessages();
  }
  for (const event of await recognizer.end()) digits.push({ ...event, rivals: [] });
  return digits;
}

function otherMessages(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
