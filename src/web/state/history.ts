import { signal } from "@preact/signals";
import type { Utterance } from "../engine/utterance.ts";
import type { Origin } from "./page-state.ts";

/** One answer: what was said in one sound. */
export type HistoryEntry = {
  id: number;
  time: Date;
  name: string;
  origin: Origin;
  /** Times are in ms since the sound began. */
  utterance: Utterance;
  /** The sound that was listened to. */
  wav: Blob;
};

/** As many answers are kept: a page left open must not fill the memory. */
export const MAX_ENTRIES = 200;

// About an hour and a half of sound at 16 kHz.
const MAX_BYTES = 200e6;
const NO_PICTURE = { data: new Float32Array(0), nMels: 0, nFrames: 0 };

/** The answers, the newest first. */
export const history = signal<readonly HistoryEntry[]>([]);

let lastId = 0;

/**
 * Adds an answer.
 *
 * @param utterance What was said.
 * @param about The sound: name, origin and WAV file.
 * @returns The entry's id.
 */
export function remember(utterance: Utterance, about: Pick<HistoryEntry, "name" | "origin" | "wav">): number {
  // Entries of an earlier visit have earlier times.
  lastId = Math.max(lastId + 1, Date.now());
  const entry = { ...about, utterance: withoutPicture(utterance), id: lastId, time: new Date() };
  history.value = withinLimits([entry, ...history.value]);
  return lastId;
}

/**
 * Replaces an answer by a later one for the same sound; one that has been removed stays away.
 *
 * @param id Which.
 * @param utterance The new answer.
 * @param wav The sound that it is for, where that has changed.
 */
export function revise(id: number, utterance: Utterance, wav?: Blob): void {
  history.value = history.value.map((entry) =>
    entry.id === id ? { ...entry, utterance: withoutPicture(utterance), wav: wav ?? entry.wav } : entry,
  );
}

/** Adds the answers of an earlier visit. @param entries In any order. */
export function recall(entries: readonly HistoryEntry[]): void {
  const known = new Set(history.value.map(({ id }) => id));
  const all = [...history.value, ...entries.filter(({ id }) => !known.has(id))];
  history.value = withinLimits(all.sort((a, b) => b.id - a.id));
}

/** Whether the reader has said what something in an answer was. @param entry The answer. */
export function isLabelled(entry: HistoryEntry): boolean {
  return entry.utterance.digits.some(({ label }) => label !== undefined);
}

/** Removes an answer. @param id Which. */
export function forget(id: number): void {
  history.value = history.value.filter((entry) => entry.id !== id);
}

/** Removes all answers. */
export function forgetAll(): void {
  history.value = [];
}

function withinLimits(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  let bytes = 0;
  return entries.slice(0, MAX_ENTRIES).filter(({ wav }, i) => {
    bytes += wav.size;
    return i === 0 || bytes <= MAX_BYTES;
  });
}

// The spectrogram is 16 kB an answer, and is computed again when the answer is opened.
function withoutPicture(utterance: Utterance): Utterance {
  const { prediction } = utterance;
  return { ...utterance, prediction: prediction && { ...prediction, logMel: NO_PICTURE } };
}
