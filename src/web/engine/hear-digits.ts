import type { AudioClip } from "../../audio/audio-clip.ts";
import type { StreamModel } from "../../live/stream-model.ts";
import type { Transcript } from "../../live/transcribe.ts";
import { transcribe } from "../../live/transcribe.ts";
import type { Hearing } from "./utterance.ts";

/** How a recording is listened through. */
export type HearOptions = {
  /** What is expected to be said. */
  hearing: Hearing;
  /** Told how much is done, after each second of sound. */
  onProgress: (doneMs: number, totalMs: number) => void;
};

// The best string, and what else it might be.
const N_STRINGS = 3;

/**
 * Hears the digits of a whole recording.
 *
 * @param model The stream model.
 * @param clip The recording.
 * @param options See {@link HearOptions}.
 * @throws {InvalidArgumentError} The length that is expected is none.
 */
export function hearDigits(
  model: StreamModel,
  { samples, sampleRate }: AudioClip,
  { hearing, onProgress }: HearOptions,
): Promise<Transcript> {
  const { expect, length } = hearing;
  return transcribe(model, samples, {
    sampleRate,
    expect,
    length: length ?? undefined,
    alternatives: N_STRINGS,
    onProgress,
  });
}
