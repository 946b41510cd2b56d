import { loadSamplesOnce } from "../corpus/load-samples-once.ts";
import type { Label, Recording } from "../corpus/recording.ts";
import { LABELS } from "../model/model-metadata.ts";
import type { TrainingClips } from "./group-step.ts";

/** Recordings as a training takes them: samples, classes, and speakers by number. @param recordings Any. */
export async function loadClips(
  recordings: readonly Recording[],
): Promise<TrainingClips & { speakers: number[] }> {
  const names = recordings.map(({ corpus, speaker }) => `${corpus}/${speaker}`);
  const numbers = new Map([...new Set(names)].map((name, i) => [name, i]));
  return {
    clips: await loadSamplesOnce(recordings),
    labels: recordings.map(({ label }) => classOf(label)),
    speakers: names.map((name) => numbers.get(name)!),
  };
}

/** Place of a label among the classes, 0..10. @param label Any. */
export const classOf = (label: Label) => LABELS.indexOf(String(label) as (typeof LABELS)[number]);
