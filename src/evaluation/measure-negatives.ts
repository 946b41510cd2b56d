import { prepareRecording } from "../audio/prepare-recording.ts";
import { loadSamples } from "../corpus/load-samples.ts";
import type { Recording } from "../corpus/recording.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { transcribe } from "../live/transcribe.ts";
import type { Classifier } from "../model/classifier.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { formatTable } from "./text-table.ts";

/** False digits in a speaker's recordings. */
export type NegativesRow = {
  /** Who speaks, or `all`. */
  voice: string;
  recordings: number;
  /** Length of all of them together. */
  minutes: number;
  /** False accepts: recordings that the classifier accepts as a digit. */
  predicted: number;
  /** Digits that the stream model emits in them. */
  emitted: number;
};

/**
 * Counts false digits, speaker by speaker.
 *
 * @param recordings Without a digit.
 * @param models.classifier Gets each with silence cut off.
 * @param models.streamModel Gets each as it is.
 * @returns A row for each speaker, in the order of their first recordings; the last is the sum.
 * @throws {AudioFormatError} A recording cannot be decoded.
 * @throws {FileError} A recording cannot be read.
 */
export async function measureNegatives(
  recordings: readonly Recording[],
  { classifier, streamModel }: { classifier: Classifier; streamModel: StreamModel },
): Promise<NegativesRow[]> {
  const all = emptyRow("all");
  const rows = new Map<string, NegativesRow>();
  for (const [i, samples] of (await loadSamples(recordings)).entries()) {
    const prepared = await prepareRecording(samples, { sampleRate: SAMPLE_RATE });
    const { digit } = await classifier.classify(prepared, { sampleRate: SAMPLE_RATE });
    const { events } = await transcribe(streamModel, samples, { sampleRate: SAMPLE_RATE });
    const { speaker } = recordings[i]!;
    const row = rows.get(speaker) ?? emptyRow(speaker);
    rows.set(speaker, row);
    for (const counts of [row, all]) {
      counts.recordings++;
      counts.minutes += samples.length / SAMPLE_RATE / 60;
      counts.predicted += Number(digit !== null);
      counts.emitted += events.length;
    }
  }
  return [...rows.values(), all];
}

const emptyRow = (voice: string): NegativesRow => ({
  voice,
  recordings: 0,
  minutes: 0,
  predicted: 0,
  emitted: 0,
});

/** The rows as a table. @param rows From {@link measureNegatives}. */
export function formatNegatives(rows: readonly NegativesRow[]): string {
  const heading = ["voice", "recordings", "minutes", "false accepts", "digits emitted", "in an hour"];
  const cells = rows.map(({ voice, recordings, minutes, predicted, emitted }) => [
    voice,
    String(recordings),
    minutes.toFixed(1),
    `${((100 * predicted) / recordings).toFixed(1)} %`,
    String(emitted),
    ((60 * emitted) / minutes).toFixed(0),
  ]);
  return formatTable([heading, ...cells]);
}
