import type { CorpusSummary } from "./corpora.ts";
import type { Recording } from "./recording.ts";

/**
 * Sums up a corpus of speech: its name, where it is, how many recordings by how many speakers, and what else is known.
 *
 * @param recordings Of the corpus.
 * @param lines Value of each line by its name; those of `recordings` and `speakers` take the place of the counts.
 */
export function summaryOf(
  recordings: Recording[],
  lines: { corpus: string; folder: string; [name: string]: string },
): CorpusSummary {
  const { corpus, folder, ...others } = lines;
  const speakers = String(new Set(recordings.map(({ speaker }) => speaker)).size);
  const counts = { recordings: String(recordings.length), speakers };
  return { rows: Object.entries({ corpus, folder, ...counts, ...others }), recordings };
}
