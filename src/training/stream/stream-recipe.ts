// The recipe of the stream model: every setting of its training, in one place.

import type { Decoding } from "../../live/decoding.ts";
import type { AugmentationSettings, Range } from "../arithmetic/augmentation-settings.ts";
import { COMMON, checkHyperparameters, DEFAULT_AUGMENTATION, type Hyperparameters } from "../recipe.ts";

/** How the strings that the stream model is trained on are made. Shares are in [0, 1]. */
export type StringSettings = {
  /**
   * What is heard in a window: digits in a row and speech without a digit, both made from clips; stretches of fluent speech
   * with numbers, and without; or noise alone. Weights; where no recording of fluent speech is given, its two count as 0.
   */
  windowWeights: { string: number; fluent: number; sentence: number; speech: number; noise: number };
  /** Share of the sounds of a string that are another word or made-up one. */
  otherShare: number;
  /**
   * What those are: whole words and short phrases, words made up from halves, pieces of words patched together, stretches of
   * the telephone prompts, of speech by many voices in other languages, and pieces of fluent speech. Weights.
   */
  otherWeights: {
    real: number;
    madeUp: number;
    patched: number;
    prompt: number;
    voice: number;
    piece: number;
  };
  /** Share of them that are said faster or slower than the digits, and with their pitch, so that they are other sounds. */
  otherSpeedShare: number;
  /** By what factor. */
  otherSpeed: Range;
  /**
   * By what factor prompts are said faster, and with another pitch: never at their own, or the one voice that says them would
   * be learnt as a voice that says no digit.
   */
  promptSpeed: { slower: Range; faster: Range };
  /** Share of the digits that are followed by the same digit. */
  doubledShare: number;
  /** Share of the strings whose digits run together. */
  tightShare: number;
  /** From the end of a word to the beginning of the next in such a string, in ms; negative: they overlap. */
  tightGapMs: Range;
  /** Speaking rate in such a string, a factor drawn evenly on a logarithmic axis: fluent digits are shorter than clips. */
  tightTempo: Range;
  /** At most this share of each end of a digit is left out in such a string. */
  tightTrim: number;
  /** From the end of a word to the beginning of the next in other strings, in ms. */
  looseGapMs: Range;
  /** Speaking rate in such strings. */
  tempo: Range;
  /** The same of recordings of fluent speech, against that at which they were said. */
  fluentTempo: Range;
  /** From the end of a recording of fluent speech to the beginning of the next, in ms. */
  fluentGapMs: Range;
  /** Share of the windows whose rate is changed without the pitch, as far as `augmentation.speed` does not change both. */
  stretchedShare: number;
  /** Words differ in level by at most this many dB either way. */
  wordLevelDb: number;
  /**
   * What the net sees is raised by so much above the level of the window, in dB. A stream's level is that of what came before,
   * which is less than the first word after a pause.
   */
  raisedDb: Range;
  /** Share of the strings that hold digits of any speaker, not of one alone. */
  mixedSpeakersShare: number;
  /** Share of the strings whose digits are cut out of fluent speech, where there is any. */
  fluentVoiceShare: number;
  /** Share of the "zero" clips of which only the end is heard, as "oh". */
  ohShare: number;
  /** Share of the windows that begin with digital silence, as the beginning of a stream does. */
  streamStartShare: number;
  /** Share of each target spread evenly over all states. */
  labelSmoothing: number;
};

/** How the stream model is trained. With the recordings, it determines the result to the last bit. */
export type StreamRecipe = Hyperparameters & {
  architecture: "stream";
  /** Channel, rooms, noise, level; what has to do with single words in windows is not used. */
  augmentation: AugmentationSettings;
  strings: StringSettings;
};

/**
 * The settings of each way of listening that a model is written with. They were chosen on speakers that it was not trained on;
 * `spoken-digits tune` writes better ones for it into its file.
 */
export const STREAM_DECODING: Decoding = {
  any: {
    threshold: 0.25,
    otherCost: 0.8,
    digitBias: 1.25,
    endBias: -0.25,
    digitPenalty: 4,
    otherPenalty: 3,
    minFrames: 4,
    lookahead: 1,
    beam: 8,
  },
  digits: {
    threshold: 0,
    otherCost: 0,
    digitBias: 2.5,
    endBias: 1,
    digitPenalty: 6,
    otherPenalty: 3,
    minFrames: 3,
    lookahead: 8,
    beam: 8,
  },
  numbers: {
    threshold: 0,
    otherCost: 0,
    digitBias: 1.5,
    endBias: -0.5,
    digitPenalty: 1,
    otherPenalty: 0.5,
    minFrames: 3,
    lookahead: 8,
    beam: 8,
    digitCost: 0.3,
    entryCost: 1.1,
    maxGapMs: 700,
    aloneQuietMs: 250,
    aloneContrastDb: 14,
    aloneConfidence: 0.5,
  },
  stringConfidence: {
    offset: -1.089,
    margin: 0.329,
    confidence: -0.147,
  },
};

const DEFAULT_RECIPE: StreamRecipe = {
  ...COMMON,
  architecture: "stream",
  steps: 12_000,
  batchSize: 32,
  groupSize: 16,
  learningRate: 5e-3,
  augmentation: {
    ...DEFAULT_AUGMENTATION,
    speed: [0.8, 1.3],
    snrDb: [-2, 40],
    stretchMaskShare: 0.05,
    noiseWeights: { ...DEFAULT_AUGMENTATION.noiseWeights, music: 2 },
  },
  strings: {
    windowWeights: { string: 8, fluent: 5, sentence: 3, speech: 2, noise: 1 },
    otherShare: 0.25,
    otherWeights: { real: 5, madeUp: 3, patched: 2, prompt: 0, voice: 6, piece: 6 },
    otherSpeedShare: 0.5,
    otherSpeed: [0.7, 1.4],
    promptSpeed: { slower: [0.7, 0.85], faster: [1.18, 1.42] },
    doubledShare: 0.25,
    tightShare: 0.5,
    tightGapMs: [-60, 100],
    tightTempo: [0.9, 2],
    tightTrim: 0.1,
    looseGapMs: [60, 900],
    tempo: [0.85, 1.5],
    fluentTempo: [0.75, 1.4],
    fluentGapMs: [0, 1500],
    stretchedShare: 0.5,
    wordLevelDb: 4,
    raisedDb: [-3, 11],
    mixedSpeakersShare: 0.1,
    fluentVoiceShare: 0.3,
    ohShare: 0.4,
    streamStartShare: 0.1,
    labelSmoothing: 0.03,
  },
};

/**
 * The recipe of the stream model, with changes.
 *
 * @param changes Settings to replace.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export function createStreamRecipe(changes: Partial<Omit<StreamRecipe, "architecture">> = {}): StreamRecipe {
  const recipe = { ...DEFAULT_RECIPE, ...changes };
  checkHyperparameters(recipe);
  return recipe;
}
