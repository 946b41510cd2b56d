// Streams of digits with known times, made from recordings of single words: strings by one speaker, with gaps, noise and
// other words between.

import { findActiveSpan, type Span } from "../audio/active-span.ts";
import { changeTempo } from "../audio/change-tempo.ts";
import { activePower, peakOf } from "../audio/level.ts";
import { InvalidArgumentError } from "../errors.ts";
import { groupBy } from "../group-by.ts";
import { createRandom, type Random } from "../random.ts";
import { addNoise } from "./noise-mix.ts";

/** A recording of one word by one speaker. */
export type WordClip = {
  /** Mono, 8 kHz, finite. */
  samples: Float32Array;
  /** 0-9, or null for another word. */
  digit: number | null;
  /** Who speaks; a stream has one speaker, as far as there are other words by the same. */
  speaker: string;
};

/** What streams are made from. */
export type StreamMaterial = {
  /** Digits; only speakers with at least three of them are heard. */
  digits: readonly WordClip[];
  /** Words that are no digits. */
  otherWords?: readonly WordClip[];
  /** Recorded noise, mono, 8 kHz, none of it empty. */
  noises?: readonly Float32Array[];
};

/** How streams are made. Ranges are drawn from evenly, both ends included where they are whole numbers. */
export type ClipStreamSettings = {
  /** Digits in a stream. Default: 3..10. */
  digitCount?: readonly [low: number, high: number];
  /** From the end of a word to the beginning of the next; where it is negative they overlap, cross-faded. Default: 80..600. */
  gapMs?: readonly [low: number, high: number];
  /** How often a digit is followed by the same digit again. Default: 0.15. */
  doubledShare?: number;
  /** How often another word stands before a digit. Default: 0. */
  otherWordShare?: number;
  /** Factor of the speaking rate of a stream, without change of pitch. Default: 1..1. */
  tempo?: readonly [low: number, high: number];
  /** Difference in level from word to word, at most this many dB either way. Default: 3. */
  levelDb?: number;
  /** Recorded noise under the stream, by the ratio of the speech to it in dB. Default: none. */
  snrDb?: number;
};

/** A digit where it was put. */
export type SpokenDigit = { digit: number; startMs: number; endMs: number };

/** A stream and what is said in it. */
export type ClipStream = {
  /** Mono, 8 kHz, within -1..1. */
  samples: Float32Array;
  digits: SpokenDigit[];
  speaker: string;
};

/** Makes streams. @param index Which one; the same index always gives the same stream. */
export type ClipStreamMaker = (index: number) => ClipStream;

type Word = WordClip & { span: Span };
/** A word and its place: `start` is the sample of the stream at which its active part begins. */
type Placed = { word: Word; start: number; gapBefore: number; gapAfter: number };

const SAMPLE_RATE = 8000;
const DEFAULTS: Required<Omit<ClipStreamSettings, "snrDb">> = {
  digitCount: [3, 10],
  gapMs: [80, 600],
  doubledShare: 0.15,
  otherWordShare: 0,
  tempo: [1, 1],
  levelDb: 3,
};
const LEAST_DIGITS_OF_SPEAKER = 3;
const LEAD_MS = [300, 900] as const;
// A recogniser may need what follows to be certain.
const TAIL_MS = 1000;
const FADE = 80;
const PEAK = 0.7;

/**
 * Prepares the making of streams.
 *
 * @param material Words and noise.
 * @param settings See {@link ClipStreamSettings}.
 * @param seed Of all streams made.
 * @returns Streams by their number, any order.
 * @throws {InvalidArgumentError} No speaker has three digits, or noise or other words are asked for and there are none.
 */
export function createClipStreams(
  material: StreamMaterial,
  settings: ClipStreamSettings,
  seed: number,
): ClipStreamMaker {
  const wanted = { ...DEFAULTS, ...settings };
  const { otherWords = [], noises = [] } = material;
  const bySpeaker = [...groupBySpeaker(material.digits)].filter(
    ([, words]) => words.length >= LEAST_DIGITS_OF_SPEAKER,
  );
  if (bySpeaker.length === 0) {
    throw new InvalidArgumentError("createClipStreams: expected a speaker with three digits, got none");
  }
  if (wanted.snrDb !== undefined && noises.length === 0) {
    throw new InvalidArgumentError("createClipStreams: snrDb needs noise, got none");
  }
  if (wanted.otherWordShare > 0 && otherWords.length === 0) {
    throw new InvalidArgumentError("createClipStreams: otherWordShare needs other words, got none");
  }
  const others = groupBySpeaker(otherWords);
  const anyOther = [...others.values()].flat();
  return (index) => {
    const random = createRandom(seed, index);
    const [speaker, digits] = bySpeaker[random.integer(0, bySpeaker.length)]!;
    const words = drawWords({ digits, others: others.get(speaker) ?? anyOther }, wanted, random);
    const rate = random.uniform(...wanted.tempo);
    const placed = placeWords(
      words.map((word) => atTempo(word, rate)),
      wanted,
      random,
    );
    const clean = mixWords(placed, wanted, random);
    const noisy =
      wanted.snrDb === undefined
        ? clean
        : addNoise(clean, { noise: noises[random.integer(0, noises.length)]!, snrDb: wanted.snrDb, random });
    return { samples: toPeak(noisy), digits: spokenDigits(placed), speaker };
  };
}

function groupBySpeaker(clips: readonly WordClip[]): Map<string, Word[]> {
  const words = clips.map(
    (clip): Word => ({ ...clip, span: findActiveSpan(clip.samples, { sampleRate: SAMPLE_RATE }) }),
  );
  return groupBy(
    words.filter((word) => lengthOf(word) > 0),
    ({ speaker }) => speaker,
  );
}

type Wanted = Required<Omit<ClipStreamSettings, "snrDb">>;

function drawWords(
  from: { digits: readonly Word[]; others: readonly Word[] },
  { digitCount, doubledShare, otherWordShare }: Wanted,
  random: Random,
): Word[] {
  const words: Word[] = [];
  let last: Word | undefined;
  for (let left = random.integer(digitCount[0], digitCount[1] + 1); left > 0; left--) {
    if (random.chance(otherWordShare)) words.push(pick(from.others, random));
    const again = last && random.chance(doubledShare);
    const choice = again ? from.digits.filter(({ digit }) => digit === last?.digit) : from.digits;
    last = pick(choice, random);
    words.push(last);
  }
  return words;
}

const pick = (words: readonly Word[], random: Random) => words[random.integer(0, words.length)]!;

function atTempo(word: Word, rate: number): Word {
  if (rate === 1) return word;
  const samples = changeTempo(word.samples, { rate, sampleRate: SAMPLE_RATE });
  const [start, end] = [word.span.start, word.span.end].map((place) => Math.round(place / rate));
  return { ...word, samples, span: { start: start!, end: Math.min(samples.length, end!) } };
}

function placeWords(words: readonly Word[], { gapMs }: Wanted, random: Random): Placed[] {
  const lead = toSamples(random.uniform(...LEAD_MS));
  const gaps = words.map(() => toSamples(random.uniform(...gapMs)));
  let start = lead;
  return words.map((word, i) => {
    const length = word.span.end - word.span.start;
    const isLast = i === words.length - 1;
    // Overlaps take at most a third of the shorter word.
    const least = isLast ? 0 : -Math.floor(Math.min(length, lengthOf(words[i + 1]!)) / 3);
    gaps[i] = isLast ? toSamples(TAIL_MS) : Math.max(gaps[i]!, least);
    const placed = { word, start, gapBefore: i === 0 ? lead : gaps[i - 1]!, gapAfter: gaps[i]! };
    start += length + gaps[i]!;
    return placed;
  });
}

const lengthOf = ({ span }: Word) => span.end - span.start;
const toSamples = (ms: number) => Math.round((ms * SAMPLE_RATE) / 1000);
const toMs = (sample: number) => (sample * 1000) / SAMPLE_RATE;

function mixWords(placed: readonly Placed[], { levelDb }: Wanted, random: Random): Float32Array {
  const last = placed.at(-1)!;
  const sum = new Float32Array(last.start + lengthOf(last.word) + toSamples(TAIL_MS));
  for (const one of placed) {
    const { samples, span } = one.word;
    const power = activePower(samples.subarray(span.start, span.end), { sampleRate: SAMPLE_RATE });
    const gain = 10 ** (random.uniform(-levelDb, levelDb) / 20) / Math.sqrt(power || 1);
    addWordInPlace(sum, one, gain);
  }
  return sum;
}

/** Adds the word with up to half of the gap on either side of what surrounds it in its recording, faded at the edges. */
function addWordInPlace(sum: Float32Array, { word, start, gapBefore, gapAfter }: Placed, gain: number): void {
  const { samples, span } = word;
  const [before, after] = [gapBefore, gapAfter].map((gap) => Math.max(0, Math.floor(gap / 2)));
  const first = Math.max(0, span.start - before!, span.start - start);
  const end = Math.min(samples.length, span.end + after!);
  const [fadeIn, fadeOut] = [fadeLength(gapBefore), fadeLength(gapAfter)];
  for (let i = first; i < end; i++) {
    const fade = Math.min(1, (i - first + 0.5) / fadeIn, (end - i - 0.5) / fadeOut);
    const place = start + i - span.start;
    if (place < sum.length) sum[place]! += gain * fade * samples[i]!;
  }
}

/** Overlapping words cross-fade all along the overlap. */
const fadeLength = (gap: number) => Math.max(FADE, -gap);

function toPeak(samples: Float32Array): Float32Array {
  const peak = peakOf(samples);
  return peak === 0 ? samples : samples.map((value) => (PEAK * value) / peak);
}

function spokenDigits(placed: readonly Placed[]): SpokenDigit[] {
  return placed.flatMap(({ word, start }) => {
    if (word.digit === null) return [];
    return [{ digit: word.digit, startMs: toMs(start), endMs: toMs(start + lengthOf(word)) }];
  });
}
