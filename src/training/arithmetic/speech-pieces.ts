// Pieces of fluent speech without a digit, so that any piece of English may stand in the window of a classifier.

import { energyOf } from "../../audio/level.ts";
import type { Clips, Said } from "../../corpus/dataset.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import { DIGIT_WORDS } from "../../model/prediction.ts";
import type { Random } from "../../random.ts";

/** A stretch of a recording in which no digit is said. */
type Stretch = { samples: Float32Array; from: number; to: number };

/** A word that is no digit, and how far the sound around it is nobody else's. */
type Word = Stretch & { word: string; room: { from: number; to: number } };

/** Draws pieces. @returns A new array, its ends faded. */
export type SpeechPieces = (random: Random) => Float32Array;

/** Words that sound like a digit; the letter O does. */
const LIKE_DIGITS: ReadonlySet<string> = new Set([...DIGIT_WORDS, "oh", "o"]);
const PIECE_MS = [200, 1300] as const;
/** Share of the pieces that begin and end where it is quietest near by, as words do; the others anywhere. */
const AT_DIPS_SHARE = 0.6;
const DIP_RANGE_MS = 90;
/** The tables' times are not exact: so much on either side of a digit is left out. */
const MARGIN_MS = 60;
/** Share of the pieces that are one word by its table, where there are tables; and of these, of letters of the alphabet. */
const WORD_SHARE = 0.4;
const LETTER_SHARE = 0.5;
const SHORTEST_WORD_MS = 80;
/** From such a word's end to that of the piece at most. */
const AROUND_WORD_MS = 40;
const FRAME = 80;
const FADE = 32;

const toSamples = (ms: number) => Math.round((ms * SAMPLE_RATE) / 1000);

/**
 * Prepares the drawing.
 *
 * @param fluent Recordings with what is said in them; those without words hold no digit.
 * @returns Undefined where there is no stretch long enough.
 */
export function createSpeechPieces(fluent: Clips): SpeechPieces | undefined {
  const { samples, said = [] } = fluent;
  const stretches = samples.flatMap((clip, i) => stretchesOf(clip, said[i]));
  const ends: number[] = [];
  for (const { from, to } of stretches) ends.push((ends.at(-1) ?? 0) + to - from);
  const total = ends.at(-1);
  if (total === undefined) return undefined;
  const words = samples.flatMap((clip, i) => wordsOf(clip, said[i]));
  const letters = words.filter(({ word }) => word.length === 1);
  const longer = words.filter(({ word }) => word.length > 1);
  return (random) => {
    if (random.chance(WORD_SHARE)) {
      const drawn = random.chance(LETTER_SHARE) ? letters : longer;
      if (drawn.length > 0) return cutWord(drawn[random.integer(0, drawn.length)]!, random);
    }
    const at = random.next() * total;
    const stretch = stretches[ends.findIndex((end) => at < end)]!;
    return cut(stretch, random);
  };
}

function stretchesOf(samples: Float32Array, said: Said | undefined): Stretch[] {
  const digits = (said?.words ?? []).filter(({ word }) => LIKE_DIGITS.has(word));
  const starts = [0, ...digits.map(({ endMs }) => toSamples(endMs + MARGIN_MS))];
  const ends = [...digits.map(({ startMs }) => toSamples(startMs - MARGIN_MS)), samples.length];
  return starts
    .map((from, i) => ({ samples, from, to: Math.min(ends[i]!, samples.length) }))
    .filter(({ from, to }) => to - from >= toSamples(PIECE_MS[0]));
}

/** Words by their tables, each with the room up to its neighbours. */
function wordsOf(samples: Float32Array, said: Said | undefined): Word[] {
  const words = said?.words ?? [];
  return words.flatMap(({ word, startMs, endMs }, i) => {
    const [from, to] = [toSamples(startMs), toSamples(endMs)];
    const after = toSamples(words[i + 1]?.startMs ?? Infinity);
    const room = {
      from: Math.min(from, toSamples(words[i - 1]?.endMs ?? 0)),
      to: Math.max(to, Math.min(after, samples.length)),
    };
    const isDrawn = !LIKE_DIGITS.has(word) && endMs - startMs >= SHORTEST_WORD_MS && to <= samples.length;
    return isDrawn ? [{ samples, word, from, to, room }] : [];
  });
}

function cutWord({ samples, from, to, room }: Word, random: Random): Float32Array {
  const around = () => toSamples(random.uniform(0, AROUND_WORD_MS));
  return faded(samples.slice(Math.max(room.from, from - around()), Math.min(room.to, to + around())));
}

function cut({ samples, from, to }: Stretch, random: Random): Float32Array {
  const length = Math.min(to - from, toSamples(random.uniform(...PIECE_MS)));
  const start = from + random.integer(0, to - from - length + 1);
  const [first, last] = random.chance(AT_DIPS_SHARE)
    ? [quietest(samples, start, { from, to }), quietest(samples, start + length, { from, to })]
    : [start, start + length];
  const isWhole = last - first >= toSamples(PIECE_MS[0]) / 2;
  return faded(isWhole ? samples.slice(first, last) : samples.slice(start, start + length));
}

function faded(piece: Float32Array): Float32Array {
  for (let i = 0; i < Math.min(FADE, piece.length); i++) {
    piece[i]! *= (i + 0.5) / FADE;
    piece[piece.length - 1 - i]! *= (i + 0.5) / FADE;
  }
  return piece;
}

/** The middle of the quietest frame near a place. */
function quietest(samples: Float32Array, at: number, { from, to }: { from: number; to: number }): number {
  const range = toSamples(DIP_RANGE_MS);
  let [best, least] = [at, Infinity];
  for (let start = Math.max(from, at - range); start + FRAME <= Math.min(to, at + range); start += FRAME) {
    const energy = energyOf(samples.subarray(start, start + FRAME));
    if (energy < least) [best, least] = [start + FRAME / 2, energy];
  }
  return best;
}
