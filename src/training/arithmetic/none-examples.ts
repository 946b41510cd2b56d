// Examples of the class "none": sounds that are no digit, recorded or made from digits and noise.

import { findActiveSpan } from "../../audio/active-span.ts";
import { groupBy } from "../../group-by.ts";
import { SAMPLE_RATE, WINDOW_SAMPLES } from "../../model/log-mel.ts";
import { chooseWeighted, type Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import type { NoisePool } from "./noise-pool.ts";
import type { SpeechPieces } from "./speech-pieces.ts";
import { backwards, firstPart, join, lastPart, patchSpeech, type Speech } from "./word-parts.ts";

/** Draws sounds that are no digit, made from the digits themselves and from noise. */
export type NoneExamples = {
  /**
   * One such sound, still to be augmented like any word.
   *
   * @param index Of the clip that it is made from where it is made from one.
   * @returns A new array, or (a view of) one of `otherWords` or `voices` itself; not empty.
   */
  draw(index: number, random: Random): Float32Array;
};

// Enough for a window at any speed.
const NOISE_LENGTH = 2 * WINDOW_SAMPLES + 2048;
// A phrase says more than fits into a window at any speed: each time another stretch of it.
const LONGEST_WORD = 1.5 * WINDOW_SAMPLES;

/**
 * Prepares the class "none".
 *
 * @param options.clips Digits, mono, 8 kHz, none of them empty.
 * @param options.labels Class of each clip; only clips of different classes are joined.
 * @param options.speakers Who says each clip, by number. Default: all are taken for one voice.
 * @param options.otherWords Real words that are no digits; may be empty, and then none come.
 * @param options.voices Speech of many voices that is no digit; may be empty, and then none comes.
 * @param options.drawPiece Draws pieces of fluent speech without a digit. Default: none come.
 * @param options.noise From `createNoisePool`.
 * @param options.settings Kinds, their weights, and the length of parts.
 */
export function createNoneExamples(options: {
  clips: readonly Float32Array[];
  labels: ArrayLike<number>;
  speakers?: ArrayLike<number>;
  otherWords: readonly Float32Array[];
  voices: readonly Float32Array[];
  drawPiece?: SpeechPieces;
  noise: NoisePool;
  settings: AugmentationSettings;
}): NoneExamples {
  const { clips, labels, speakers, otherWords, voices, drawPiece, noise, settings } = options;
  const drawByVoice = createVoiceDrawer(clips, speakers);
  const weights = weightsWithMaterial(settings, { otherWords, voices, drawPiece });
  const kinds: Record<keyof typeof weights, (index: number, random: Random) => Float32Array> = {
    backwards: (index) => backwards(clips[index]!),
    half: (index, random) => {
      const part = random.chance(0.5) ? firstPart : lastPart;
      return part(clips[index]!, random.uniform(...settings.halfShare));
    },
    joined: (index, random) => {
      const [a, b] = [random.uniform(...settings.halfShare), random.uniform(...settings.halfShare)];
      const other = drawOtherDigit(index, labels, random);
      if (other === index) return join(lastPart(clips[index]!, a), firstPart(clips[index]!, b));
      return join(firstPart(clips[index]!, a), lastPart(clips[other]!, b));
    },
    noise: (_, random) => {
      const samples = new Float32Array(NOISE_LENGTH);
      noise.drawInto(samples, random, { weights: settings.noneNoiseWeights });
      return samples;
    },
    nearSilence: (_, random) => nearSilence(random),
    otherWord: (_, random) => drawWord(otherWords, random),
    voice: (_, random) => drawWord(voices, random),
    piece: (_, random) => drawPiece!(random),
    madeUpWord: (index, random) => {
      const word = drawWord(otherWords, random);
      if (random.chance(settings.backwardsShare)) return backwards(word);
      const other = random.chance(0.5) ? clips[index]! : drawWord(otherWords, random);
      const [first, last] = random.chance(0.5) ? [word, other] : [other, word];
      const [a, b] = [random.uniform(...settings.halfShare), random.uniform(...settings.halfShare)];
      return join(firstPart(first, a), lastPart(last, b));
    },
    patched: (index, random) => patchSpeech(() => drawByVoice(index, random), { random, settings }),
  };
  return { draw: (index, random) => kinds[chooseWeighted(weights, random)](index, random) };
}

/** Draws a clip of whoever says another one. */
function createVoiceDrawer(
  clips: readonly Float32Array[],
  speakers?: ArrayLike<number>,
): (index: number, random: Random) => Speech {
  const voiceOf = (index: number) => speakers?.[index] ?? 0;
  const voices = groupBy([...clips.keys()], voiceOf);
  const known = new Map<number, Speech>();
  return (index, random) => {
    const voice = voices.get(voiceOf(index))!;
    const drawn = voice[random.integer(0, voice.length)]!;
    const samples = clips[drawn]!;
    const speech = known.get(drawn) ?? {
      samples,
      span: findActiveSpan(samples, { sampleRate: SAMPLE_RATE }),
    };
    known.set(drawn, speech);
    return speech;
  };
}

/** A word, or a stretch of a phrase too long for a window. */
function drawWord(words: readonly Float32Array[], random: Random): Float32Array {
  const word = words[random.integer(0, words.length)]!;
  if (word.length <= LONGEST_WORD) return word;
  const start = random.integer(0, word.length - LONGEST_WORD + 1);
  return word.subarray(start, start + LONGEST_WORD);
}

function weightsWithMaterial(
  { noneWeights }: AugmentationSettings,
  {
    otherWords,
    voices,
    drawPiece,
  }: { otherWords: readonly Float32Array[]; voices: readonly Float32Array[]; drawPiece?: SpeechPieces },
): AugmentationSettings["noneWeights"] {
  const weights = {
    ...noneWeights,
    ...(otherWords.length === 0 && { otherWord: 0, madeUpWord: 0 }),
    ...(voices.length === 0 && { voice: 0 }),
    ...(!drawPiece && { piece: 0 }),
  };
  return Object.values(weights).some((weight) => weight > 0) ? weights : { ...weights, noise: 1 };
}

/** The next clip of another class after a random one; the clip itself when there is none. */
function drawOtherDigit(index: number, labels: ArrayLike<number>, random: Random): number {
  const first = random.integer(0, labels.length);
  for (let k = 0; k < labels.length; k++) {
    const other = (first + k) % labels.length;
    if (labels[other] !== labels[index]) return other;
  }
  return index;
}

/** Digital silence with up to seven clicks, and in half of the cases mains hum. */
function nearSilence(random: Random): Float32Array {
  const samples = new Float32Array(NOISE_LENGTH);
  if (random.chance(0.5)) addHumInPlace(samples, random);
  for (let left = random.integer(0, 8); left > 0; left--) addClickInPlace(samples, random);
  return samples;
}

function addHumInPlace(samples: Float32Array, random: Random): void {
  const mainsHz = random.chance(0.5) ? 50 : 60;
  for (let harmonic = 1; harmonic <= 6; harmonic++) {
    const amplitude = random.next() / harmonic;
    const phase = random.uniform(0, 2 * Math.PI);
    const step = (2 * Math.PI * mainsHz * harmonic) / SAMPLE_RATE;
    for (let i = 0; i < samples.length; i++) samples[i]! += amplitude * Math.sin(step * i + phase);
  }
}

/** A burst of noise that decays within 0.5 to 5 ms. */
function addClickInPlace(samples: Float32Array, random: Random): void {
  const start = random.integer(0, samples.length);
  const decay = random.uniform(4, 40);
  const amplitude = 10 ** random.uniform(-1, 1);
  const end = Math.min(samples.length, start + Math.ceil(7 * decay));
  for (let i = start; i < end; i++)
    samples[i]! += amplitude * random.uniform(-1, 1) * Math.exp((start - i) / decay);
}
