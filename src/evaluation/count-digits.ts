import { loadSamples } from "../corpus/load-samples.ts";
import type { Recording } from "../corpus/recording.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { transcribe } from "../live/transcribe.ts";
import type { Classifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { prepareRecording } from "../model/recording-classifier.ts";

/** False digits in recordings that have none. */
export type DigitCounts = {
  recordings: number;
  /** Length of all of them together. */
  minutes: number;
  /** Recordings that the classifier accepts as a digit. */
  predicted: number;
  /** Digits that the stream model emits in them. */
  emitted: number;
};

/**
 * Counts false digits.
 *
 * @param recordings Without a digit.
 * @param models.classifier Gets each with silence cut off.
 * @param models.streamModel Gets each as it is.
 * @throws {AudioFormatError} A recording cannot be decoded.
 * @throws {FileError} A recording cannot be read.
 */
export async function countDigits(
  recordings: readonly Recording[],
  { classifier, streamModel }: { classifier: Classifier; streamModel: StreamModel },
): Promise<DigitCounts> {
  const counts: DigitCounts = { recordings: recordings.length, minutes: 0, predicted: 0, emitted: 0 };
  for (const samples of await loadSamples(recordings)) {
    const prepared = await prepareRecording(samples, { sampleRate: SAMPLE_RATE });
    const { digit } = await classifier.classify(prepared, { sampleRate: SAMPLE_RATE });
    if (digit !== null) counts.predicted++;
    counts.emitted += (await transcribe(streamModel, samples, { sampleRate: SAMPLE_RATE })).events.length;
    counts.minutes += samples.length / SAMPLE_RATE / 60;
  }
  return counts;
}
