// From a sound to its answer: open, trim, reduce noise, classify.

import { batch } from "@preact/signals";
import type { Prediction } from "../../model/prediction.ts";
import type { OpenedClip, Selection, Stretch } from "../engine/protocol.ts";
import { engine } from "./engine-link.ts";
import { remember, revise } from "./history.ts";
import type { Origin } from "./page-state.ts";
import {
  announcement,
  clip,
  liveDigits,
  noiseReduction,
  notice,
  opening,
  prediction,
  reduced,
  stretch,
} from "./page-state.ts";
import { noticeFor, spoken } from "./plain-words.ts";

/**
 * Opens a sound file and answers.
 *
 * @param file Its bytes.
 * @param name What to call it.
 * @param origin Where it came from.
 */
export async function openFile(file: Blob, name: string, origin: Origin): Promise<void> {
  opening.value = true;
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    await showClip(await engine.ask("open", bytes, [bytes.buffer]), name, origin);
  } catch (error) {
    tell(error);
  } finally {
    opening.value = false;
  }
}

/**
 * Shows a clip that the worker has opened, and answers.
 *
 * @param opened The clip.
 * @param name What to call it.
 * @param origin Where it came from.
 */
export async function showClip(opened: OpenedClip, name: string, origin: Origin): Promise<void> {
  batch(() => {
    notice.value = null;
    reduced.value = null;
    liveDigits.value = [];
    clip.value = { ...opened, name, origin };
    stretch.value = { startMs: 0, endMs: opened.durationMs };
  });
  entryId = null;
  await (noiseReduction.value ? reduceNoise() : classify());
}

/** Chooses the part to classify. @param chosen Within the clip, at least 10 ms. */
export async function choose(chosen: Stretch): Promise<void> {
  const durationMs = clip.value?.durationMs ?? 0;
  const startMs = Math.max(0, Math.min(chosen.startMs, durationMs - 10));
  stretch.value = { startMs, endMs: Math.min(durationMs, Math.max(chosen.endMs, startMs + 10)) };
  await classify();
}

/** Chooses the word without the silence around it. */
export async function trimSilence(): Promise<void> {
  if (!clip.value) return;
  const { clipId } = clip.value;
  try {
    const speech = await engine.ask("findSpeech", clipId);
    if (isInView(clipId)) await choose(speech);
  } catch (error) {
    if (isInView(clipId)) tell(error);
  }
}

/** Chooses the whole clip. */
export async function chooseAll(): Promise<void> {
  await choose({ startMs: 0, endMs: clip.value?.durationMs ?? 0 });
}

/** Switches noise reduction. @param on The new setting. */
export async function switchNoiseReduction(on: boolean): Promise<void> {
  noiseReduction.value = on;
  if (!clip.value) return;
  if (on) return reduceNoise();
  reduced.value = null;
  await classify();
}

/** Tells the reader of a failure. @param error What was thrown. */
export function tell(error: unknown): void {
  notice.value = noticeFor(error);
  announcement.value = `${notice.value.title}. ${notice.value.text}`;
}

async function reduceNoise(): Promise<void> {
  const { clipId } = clip.value!;
  try {
    const sound = await engine.ask("reduceNoise", clipId);
    if (!isInView(clipId) || !noiseReduction.value) return;
    reduced.value = sound;
    await classify();
  } catch (error) {
    if (isInView(clipId)) tell(error);
  }
}

/** Whether no newer clip has taken its place: what comes of an older one is of no interest, a failure neither. */
function isInView(clipId: number): boolean {
  return clip.value?.clipId === clipId;
}

// The history's entry for the clip in view.
let entryId: number | null = null;
let busy = false;
let outdated = false;

/** Classifies the selection. While one is under way only the newest of further wishes counts. */
async function classify(): Promise<void> {
  outdated = true;
  if (busy) return;
  busy = true;
  while (outdated) {
    outdated = false;
    await classifyOnce(currentSelection());
  }
  busy = false;
}

async function classifyOnce(selection: Selection): Promise<void> {
  try {
    const answer = await engine.ask("classify", selection);
    if (isInView(selection.clipId)) prediction.value = answer;
    if (!outdated) await record(answer, selection);
  } catch (error) {
    if (isInView(selection.clipId)) tell(error);
  }
}

function currentSelection(): Selection {
  return { ...stretch.value, clipId: clip.value!.clipId, noiseReduction: noiseReduction.value };
}

async function record(answer: Prediction, selection: Selection): Promise<void> {
  const { name, origin } = clip.value!;
  const wav = await engine.ask("excerpt", selection);
  if (!isInView(selection.clipId)) return;
  announcement.value = spoken(answer);
  if (entryId === null) entryId = remember(answer, { name, origin, wav });
  else revise(entryId, answer, wav);
}
