import { signal } from "@preact/signals";
import type { SpokenDigit } from "../engine/utterance.ts";

/** A part of the sound in view that is to be played, from ms to ms. The waveform plays it. */
export const wantedPart = signal<{ startMs: number; endMs: number } | null>(null);

// Around a digit: its first and last consonant are quiet.
const MARGIN_MS = 60;

/** Plays one digit of the sound in view. @param heard Which. */
export function playDigit(heard: SpokenDigit): void {
  const { startMs, endMs } = heard;
  wantedPart.value = { startMs: Math.max(0, startMs - MARGIN_MS), endMs: endMs + MARGIN_MS };
}
