// How well digits are told under every condition of a list, as they are and after noise reduction.

import pMap from "p-map";
import { denoise } from "../audio/denoise.ts";
import type { Clip } from "../corpus/clean-recordings.ts";
import { createRandom } from "../random.ts";
import {
  type ClassifySamples,
  CONCURRENCY,
  type DigitPrediction,
  type EvaluateOptions,
} from "./evaluate-recordings.ts";
import { listCodecConditions } from "./robustness-codecs.ts";
import {
  listConditions,
  ROBUSTNESS_GROUPS,
  type RobustnessCondition,
  type RobustnessGroup,
} from "./robustness-conditions.ts";

/** What is measured and on what. */
export type RobustnessOptions = EvaluateOptions & {
  /** Predicts, at 8 kHz. */
  classify: ClassifySamples;
  /** Clean recordings of digits, mono, 8 kHz: of speakers and recordings that are unseen in training. At least one. */
  recordings: readonly Clip[];
  /** Recorded noise, mono, 8 kHz, none of it used in training; may be none. */
  noises: readonly Float32Array[];
  /** A whole number; the same seed gives the same noise, rooms and figures. */
  seed: number;
  /** Whether to send the recordings through MP3 and Opus too, which needs `ffmpeg`. Default: false. */
  codecs?: boolean;
  /** Which conditions. Default: all. */
  groups?: readonly RobustnessGroup[];
};

/** Shares of the recordings, 0..1. */
export type RobustnessFigures = {
  /** Of which the best digit is the one spoken, whatever the threshold. */
  accuracy: number;
  /** Which were accepted as a digit, right or wrong. */
  accepted: number;
};

/** One condition. */
export type RobustnessRow = {
  group: RobustnessGroup;
  /** In `unit`; null where there is nothing to set. */
  setting: number | null;
  unit: string;
  /** The recordings as they are. */
  plain: RobustnessFigures;
  /** The same after noise reduction. */
  denoised: RobustnessFigures;
};

/** The conditions tried, in the order of `ROBUSTNESS_GROUPS`. */
export type RobustnessReport = { n: number; seed: number; rows: RobustnessRow[] };

const SAMPLE_RATE = 8000;
/** Digital silence put around every recording first, so that noise is heard before and after the word. */
const MARGIN = 2000;
const ROBUSTNESS_STREAM = 41;

/**
 * Classifies every recording under every condition of `listConditions`, as it is and after noise reduction. The signal
 * power of a signal-to-noise ratio is that of the word's active part. For tests only: nothing here may choose a setting or
 * a checkpoint.
 *
 * @param options See {@link RobustnessOptions}.
 * @throws {FileError} `codecs` is set and there is no `ffmpeg`.
 * @throws Any error of `classify`, as it is.
 */
export async function measureRobustness(options: RobustnessOptions): Promise<RobustnessReport> {
  const { recordings, noises, seed, codecs = false, onProgress, signal } = options;
  const { groups = ROBUSTNESS_GROUPS } = options;
  const clips = recordings.map((recording) => surround(recording.samples));
  const speakers = recordings.map(({ recording }) => JSON.stringify([recording.corpus, recording.speaker]));
  const samples = recordings.map((recording) => recording.samples);
  const conditions = inOrder([
    ...listConditions({ clips: samples, speakers, noises, seed }),
    ...(codecs ? listCodecConditions(clips, { signal }) : []),
  ]).filter(({ group }) => groups.includes(group));
  const rows: RobustnessRow[] = [];
  for (const condition of conditions) {
    signal?.throwIfAborted();
    rows.push(await measureCondition(condition, { ...options, clips }));
    onProgress?.(rows.length, conditions.length);
  }
  return { n: recordings.length, seed, rows };
}

function inOrder(conditions: readonly RobustnessCondition[]): RobustnessCondition[] {
  const place = ({ group }: RobustnessCondition) => ROBUSTNESS_GROUPS.indexOf(group);
  return [...conditions].sort((a, b) => place(a) - place(b));
}

type Outcome = { right: boolean; accepted: boolean };

async function measureCondition(
  condition: RobustnessCondition,
  options: RobustnessOptions & { clips: readonly Float32Array[] },
): Promise<RobustnessRow> {
  const { classify, recordings, clips, seed, signal } = options;
  const groupIndex = ROBUSTNESS_GROUPS.indexOf(condition.group);
  const measureClip = async (clip: Float32Array, clipIndex: number) => {
    const random = createRandom(seed, ROBUSTNESS_STREAM, groupIndex, clipIndex);
    const changed = await condition.apply(clip, { clipIndex, random });
    const { label } = recordings[clipIndex]!.recording;
    const judge = ({ topDigit, digit }: DigitPrediction) => ({
      right: topDigit === label,
      accepted: digit !== null,
    });
    return {
      plain: judge(await classify(changed, { sampleRate: SAMPLE_RATE })),
      denoised: judge(
        await classify(denoise(changed, { sampleRate: SAMPLE_RATE }), { sampleRate: SAMPLE_RATE }),
      ),
    };
  };
  const outcomes = await pMap(clips, measureClip, { concurrency: CONCURRENCY, signal });
  const { group, setting, unit } = condition;
  const plain = toFigures(outcomes.map((outcome) => outcome.plain));
  return { group, setting, unit, plain, denoised: toFigures(outcomes.map((outcome) => outcome.denoised)) };
}

function toFigures(outcomes: readonly Outcome[]): RobustnessFigures {
  const shareOf = (key: keyof Outcome) => outcomes.filter((outcome) => outcome[key]).length / outcomes.length;
  return { accuracy: shareOf("right"), accepted: shareOf("accepted") };
}

function surround(samples: Float32Array): Float32Array {
  const longer = new Float32Array(samples.length + 2 * MARGIN);
  longer.set(samples, MARGIN);
  return longer;
}
