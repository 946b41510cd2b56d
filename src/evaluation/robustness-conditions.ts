// The conditions of a robustness report: noise, levels, rates, rooms, silence, tempo.

import { changeTempo } from "../audio/change-tempo.ts";
import { colouredNoise } from "../audio/coloured-noise.ts";
import { createRandom, type Random } from "../random.ts";
import { addNoise, addReverb, makeBabble } from "./noise-mix.ts";
import { setPeak, throughMuLaw, throughRate } from "./noise-mix-line.ts";

/** What can be changed, in the order of a report. */
export const ROBUSTNESS_GROUPS = [
  "clean",
  "white noise",
  "coloured noise",
  "recorded noise",
  "babble",
  "level",
  "sample rate",
  "mu-law",
  "mp3",
  "opus",
  "reverb",
  "leading silence",
  "speaking rate",
] as const;

/** One of {@link ROBUSTNESS_GROUPS}. */
export type RobustnessGroup = (typeof ROBUSTNESS_GROUPS)[number];

/** One line of a robustness report before it is measured. */
export type RobustnessCondition = {
  group: RobustnessGroup;
  /** How much, in `unit`; null where there is nothing to set. */
  setting: number | null;
  /** For example `dB`; empty for factors and where there is nothing to set. */
  unit: string;
  /**
   * Changes a clip. Conditions of one group that are given equal streams draw the same noise and the same room, so that
   * their figures differ by the setting alone.
   *
   * @param samples Mono, 8 kHz.
   * @param clipIndex Which clip of the evaluation it is; babble is made of others.
   */
  apply(
    samples: Float32Array,
    options: { clipIndex: number; random: Random },
  ): Float32Array | Promise<Float32Array>;
};

/** What conditions are made of. */
export type ConditionMaterial = {
  /** The clips that are tried, mono, 8 kHz; babble is drawn from them. */
  clips: readonly Float32Array[];
  /** Who says each clip; in the babble around a clip its own speaker is not heard. */
  speakers: readonly string[];
  /** Recorded noise, mono, 8 kHz; may be none. */
  noises: readonly Float32Array[];
  /** Of the made noise. */
  seed: number;
};

const SAMPLE_RATE = 8000;
const SNRS_DB = [20, 10, 5, 0];
const PEAKS_DB = [-40, -30, -20, -10, 0];
const RATES_HZ = [6000, 11025, 16000, 44100];
const REVERB_TIMES_MS = [200, 400, 600, 1000];
const SILENCES_MS = [0, 500, 1000, 2000];
const SPEAKING_RATES = [0.8, 0.9, 1.1, 1.25];
// White, pink and brown and what lies between; each clip gets one by lot.
const COLOURED_TILTS = [0.5, 1, 1.5, 2];
const NOISE_LENGTH = 2 ** 16;
const NOISE_STREAM = 40;

/**
 * The conditions of a robustness report, in its order: clean; white, coloured and recorded noise and babble at 20, 10, 5 and
 * 0 dB; peaks of -40 to 0 dB; 6 to 44.1 kHz and back; mu-law; reverberation of 0.2 to 1 s; 0 to 2 s of digital silence in
 * front; speech 0.8 to 1.25 times as fast at the same pitch. Of MP3 and Opus there is `listCodecConditions`.
 *
 * @param material Without recorded noise there is none of it in the list, with speech of one speaker alone no babble.
 */
export function listConditions(material: ConditionMaterial): RobustnessCondition[] {
  return [
    { group: "clean", setting: null, unit: "", apply: (samples) => samples },
    ...noiseConditions(material),
    ...conditionsOf("level", PEAKS_DB, "dB", (peakDb) => (samples) => setPeak(samples, { peakDb })),
    ...conditionsOf(
      "sample rate",
      RATES_HZ,
      "Hz",
      (rate) => (samples) => throughRate(samples, { sampleRate: SAMPLE_RATE, throughRate: rate }),
    ),
    { group: "mu-law", setting: null, unit: "", apply: (samples) => throughMuLaw(samples) },
    ...conditionsOf(
      "reverb",
      REVERB_TIMES_MS,
      "ms",
      (reverbTimeMs) =>
        (samples, { random }) =>
          addReverb(samples, { reverbTimeMs, random }),
    ),
    ...conditionsOf(
      "leading silence",
      SILENCES_MS,
      "ms",
      (silenceMs) => (samples) => leadIn(samples, silenceMs),
    ),
    ...conditionsOf(
      "speaking rate",
      SPEAKING_RATES,
      "",
      (rate) => (samples) => changeTempo(samples, { rate }),
    ),
  ];
}

type Draw = (options: { clipIndex: number; random: Random; length: number }) => Float32Array;

function noiseConditions(material: ConditionMaterial): RobustnessCondition[] {
  const { noises, speakers, seed } = material;
  const white = makeNoise(seed, 0);
  const coloured = COLOURED_TILTS.map((tilt) => makeNoise(seed, tilt));
  const kinds: [RobustnessGroup, Draw][] = [
    ["white noise", () => white],
    ["coloured noise", ({ random }) => coloured[random.integer(0, coloured.length)]!],
  ];
  if (noises.length > 0) {
    kinds.push(["recorded noise", ({ random }) => noises[random.integer(0, noises.length)]!]);
  }
  if (new Set(speakers).size > 1) kinds.push(["babble", babbleOf(material)]);
  return kinds.flatMap(([group, draw]) =>
    conditionsOf(group, SNRS_DB, "dB", (snrDb) => (samples, { clipIndex, random }) => {
      const noise = draw({ clipIndex, random, length: samples.length });
      return addNoise(samples, { noise, snrDb, random });
    }),
  );
}

function makeNoise(seed: number, tilt: number): Float32Array {
  return colouredNoise(NOISE_LENGTH, { tilt, random: createRandom(seed, NOISE_STREAM, 10 * tilt) });
}

function babbleOf({ clips, speakers }: ConditionMaterial): Draw {
  const others = new Map<string, Float32Array[]>();
  for (const speaker of new Set(speakers)) {
    others.set(
      speaker,
      clips.filter((_, i) => speakers[i] !== speaker),
    );
  }
  return ({ clipIndex, random, length }) =>
    makeBabble(others.get(speakers[clipIndex]!) ?? clips, { length, random });
}

function conditionsOf(
  group: RobustnessGroup,
  settings: readonly number[],
  unit: string,
  makeApply: (setting: number) => RobustnessCondition["apply"],
): RobustnessCondition[] {
  return settings.map((setting) => ({ group, setting, unit, apply: makeApply(setting) }));
}

function leadIn(samples: Float32Array, silenceMs: number): Float32Array {
  const silence = Math.round((silenceMs / 1000) * SAMPLE_RATE);
  const longer = new Float32Array(silence + samples.length);
  longer.set(samples, silence);
  return longer;
}
