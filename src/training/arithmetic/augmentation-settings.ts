import { InvalidArgumentError } from "../../errors.ts";
import { CLASS_COUNT } from "../../model/architectures.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";

/** Label of the class "none", behind the ten digits. */
export const NONE_LABEL = CLASS_COUNT - 1;

/** Lowest and highest value of a draw, `low <= high`. */
export type Range = readonly [low: number, high: number];

/** Kinds of noise; `music` is made up. */
export type NoiseWeights = { coloured: number; babble: number; recorded: number; music: number };

/**
 * Everything that can be set about augmentation. Probabilities and shares are in [0, 1]; of weights only the
 * proportions count, and a kind with weight 0 never comes.
 */
export type AugmentationSettings = {
  /** Speed and pitch together, a factor drawn evenly on a logarithmic axis. Within 0.5..2. */
  speed: Range;
  /** Vocal-tract warp of the frequency axis, lowest and highest factor, below and above 1. */
  warp: Range;
  /** How many factors there are to choose from, odd, so that one of them is 1. */
  warpCount: number;
  /** Share of the examples placed as in serving: in the middle, or the loudest window of a long one. */
  centredShare: number;
  /** Up to this share of a word may lie outside the window, at either end. */
  cutShare: number;
  /** A window out of a word longer than it starts up to this share of it before or after the loudest. */
  jitterShare: number;

  /** How often the equaliser acts. */
  equaliserProbability: number;
  /** Its control points lie between minus and plus this many dB, >= 0. */
  equaliserGainDb: number;
  /** Lower band edge in Hz (half power); below about 30 Hz nothing is cut. */
  lowEdgeHz: Range;
  /** Upper band edge in Hz (half power); above 4000 little is cut. */
  highEdgeHz: Range;

  /** How often there is reverberation. */
  reverbProbability: number;
  /** Time in milliseconds in which it falls by 60 dB, > 0, at most 1000. */
  reverbTimeMs: Range;
  /** Energy of the direct sound over that of the reverberation, in dB. */
  directToReverbDb: Range;
  /** Number of different rooms, >= 1. */
  roomCount: number;

  /** How often noise is added. */
  noiseProbability: number;
  /** Power of the word's active part over that of the noise, in dB. */
  snrDb: Range;
  /** What the noise is; kinds there is no material for are left out. */
  noiseWeights: NoiseWeights;
  /** Power of coloured noise falls as 1 / f^tilt: 0 white, 1 pink, 2 brown. */
  noiseTilt: Range;
  /** Fewest and most clips summed to babble, whole numbers >= 1. */
  babbleTalkers: Range;
  /** Share of the noisy examples whose noise ends with the recording: serving pads with digital silence. */
  noiseSpanShare: number;

  /** How often the waveform is softly clipped. */
  clippingProbability: number;
  /** How far the peak is driven above the level where clipping sets in, in dB. */
  clippingDriveDb: Range;
  /** Peak of the finished example in dB below full scale, all <= 0. */
  peakDb: Range;
  /** How often the samples go through 8-bit mu-law, as on a telephone line. */
  muLawProbability: number;

  /** Share of the digit clips turned into an example of "none". */
  noneShare: number;
  /**
   * What they become; kinds there is no material for are left out.
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
    /** A piece of fluent speech between digits, or without any; see `createSpeechPieces`. */
    piece: number;
    /** One backwards, or its first or last part joined with that of another or of a digit. */
    madeUpWord: number;
    /** Pieces of the digits of one speaker, joined to what is no word; see `patchSpeech`. */
    patched: number;
  };
  /** What the noise is that such an example is made of, as `noiseWeights`. */
  noneNoiseWeights: NoiseWeights;
  /** Length of such a part as a share of the word. */
  halfShare: Range;
  /** Share of the made-up words that are a word played backwards; the others are joined from parts. */
  backwardsShare: number;
  /** Fewest and most pieces of patched speech, whole numbers >= 1. */
  patchPieces: Range;
  /** Length of such a piece in milliseconds. */
  patchPieceMs: Range;
  /** Longest piece as a share of the word that it is cut from. */
  patchPieceShare: number;

  /** Number of masked bands of the spectrogram. */
  bandMasks: number;
  /** Widest masked band as a share of the mel bands. */
  bandMaskShare: number;
  /** Number of masked stretches of time. */
  stretchMasks: number;
  /** Longest masked stretch as a share of the frames. */
  stretchMaskShare: number;

  /** Share of the batches that are mixed. */
  mixupProbability: number;
  /** Weights are drawn from Beta(alpha, alpha); above 0, at most 2. */
  mixupAlpha: number;
  /** Share of the target spread evenly over all classes. */
  labelSmoothing: number;
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
  patchPieces: [1, 100],
  patchPieceMs: [10, 1000],
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
  for (const name of ["babbleTalkers", "patchPieces"] as const)
    if (!settings[name].every(Number.isInteger)) refuse(name, "whole", settings[name]);
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
