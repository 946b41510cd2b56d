import { signal } from "@preact/signals";
import type { SpokenDigit, Utterance } from "../engine/utterance.ts";
import { revise } from "./history.ts";
import { utterance } from "./page-state.ts";

/** Which entry is in view, and where its sound begins in the sound in view. */
export const shownEntry = signal<{ id: number; offsetMs: number } | null>(null);

/** Writes a change of what is in view into the history. */
export function reviseShown(): void {
  const shown = shownEntry.value;
  if (shown && utterance.value) revise(shown.id, shifted(utterance.value, -shown.offsetMs));
}

/** The same with other times. @param said What was said. @param byMs How much later. */
export function shifted(said: Utterance, byMs: number): Utterance {
  const move = ({ startMs, endMs }: SpokenDigit) => ({ startMs: startMs + byMs, endMs: endMs + byMs });
  const digits = said.digits.map((heard) => ({ ...heard, ...move(heard) }));
  return { ...said, digits };
}
