// Everything that ways of listening are measured on, or chosen by: people, streams made of clips, noise, tones, music,
// silence.

import type { CorpusFolders } from "../corpus/corpora.ts";
import type { DataPart } from "../corpus/data-part.ts";
import { type ClipMaterial, readHeldOutClips } from "./clip-stream-material.ts";
import type { SpokenDigit } from "./clip-streams.ts";
import { type FluentTestRecording, readFluentTestMaterial } from "./fluent-material.ts";
import type { ListeningSets } from "./listening-report.ts";
import { negativeStreamsOf, type StreamCondition, streamsOf } from "./measure-clip-streams.ts";
import { MUSIC_NAMES, musicSignal } from "./music-signals.ts";
import { TONE_NAMES, toneSignal } from "./tone-signals.ts";

/** A recording; of a stream made of clips, when each digit is said as well. */
export type ListeningRecording = FluentTestRecording & { spoken?: readonly SpokenDigit[] };

/** How much of what is made. */
export type ListeningMaterialOptions = {
  /** Of recorded noise. Default: 10. */
  noiseMinutes?: number;
  /** Streams made of clips for each of the conditions. Default: 0. */
  streams?: number;
};

const SEED = 1;
const TONE_SECONDS = 20;
const SILENT_SECONDS = 60;
const SAMPLES_PER_MS = 8;
/** Silence before and after a single digit. */
const QUIET_MS = 1000;
const CONDITIONS: readonly StreamCondition[] = ["spaced", "run together", "loud noise"];

/**
 * Reads and makes the material of one part.
 *
 * @param folders From `locateCorpora`; FSDD, Speech Commands, ESC-10, other speech, `connected` and `speech` are needed.
 * @param part `dev` to choose, `test` to report.
 * @param options See {@link ListeningMaterialOptions}.
 * @throws {CorpusError} `corpus-missing`: a corpus is not there; `corpus-format`: a table is damaged.
 * @throws {FileError} A file cannot be read.
 * @throws {AudioFormatError} A recording cannot be decoded.
 */
export async function readListeningMaterial(
  folders: CorpusFolders,
  part: Exclude<DataPart, "training">,
  { noiseMinutes = 10, streams = 0 }: ListeningMaterialOptions = {},
): Promise<ListeningSets<ListeningRecording>> {
  const fluent = await readFluentTestMaterial(folders, part);
  const clips = (await readHeldOutClips(folders))[part];
  const noise = [...negativeStreamsOf(clips, "noise", { minutes: noiseMinutes, seed: SEED })];
  return {
    numbers: { ...fluent.numbers, "one digit": clips.digits.map(inQuiet), ...streamSets(clips, streams) },
    negatives: {
      ...fluent.negatives,
      noise: noise.map((samples) => nothingSaid("noise", samples)),
      tones: TONE_NAMES.map((name) => nothingSaid(name, toneSignal(name, TONE_SECONDS))),
      music: MUSIC_NAMES.map((name) => nothingSaid(name, musicSignal(name, TONE_SECONDS))),
      silence: [nothingSaid("silence", new Float32Array(1000 * SAMPLES_PER_MS * SILENT_SECONDS))],
    },
  };
}

function streamSets(clips: ClipMaterial, count: number): Record<string, ListeningRecording[]> {
  if (count === 0) return {};
  const sets = CONDITIONS.map((condition) => {
    const streams = [...streamsOf(clips, condition, { count, seed: SEED })].map(({ samples, digits }) => ({
      ...recording({ corpus: "clips", digits: digits.map(({ digit }) => digit).join("") }, samples),
      spoken: digits,
    }));
    return [condition, streams] as const;
  });
  return Object.fromEntries(sets);
}

function inQuiet({ samples, digit, speaker }: ClipMaterial["digits"][number]): ListeningRecording {
  const longer = new Float32Array(samples.length + 2 * QUIET_MS * SAMPLES_PER_MS);
  longer.set(samples, QUIET_MS * SAMPLES_PER_MS);
  return recording({ corpus: "speech-commands", digits: String(digit), speaker }, longer);
}

const nothingSaid = (corpus: string, samples: Float32Array) => recording({ corpus, digits: "" }, samples);

function recording(
  { corpus, digits, speaker = "" }: { corpus: string; digits: string; speaker?: string },
  samples: Float32Array,
): ListeningRecording {
  return { path: "", corpus, digits, speaker, samples, durationMs: samples.length / SAMPLES_PER_MS };
}
