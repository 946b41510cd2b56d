// All that is measured of a classifier for its report: digits, what is no digit, damage.

import { loadSamples } from "../corpus/load-samples.ts";
import type { Recording } from "../corpus/recording.ts";
import { createRandom } from "../random.ts";
import { type ClassifySamples, type EvaluateOptions, evaluateRecordings } from "./evaluate-recordings.ts";
import type { HeldOutMaterial } from "./held-out-material.ts";
import type { MeasuredFigures } from "./model-report.ts";
import { digitTestFigures } from "./model-report.ts";
import type { NoiseClip, WordClip } from "./rejection.ts";
import { measureRejection } from "./rejection.ts";
import { measureRobustness } from "./robustness.ts";
import type { RobustnessGroup } from "./robustness-conditions.ts";

/** What is measured, and how thoroughly. */
export type MeasureModelOptions = Pick<EvaluateOptions, "signal"> & {
  /** Predicts, at 8 kHz. */
  classify: ClassifySamples;
  /** Of `readHeldOutMaterial`. */
  material: HeldOutMaterial;
  /** A whole number; the same gives the same figures. Default: 1. */
  seed?: number;
  /** Most clips of each test under each condition of the robustness report, >= 1. Default: all. */
  limit?: number;
  /** Which conditions of the robustness report are tried. Default: all. */
  groups?: readonly RobustnessGroup[];
  /** Whether to send clips through MP3 and Opus too, which needs `ffmpeg`. Default: false. */
  codecs?: boolean;
  /** Called now and then with what is done: a name, and how much of how much of it. */
  onProgress?: (stage: string, nDone: number, nTotal: number) => void;
};

/**
 * Measures a model: on all held-out digits as they are, on all that is no digit, and on digits under every condition of
 * the robustness report. Nothing here may choose a setting or a checkpoint.
 *
 * @param options See {@link MeasureModelOptions}.
 * @throws {CorpusError} A recording cannot be read.
 * @throws {AudioFormatError} A recording cannot be decoded.
 * @throws {FileError} A file cannot be read, or `codecs` is set and there is no `ffmpeg`.
 * @throws Any error of `classify`, as it is.
 */
export async function measureModel(options: MeasureModelOptions): Promise<MeasuredFigures> {
  const { material } = options;
  const noises = await loadNoises(options);
  const digits: MeasuredFigures["digits"] = {};
  const robustness: MeasuredFigures["robustness"] = {};
  for (const name of keysOf(material.digits)) {
    const recordings = material.digits[name]!;
    const clips = await load(recordings, options);
    digits[name] = await measureDigits(name, clips, options);
    robustness[name] = await measureDamaged(name, clips, { ...options, noises });
  }
  return { digits, rejection: await measureOthers(noises, options), robustness };
}

type LoadedClip = { recording: Recording; samples: Float32Array };

async function load(recordings: readonly Recording[], options: MeasureModelOptions): Promise<LoadedClip[]> {
  const samples = await loadSamples(recordings, { signal: options.signal });
  return recordings.map((recording, i) => ({ recording, samples: samples[i]! }));
}

async function measureDigits(name: string, clips: readonly LoadedClip[], options: MeasureModelOptions) {
  const { classify, onProgress, signal } = options;
  const samplesOf = new Map(clips.map(({ recording, samples }) => [recording, samples]));
  const { rows } = await evaluateRecordings(
    clips.map(({ recording }) => recording),
    (recording) => classify(samplesOf.get(recording)!, { sampleRate: 8000 }),
    { onProgress: (nDone, nTotal) => onProgress?.(name, nDone, nTotal), signal },
  );
  return digitTestFigures(rows);
}

async function measureDamaged(
  name: string,
  clips: readonly LoadedClip[],
  options: MeasureModelOptions & { noises: readonly NoiseClip[] },
) {
  const { classify, noises, seed = 1, limit = clips.length, groups, codecs, onProgress, signal } = options;
  return measureRobustness({
    classify,
    recordings: drawSubset(clips, { limit, seed, labelOf: ({ recording }) => recording.label }),
    noises: noises.map(({ samples }) => samples),
    seed,
    groups,
    codecs,
    onProgress: (nDone, nTotal) => onProgress?.(`${name}, damaged`, nDone, nTotal),
    signal,
  });
}

async function measureOthers(noises: readonly NoiseClip[], options: MeasureModelOptions) {
  const { classify, material, seed = 1, onProgress, signal } = options;
  const words: Record<string, WordClip[]> = {};
  for (const name of keysOf(material.words)) {
    const clips = await load(material.words[name]!, options);
    words[name] = clips.map(({ recording, samples }) => ({ samples, word: wordOf(recording) }));
  }
  return measureRejection({
    classify,
    words,
    noises,
    seed,
    onProgress: (nDone, nTotal) => onProgress?.("words, noise and silence", nDone, nTotal),
    signal,
  });
}

/** Phrases are each said once; figures by phrase would say nothing. */
function wordOf({ word, corpus }: Recording): string | undefined {
  return word?.includes(" ") ? corpus : word;
}

async function loadNoises({ material, signal }: MeasureModelOptions): Promise<NoiseClip[]> {
  const samples = await loadSamples(material.noises, { signal });
  return material.noises.map(({ kind }, i) => ({ kind, samples: samples[i]! }));
}

function keysOf<Name extends string>(lists: Partial<Record<Name, unknown>>): Name[] {
  return Object.keys(lists) as Name[];
}

const SUBSET_STREAM = 43;

/**
 * Some of a list, drawn so that each label has its share: as many of each as of any other, as far as there are so many.
 *
 * @param items Any, each with a label.
 * @param options.limit How many at most, a whole number >= 1.
 * @param options.seed A whole number; the same gives the same items.
 * @returns At most `limit` items, in the order given.
 */
export function drawSubset<Item>(
  items: readonly Item[],
  options: { limit: number; seed: number; labelOf: (item: Item) => unknown },
): Item[] {
  const { limit, seed, labelOf } = options;
  if (items.length <= limit) return [...items];
  const random = createRandom(seed, SUBSET_STREAM);
  const drawn = new Map<unknown, number>();
  const ranked = random.shuffle([...items.keys()]).map((index) => {
    const label = labelOf(items[index]!);
    const rank = drawn.get(label) ?? 0;
    drawn.set(label, rank + 1);
    return { index, rank };
  });
  const chosen = ranked.sort((a, b) => a.rank - b.rank).slice(0, limit);
  return chosen
    .map(({ index }) => index)
    .sort((a, b) => a - b)
    .map((index) => items[index]!);
}
