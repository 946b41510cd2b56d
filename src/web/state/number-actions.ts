import { batch } from "@preact/signals";
import type { Prediction } from "../../model/prediction.ts";
import { heardAs } from "../engine/heard-as.ts";
import type { Label, SpokenDigit, Utterance } from "../engine/utterance.ts";
import { announce } from "./announce.ts";
import { engine } from "./engine-link.ts";
import { digitsOf, meant, numberText } from "./number-text.ts";
import { clip, detail, listening, noiseReduction, notice, selected, utterance } from "./page-state.ts";
import { labelWord, noticeFor, spelled } from "./plain-words.ts";
import { grouping, voiceInUse } from "./settings.ts";
import { reviseShown } from "./shown-entry.ts";

// What the classifier hears of a digit beyond its edges.
const MARGIN_MS = 50;
const KEEP_DETAILS = 50;

// Of the utterance in view, by place.
const details = new Map<number, Prediction>();
// Ids of digits heard live that the reader has taken away: what is said of them later is of no interest.
const dropped = new Set<number>();

/**
 * Shows what was said.
 *
 * @param said The utterance, or null to clear the view.
 * @param at Which digit to look at. Default: the first.
 */
export function showUtterance(said: Utterance | null, at = 0): void {
  details.clear();
  dropped.clear();
  if (said?.prediction?.logMel?.nFrames) details.set(0, said.prediction);
  batch(() => {
    utterance.value = said;
    selected.value = null;
    detail.value = null;
  });
  if (said && said.digits.length > 0) look(at);
}

/**
 * Shows a digit that was just heard, in place of what was thought of it before, and looks at it.
 *
 * @param heard The digit, with its id.
 * @param prediction What the classifier says of it.
 */
export function showDigit(heard: SpokenDigit, prediction: Prediction): void {
  const said = utterance.value ?? EMPTY;
  if (dropped.has(heard.id!)) return;
  const known = said.digits.findIndex(({ id }) => id === heard.id);
  const index = known < 0 ? said.digits.length : known;
  const label = said.digits[index]?.label;
  details.set(index, prediction);
  details.delete(index - KEEP_DETAILS);
  batch(() => {
    utterance.value = {
      ...said,
      digits: said.digits.toSpliced(index, 1, label === undefined ? heard : { ...heard, label }),
    };
    if (known < 0 || selected.value === index) look(index);
  });
}

/** Takes a digit away that was thought to be heard. @param id Of the digit. */
export function withdrawDigit(id: number): void {
  const index = utterance.value?.digits.findIndex((heard) => heard.id === id) ?? -1;
  if (index >= 0) removeAt(index);
}

/** An utterance in which nothing was said yet. */
export const EMPTY: Utterance = {
  digits: [],
  alternatives: [],
  none: null,
  prediction: null,
  ms: 0,
  provisional: false,
};

/** Looks at a digit: its spectrogram and what else it might have been. @param index Its place. */
export function look(index: number): void {
  const heard = utterance.value?.digits[index];
  if (!heard) return;
  batch(() => {
    selected.value = index;
    detail.value = details.get(index) ?? null;
  });
  if (!details.has(index) && clip.value) void find(index, heard);
}

/** Says what the digit looked at was. @param label The digit, or none. */
export function correct(label: Label): void {
  const said = utterance.value;
  const index = selected.value;
  if (!said || index === null) return;
  const digits = said.digits.map((heard, i) => (i === index ? { ...heard, label } : heard));
  utterance.value = { ...said, digits };
  announce(`It was ${labelWord(label)}.`);
  reviseShown();
}

/** Takes the last digit away. */
export function deleteLast(): void {
  const last = utterance.value?.digits.at(-1);
  if (!last) return;
  if (last.id !== undefined) dropped.add(last.id);
  removeAt(utterance.value!.digits.length - 1);
  const digit = meant(last);
  announce(digit === null ? "Deleted." : `Deleted ${labelWord(digit)}.`);
  reviseShown();
}

function removeAt(index: number): void {
  const said = utterance.value!;
  // Places after it move up.
  for (const place of [...details.keys()]) if (place >= index) details.delete(place);
  utterance.value = { ...said, digits: said.digits.toSpliced(index, 1) };
  if (said.digits.length > 1) look(Math.max(0, Math.min(index, said.digits.length - 1) - 1));
  else nothingSelected();
}

/** Takes all digits away. */
export function clearDigits(): void {
  details.clear();
  for (const { id } of utterance.value?.digits ?? []) if (id !== undefined) dropped.add(id);
  utterance.value = listening.value === "live" ? EMPTY : null;
  nothingSelected();
  announce("Cleared.");
}

/** Puts the number into the clipboard, written as it is shown. */
export async function copyNumber(): Promise<void> {
  const said = utterance.value;
  if (!said) return;
  try {
    await navigator.clipboard.writeText(numberText(said.digits, grouping.value));
    announce(`Copied ${spelled(digitsOf(said))}.`);
  } catch (error) {
    notice.value = noticeFor(error);
  }
}

function nothingSelected(): void {
  batch(() => {
    selected.value = null;
    detail.value = null;
  });
}

async function find(
  index: number,
  { digit, startMs, endMs, confidence, rivals }: SpokenDigit,
): Promise<void> {
  const { clipId, durationMs } = clip.value!;
  const place = {
    startMs: Math.max(0, startMs - MARGIN_MS),
    endMs: Math.min(durationMs, endMs + MARGIN_MS),
  };
  try {
    const selection = { clipId, ...place, noiseReduction: noiseReduction.value };
    const seen = await engine.ask("classify", { selection, voice: voiceInUse() });
    if (clip.value?.clipId !== clipId) return;
    const prediction = digit === null ? seen : heardAs(seen, { digit, confidence, rivals });
    details.set(index, prediction);
    if (selected.value === index) detail.value = prediction;
  } catch (error) {
    if (clip.value?.clipId === clipId) notice.value = noticeFor(error);
  }
}
