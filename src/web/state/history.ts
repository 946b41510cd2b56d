import { signal } from "@preact/signals";
import type { Prediction } from "../../model/prediction.ts";
import type { Origin } from "./page-state.ts";

/** One answer of this session. */
export type HistoryEntry = Omit<Prediction, "logMel"> & {
  id: number;
  time: Date;
  name: string;
  origin: Origin;
  /** The sound that was classified. */
  wav: Blob;
};

/** As many answers are kept: a page left live must not fill the memory. */
export const MAX_ENTRIES = 200;

/** The answers of this session, the newest first. */
export const history = signal<readonly HistoryEntry[]>([]);

let lastId = 0;

/**
 * Adds an answer.
 *
 * @param prediction The answer.
 * @param about The sound: name, origin and WAV file.
 * @returns The entry's id.
 */
export function remember(
  prediction: Prediction,
  about: Pick<HistoryEntry, "name" | "origin" | "wav">,
): number {
  lastId++;
  const entry = { ...withoutPicture(prediction), ...about, id: lastId, time: new Date() };
  history.value = [entry, ...history.value].slice(0, MAX_ENTRIES);
  return lastId;
}

/**
 * Replaces an answer by a later one for the same clip; one that has been removed stays away.
 *
 * @param id Which.
 * @param prediction The new answer.
 * @param wav The sound that it is for.
 */
export function revise(id: number, prediction: Prediction, wav: Blob): void {
  history.value = history.value.map((entry) =>
    entry.id === id ? { ...entry, ...withoutPicture(prediction), wav } : entry,
  );
}

/** Removes an answer. @param id Which. */
export function forget(id: number): void {
  history.value = history.value.filter((entry) => entry.id !== id);
}

/** Removes all answers. */
export function forgetAll(): void {
  history.value = [];
}

// The picture is 16 kB an answer, or more, and nothing shows it again.
function withoutPicture({ logMel: _, ...rest }: Prediction): Omit<Prediction, "logMel"> {
  return rest;
}
