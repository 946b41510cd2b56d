import { InvalidArgumentError } from "../../errors.ts";
import { CLASS_COUNT } from "../../model/architectures.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";

/** Label of the class "none", behind the ten digits. */
export const NONE_LABEL = CLASS_COUNT - 1;

/** Lowest and highest value of a draw, `low <= high`. */
export type Range = readonly [low: number, high: number];

/**
 * Everything that can be set about augmentation. Probabilities and shares are in [0, 1]; of weights only the
 * proportions count, and a kind with weight 0 never comes.
 */
export type AugmentationSettings = {
  /** Speed and pitch together, a factor drawn evenly on a logarithmic axis. Within 0.5..2. Default: 0.8..1.25. */
  speed: Range;
  /** Vocal-tract warp of the frequency axis, lowest and highest factor, below and above 1. Default: 0.85..1.18. */
  warp: Range;
  /** How many factors there are to choose from, odd, so that one of them is 1. Default: 13. */
  warpCount: number;
  /** Share of the examples placed as in serving: in the middle, or the loudest window of a long one. Default: 0.2. */
  centredShare: number;
  /** Up to this share of a word may lie outside the window, at either end. Default: 0.08. */
  cutShare: number;
  /** A window out of a word longer than it starts up to this share of it before or after the loudest. Default: 0.15. */
  jitterShare: number;

  /** How often the equaliser acts. Default: 0.6. */
  equaliserProbability: number;
  /** Its control points lie between minus and plus this many dB, >= 0. Default: 8. */
  equaliserGainDb: number;
  /** Lower band edge in Hz (half power); below about 30 Hz nothing is cut. Default: 0..350. */
  lowEdgeHz: Range;
  /** Upper band edge in Hz (half power); above 4000 little is cut. Default: 3000..4300. */
  highEdgeHz: Range;

  /** How often there is reverberation. Default: 0.4. */
  reverbProbability: number;
  /** Time in milliseconds in which it falls by 60 dB, > 0, at most 1000. Default: 80..600. */
  reverbTimeMs: Range;
  /** Energy of the direct sound over that of the reverberation, in dB. Default: -3..18. */
  directToReverbDb: Range;
  /** Number of different rooms, >= 1. Default: 96. */
  roomCount: number;

  /** How often noise is added. Default: 0.8. */
  noiseProbability: number;
  /** Power of the word's active part over that of the noise, in dB. Default: -3..35. */
  snrDb: Range;
  /** What the noise is; kinds there is no material for are left out. Default: coloured 4, babble 2, recorded 4. */
  noiseWeights: { coloured: number; babble: number; recorded: number };
  /** Power of coloured noise falls as 1 / f^tilt: 0 white, 1 pink, 2 brown. Default: -0.5..2. */
  noiseTilt: Range;
  /** Fewest and most clips summed to babble, whole numbers >= 1. Default: 3..6. */
  babbleTalkers: Range;
  /** Share of the noisy examples whose noise ends with the recording: serving pads with digital silence. Default: 0.25. */
  noiseSpanShare: number;

  /** How often the waveform is softly clipped. Default: 0.1. */
  clippingProbability: number;
  /** How far the peak is driven above the level where clipping sets in, in dB. Default: 0..15. */
  clippingDriveDb: Range;
  /** Peak of the finished example in dB below full scale, all <= 0. Default: -40..-1. */
  peakDb: Range;
  /** How often the samples go through 8-bit mu-law, as on a telephone line. Default: 0.1. */
  muLawProbability: number;

  /** Share of the digit clips turned into an example of "none". Default: 0.12. */
  noneShare: number;
  /**
   * What they become; kinds there is no material for are left out. Default: backwards 3, half 3, joined 3, noise 2,
   * nearSilence 1, otherWord 6, voice 0, madeUpWord 3, patched 0.
   */
  noneWeights: {
    /** The clip played backwards. */
    backwards: number;
    /** Its first or last part. */
    half: number;
    /** Its first part and the last part of another digit. */
    joined: number;
    /** Noise of any kind, no word. */
    noise: number;
    /** Digital silence with clicks or mains hum or nothing. */
    nearSilence: number;
    /** A real word that is no digit. */
    otherWord: number;
    /** A stretch of speech by one of many voices. */
    voice: number;
    /** One backwards, or its first or last part joined with that of another or of a digit. */
    madeUpWord: number;
    /** Pieces of the digits of one speaker, joined to what is no word; see `patchSpeech`. */
    patched: number;
  };
  /** What the noise is that such an example is made of, as `noiseWeights`. Default: the same as theirs. */
  noneNoiseWeights: { coloured: number; babble: number; recorded: number };
  /** Length of such a part as a share of the word. Default: 0.35..0.5. */
  halfShare: Range;

  /** Number of masked bands of the spectrogram. Default: 2. */
  bandMasks: number;
  /** Widest masked band as a share of the mel bands. Default: 0.15. */
  bandMaskShare: number;
  /** Number of masked stretches of time. Default: 2. */
  stretchMasks: number;
  /** Longest masked stretch as a share of the frames. Default: 0.16. */
  stretchMaskShare: number;

  /** Share of the batches that are mixed. Default: 0.5. */
  mixupProbability: number;
  /** Weights are drawn from Beta(alpha, alpha); above 0, at most 2. Default: 0.3. */
  mixupAlpha: number;
  /** Share of the target spread evenly over all classes. Default: 0.1. */
  labelSmoothing: number;
};

/** What is right where nothing says otherwise; the recipe of all corpora changes some of it. */
export const DEFAULT_AUGMENTATION: Readonly<AugmentationSettings> = {
  speed: [0.8, 1.25],
  warp: [0.85, 1.18],
  warpCount: 13,
  centredShare: 0.2,
  cutShare: 0.08,
  jitterShare: 0.15,
  equaliserProbability: 0.6,
  equaliserGainDb: 8,
  lowEdgeHz: [0, 350],
  highEdgeHz: [3000, 4300],
  reverbProbability: 0.4,
  reverbTimeMs: [80, 600],
  directToReverbDb: [-3, 18],
  roomCount: 96,
  noiseProbability: 0.8,
  snrDb: [-3, 35],
  noiseWeights: { coloured: 4, babble: 2, recorded: 4 },
  noiseTilt: [-0.5, 2],
  babbleTalkers: [3, 6],
  noiseSpanShare: 0.25,
  clippingProbability: 0.1,
  clippingDriveDb: [0, 15],
  peakDb: [-40, -1],
  muLawProbability: 0.1,
  noneShare: 0.12,
  noneWeights: {
    backwards: 3,
    half: 3,
    joined: 3,
    noise: 2,
    nearSilence: 1,
    otherWord: 6,
    voice: 0,
    madeUpWord: 3,
    patched: 0,
  },
  noneNoiseWeights: { coloured: 4, babble: 2, recorded: 4 },
  halfShare: [0.35, 0.5],
  bandMasks: 2,
  bandMaskShare: 0.15,
  stretchMasks: 2,
  stretchMaskShare: 0.16,
  mixupProbability: 0.5,
  mixupAlpha: 0.3,
  labelSmoothing: 0.1,
};

/** Settings under which an example is the clip itself in the middle of the window, at full scale: for tests and plots. */
export const NO_AUGMENTATION: Readonly<AugmentationSettings> = {
  ...DEFAULT_AUGMENTATION,
  speed: [1, 1],
  warp: [1, 1],
  warpCount: 1,
  centredShare: 1,
  equaliserProbability: 0,
  reverbProbability: 0,
  noiseProbability: 0,
  clippingProbability: 0,
  peakDb: [0, 0],
  muLawProbability: 0,
  noneShare: 0,
  bandMasks: 0,
  stretchMasks: 0,
  mixupProbability: 0,
  labelSmoothing: 0,
};

type RangeKey = {
  [K in keyof AugmentationSettings]: AugmentationSettings[K] extends Range ? K : never;
}[keyof AugmentationSettings];

// Bounds that the doc comments above state, for every setting that is a range.
const RANGE_BOUNDS: Record<RangeKey, Range> = {
  speed: [0.5, 2],
  warp: [0.5, 2],
  lowEdgeHz: [0, SAMPLE_RATE],
  highEdgeHz: [0, SAMPLE_RATE],
  reverbTimeMs: [1, 1000],
  directToReverbDb: [-200, 200],
  snrDb: [-200, 200],
  noiseTilt: [-4, 4],
  babbleTalkers: [1, 100],
  clippingDriveDb: [-100, 100],
  peakDb: [-200, 0],
  halfShare: [0, 1],
};

/**
 * Checks settings once, so that the code that draws can trust them.
 *
 * @param settings What a caller made.
 * @throws {InvalidArgumentError} A value is outside what {@link AugmentationSettings} states.
 */
export function checkAugmentationSettings(settings: AugmentationSettings): void {
  for (const [name, [least, most]] of Object.entries(RANGE_BOUNDS)) {
    const [low, high] = settings[name as RangeKey];
    if (!(least <= low && low <= high && high <= most))
      refuse(name, `a range within ${least}..${most}`, [low, high]);
  }
  for (const [name, value] of Object.entries(settings))
    if (
      /(Probability|Share|Smoothing)$/.test(name) &&
      typeof value === "number" &&
      !(value >= 0 && value <= 1)
    )
      refuse(name, "in [0, 1]", value);
  for (const name of ["warpCount", "roomCount"] as const)
    if (!(Number.isInteger(settings[name]) && settings[name] >= 1))
      refuse(name, "a whole number >= 1", settings[name]);
  for (const name of ["bandMasks", "stretchMasks"] as const)
    if (!(Number.isInteger(settings[name]) && settings[name] >= 0))
      refuse(name, "a whole number >= 0", settings[name]);
  if (!settings.babbleTalkers.every(Number.isInteger))
    refuse("babbleTalkers", "whole", settings.babbleTalkers);
  if (settings.warpCount % 2 === 0) refuse("warpCount", "odd", settings.warpCount);
  if (!(settings.warp[0] <= 1 && settings.warp[1] >= 1)) refuse("warp", "a range around 1", settings.warp);
  if (!(settings.equaliserGainDb >= 0)) refuse("equaliserGainDb", ">= 0", settings.equaliserGainDb);
  if (!(settings.mixupAlpha > 0 && settings.mixupAlpha <= 2))
    refuse("mixupAlpha", "in (0, 2]", settings.mixupAlpha);
  for (const name of ["noiseWeights", "noneWeights", "noneNoiseWeights"] as const)
    if (!Object.values(settings[name]).every((weight) => weight >= 0 && Number.isFinite(weight)))
      refuse(name, "finite and >= 0", settings[name]);
}

function refuse(name: string, rule: string, got: unknown): never {
  throw new InvalidArgumentError(
    `augmentation settings: ${name} must be ${rule}, got ${JSON.stringify(got)}`,
  );
}
