// Words cut up and put together again, so that they say no digit.

import { activePower, energyOf } from "../../audio/level.ts";
import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

const FRAME_LENGTH = 128;
// A word reaches from the first to the last frame within 30 dB of the loudest.
const AUDIBLE_SHARE = 10 ** -3;
// Cuts are faded over 4 ms, or they would click.
const FADE_LENGTH = 32;

/**
 * The beginning of a word, with what comes before it, faded out at the cut.
 *
 * @param word Mono, 8 kHz, not empty.
 * @param share How much of the word's duration, in [0, 1].
 * @returns A new array of at least one sample.
 */
export function firstPart(word: Float32Array, share: number): Float32Array {
  const [begin, end] = audibleSpan(word);
  const wanted = begin + Math.round(share * (end - begin));
  const part = word.slice(0, Math.max(1, wanted));
  fadeOutInPlace(part);
  return part;
}

/**
 * The end of a word, with what comes after it, faded in at the cut.
 *
 * @param word Mono, 8 kHz, not empty.
 * @param share As in `firstPart`.
 * @returns A new array of at least one sample.
 */
export function lastPart(word: Float32Array, share: number): Float32Array {
  return backwards(firstPart(backwards(word), share));
}

/**
 * The samples in reverse order.
 *
 * @param samples Any number.
 * @returns A new array.
 */
export function backwards(samples: Float32Array): Float32Array {
  return samples.slice().reverse();
}

/**
 * Two sounds in a row, the second brought to the level of the first, with a cross-fade of 4 ms.
 *
 * @param first Fades out at its end already.
 * @param second Fades in at its beginning already.
 * @returns A new array, shorter than both together by the cross-fade.
 */
export function join(first: Float32Array, second: Float32Array): Float32Array {
  const [wanted, given] = [activePower(first), activePower(second)];
  const gain = wanted > 0 && given > 0 ? Math.sqrt(wanted / given) : 1;
  const overlap = Math.min(FADE_LENGTH, first.length, second.length);
  const start = first.length - overlap;
  const joined = new Float32Array(start + second.length);
  joined.set(first);
  for (let i = 0; i < second.length; i++) joined[start + i]! += gain * second[i]!;
  return joined;
}

function audibleSpan(word: Float32Array): [begin: number, end: number] {
  const energies: number[] = [];
  for (let at = 0; at < word.length; at += FRAME_LENGTH)
    energies.push(energyOf(word.subarray(at, at + FRAME_LENGTH)));
  const threshold = AUDIBLE_SHARE * energies.reduce((most, energy) => Math.max(most, energy), 0);
  const audible = (energy: number) => energy >= threshold;
  const end = (energies.findLastIndex(audible) + 1) * FRAME_LENGTH;
  return [energies.findIndex(audible) * FRAME_LENGTH, Math.min(word.length, end)];
}

function fadeOutInPlace(samples: Float32Array): void {
  const length = Math.min(FADE_LENGTH, samples.length);
  for (let i = 0; i < length; i++) samples[samples.length - 1 - i]! *= (i + 0.5) / length;
}

/** A sound and where in it there is speech, in samples. */
export type Speech = { samples: Float32Array; span: { start: number; end: number } };

/** How many pieces, how long, and how much of a word at most. */
type PatchSettings = Pick<AugmentationSettings, "patchPieces" | "patchPieceMs" | "patchPieceShare">;

// Pieces are joined with cross-fades of 8 ms.
const PIECE_FADE = 64;

/**
 * Speech that says nothing: pieces of words in a row.
 *
 * @param draw Gives the word that the next piece is cut from; one speaker's words sound most like speech.
 * @param options.random Decides on number, place and length of the pieces.
 * @param options.settings Their ranges.
 * @returns A new array, not empty.
 */
export function patchSpeech(
  draw: () => Speech,
  { random, settings }: { random: Random; settings: PatchSettings },
): Float32Array {
  const [fewest, most] = settings.patchPieces;
  const pieces = Array.from({ length: random.integer(fewest, most + 1) }, () =>
    cutPiece(draw(), random, settings),
  );
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0) - (pieces.length - 1) * PIECE_FADE;
  const patched = new Float32Array(Math.max(1, length));
  let start = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length && start + i < patched.length; i++) {
      patched[start + i]! +=
        Math.min(1, (i + 0.5) / PIECE_FADE, (piece.length - i - 0.5) / PIECE_FADE) * piece[i]!;
    }
    start += piece.length - PIECE_FADE;
  }
  return patched;
}

/** A piece at unit power. */
function cutPiece({ samples, span }: Speech, random: Random, settings: PatchSettings): Float32Array {
  const whole = span.end - span.start;
  const longest = Math.floor(settings.patchPieceShare * whole);
  const [least, most] = settings.patchPieceMs.map((ms) => Math.round((ms * SAMPLE_RATE) / 1000)) as [
    number,
    number,
  ];
  const length = Math.max(PIECE_FADE + 1, Math.min(longest, random.integer(least, most + 1)));
  const start = span.start + random.integer(0, Math.max(1, whole - length + 1));
  const piece = new Float32Array(length);
  piece.set(samples.subarray(start, start + length));
  const energy = energyOf(piece);
  const gain = energy > 0 ? Math.sqrt(length / energy) : 0;
  for (let i = 0; i < length; i++) piece[i]! *= gain;
  return piece;
}
