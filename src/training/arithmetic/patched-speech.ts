import { SAMPLE_RATE } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

/** A sound and where in it there is speech, in samples. */
export type Speech = { samples: Float32Array; span: { start: number; end: number } };

/** How many pieces, how long, and how much of a word at most. */
type PatchSettings = Pick<AugmentationSettings, "patchPieces" | "patchPieceMs" | "patchPieceShare">;

// Pieces are joined with cross-fades of 8 ms.
const FADE = 64;

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
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0) - (pieces.length - 1) * FADE;
  const patched = new Float32Array(Math.max(1, length));
  let start = 0;
  for (const piece of pieces) {
    for (let i = 0; i < piece.length && start + i < patched.length; i++) {
      patched[start + i]! += Math.min(1, (i + 0.5) / FADE, (piece.length - i - 0.5) / FADE) * piece[i]!;
    }
    start += piece.length - FADE;
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
  const length = Math.max(FADE + 1, Math.min(longest, random.integer(least, most + 1)));
  const start = span.start + random.integer(0, Math.max(1, whole - length + 1));
  const piece = new Float32Array(length);
  piece.set(samples.subarray(start, start + length));
  let energy = 0;
  for (let i = 0; i < length; i++) energy += piece[i]! * piece[i]!;
  const gain = energy > 0 ? Math.sqrt(length / energy) : 0;
  for (let i = 0; i < length; i++) piece[i]! *= gain;
  return piece;
}
