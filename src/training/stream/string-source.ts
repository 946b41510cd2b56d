// Everything that training strings are drawn from, made alike in every worker.

import { findActiveSpan, type Span } from "../../audio/active-span.ts";
import type { Clips, ClipsByRole, Role } from "../../corpus/dataset.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { groupBy } from "../../group-by.ts";
import { OH_WORD, STATES_PER_DIGIT } from "../../live/stream-net.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { chooseWeighted, type Random } from "../../random.ts";
import { type AugmentationSettings, checkAugmentationSettings } from "../arithmetic/augmentation-settings.ts";
import { madeUpTones } from "../arithmetic/made-up-tones.ts";
import { createNoisePool, type NoisePool } from "../arithmetic/noise-pool.ts";
import { createNoneExamples } from "../arithmetic/none-examples.ts";
import { createRooms, type RoomResponse } from "../arithmetic/room-responses.ts";
import { createSpeechPieces } from "../arithmetic/speech-pieces.ts";
import { patchSpeech } from "../arithmetic/word-parts.ts";
import { type FluentClip, fluentClip } from "./fluent-clip.ts";
import type { StreamRecipe, StringSettings } from "./stream-recipe.ts";
import { UNSURE } from "./stream-targets.ts";

/**
 * A word as it lies in its recording. `digit` is its place among `WORD_DIGITS`, null for all that is none; `isPrompt`: its voice
 * has to be changed; `isFluent`: it is cut out of fluent speech.
 */
export type Sound = {
  samples: Float32Array;
  span: Span;
  digit: number | null;
  isPrompt?: boolean;
  isFluent?: boolean;
};

/** Clips and everything made from them and the seed before the first window. */
export type StringSource = {
  readonly settings: AugmentationSettings;
  readonly strings: StringSettings;
  readonly noise: NoisePool;
  readonly rooms: readonly RoomResponse[];
  /** Recordings of fluent speech; may be none. */
  readonly fluent: readonly FluentClip[];
  /** Digits of one speaker, clips or cut out of fluent speech, drawn in proportion to how many there are; or clips of all. */
  drawSpeaker(random: Random): readonly Sound[];
  /** A word or phrase without a digit, or one made up from parts. @param voice Digits of who says it. */
  drawOther(voice: readonly Sound[], random: Random): Sound;
};

/** Signal tones among the recorded noise: about a quarter of it. */
const TONE_COUNT = 60;

// A speaker with fewer fluent digits is heard together with the others of the corpus.
const LEAST_OF_VOICE = 8;

// "Oh" is drawn so much oftener than there are recordings of it.
const OH_REPEATS = 3;

// Longer phrases are drawn a stretch of.
const LONGEST_SOUND = 12_000;

/**
 * Prepares the drawing of strings.
 *
 * @param recipe See {@link StreamRecipe}.
 * @param data Digits with their speakers, and what there is of other roles.
 * @throws {InvalidArgumentError} There is no digit, a speaker is missing, or a setting is out of range.
 */
export function createStringSource(recipe: StreamRecipe, data: ClipsByRole): StringSource {
  const { seed, augmentation: settings, strings } = recipe;
  const { samples: clips = [], speakers = [] } = data.digits ?? {};
  checkAugmentationSettings(settings);
  if (clips.length === 0 || speakers.length !== clips.length) {
    throw new InvalidArgumentError("createStringSource: needs digits, each with its speaker");
  }
  const babble = data.negatives?.samples.length ? data.negatives.samples : clips;
  const recordings = recordedNoise(data.noise?.samples ?? []);
  const noise = createNoisePool({ seed, clips: babble, recordings, settings });
  const fluent = (data.fluent?.said ?? []).map((said, i) => fluentClip(said, data.fluent!.samples[i]!));
  return {
    settings,
    strings,
    noise,
    fluent,
    rooms: createRooms({ seed, settings }),
    drawSpeaker: createSpeakerDrawer(data, fluent, strings),
    drawOther: createOtherDrawer(data, noise, recipe),
  };
}

function createSpeakerDrawer(
  data: ClipsByRole,
  fluent: readonly FluentClip[],
  { fluentVoiceShare, mixedSpeakersShare }: StringSettings,
): StringSource["drawSpeaker"] {
  const { samples: clips, labels, speakers } = data.digits!;
  const digits = clips.map((samples, i): Sound => ({ samples, span: spanOf(samples), digit: labels[i]! }));
  const bySpeaker = groupBy(digits, (_, i) => speakers[i]);
  const fluentVoices = fluentVoicesOf(fluent, data.fluent);
  return (random) => {
    if (fluentVoices.length > 0 && random.chance(fluentVoiceShare)) {
      return fluentVoices[random.integer(0, fluentVoices.length)]!;
    }
    if (random.chance(mixedSpeakersShare)) return digits;
    return bySpeaker.get(speakers[random.integer(0, clips.length)])!;
  };
}

function createOtherDrawer(
  data: ClipsByRole,
  noise: NoisePool,
  { augmentation: settings, strings }: StreamRecipe,
): StringSource["drawOther"] {
  const { samples: clips, labels } = data.digits!;
  const samplesOf = (role: Role) => data[role]?.samples ?? [];
  const [otherWords, prompts, voices] = [samplesOf("negatives"), samplesOf("prompts"), samplesOf("voices")];
  const drawPiece = data.fluent && createSpeechPieces(data.fluent);
  const made = createNoneExamples({
    clips,
    labels,
    otherWords,
    voices: [],
    noise,
    settings: madeUpOnly(settings),
  });
  const weights = {
    ...strings.otherWeights,
    ...(otherWords.length === 0 && { real: 0 }),
    ...(prompts.length === 0 && { prompt: 0 }),
    ...(voices.length === 0 && { voice: 0 }),
    ...(!drawPiece && { piece: 0 }),
  };
  const draw: Record<keyof typeof weights, (voice: readonly Sound[], random: Random) => Sound> = {
    madeUp: (_, random) => whole(made.draw(random.integer(0, clips.length), random)),
    real: (_, random) => whole(stretchOf(otherWords, random)),
    prompt: (_, random) => ({ ...whole(stretchOf(prompts, random)), isPrompt: true }),
    voice: (_, random) => whole(stretchOf(voices, random)),
    piece: (_, random) => whole(drawPiece!(random)),
    patched: (voice, random) =>
      whole(patchSpeech(() => voice[random.integer(0, voice.length)]!, { random, settings })),
  };
  return (voice, random) => draw[chooseWeighted(weights, random)](voice, random);
}

const recordedNoise = (recordings: readonly Float32Array[]) =>
  recordings.length === 0 ? recordings : [...recordings, ...madeUpTones({ seed: 1, count: TONE_COUNT })];

function madeUpOnly(settings: AugmentationSettings): AugmentationSettings {
  return {
    ...settings,
    noneWeights: { ...settings.noneWeights, noise: 0, nearSilence: 0, otherWord: 0, patched: 0 },
  };
}

const spanOf = (samples: Float32Array): Span => findActiveSpan(samples, { sampleRate: SAMPLE_RATE });

const whole = (samples: Float32Array): Sound => ({ samples, span: spanOf(samples), digit: null });

/** One of the recordings, or a part of it. */
function stretchOf(recordings: readonly Float32Array[], random: Random): Float32Array {
  const samples = recordings[random.integer(0, recordings.length)]!;
  if (samples.length <= LONGEST_SOUND) return samples;
  const start = random.integer(0, samples.length - LONGEST_SOUND + 1);
  return samples.subarray(start, start + LONGEST_SOUND);
}

/** Digits cut out of fluent speech, by who says them. */
function fluentVoicesOf(clips: readonly FluentClip[], { speakers = [], said = [] }: Partial<Clips> = {}) {
  const words = clips.flatMap((clip, i) =>
    wordsIn(clip).map((sound) => ({ sound, speaker: speakers[i]!, corpus: said[i]!.corpus })),
  );
  const bySpeaker = groupBy(words, ({ speaker }) => speaker);
  const voices = groupBy(words, ({ speaker, corpus }) =>
    bySpeaker.get(speaker)!.length < LEAST_OF_VOICE ? corpus : speaker,
  );
  return [...voices.values()]
    .filter(({ length }) => length >= LEAST_OF_VOICE)
    .map((voice) => voice.map(({ sound }) => sound));
}

/** The letter "o" is one: it sounds as "oh" does. */
function wordsIn({ samples, stretches }: FluentClip): Sound[] {
  return stretches.flatMap(({ state, start }, i) => {
    if (state !== UNSURE && state % STATES_PER_DIGIT !== 1) return [];
    const end = state === UNSURE ? stretches[i]!.end : (stretches[i + STATES_PER_DIGIT - 1]?.end ?? 0);
    const word = samples.subarray(Math.round(start), Math.round(end));
    if (word.length === 0) return [];
    const digit = state === UNSURE ? OH_WORD : (state - 1) / STATES_PER_DIGIT;
    const sound: Sound = { samples: word, span: { start: 0, end: word.length }, digit, isFluent: true };
    return new Array<Sound>(digit === OH_WORD ? OH_REPEATS : 1).fill(sound);
  });
}
