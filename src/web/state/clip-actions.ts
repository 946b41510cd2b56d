import { batch } from "@preact/signals";
import type { OpenedClip, Selection, Stretch } from "../engine/protocol.ts";
import type { Utterance } from "../engine/utterance.ts";
import { announce } from "./announce.ts";
import { engine, onEngineEvent } from "./engine-link.ts";
import { type HistoryEntry, remember, revise } from "./history.ts";
import { showUtterance } from "./number-actions.ts";
import {
  clip,
  listening,
  noiseReduction,
  notice,
  type Origin,
  reduced,
  stretch,
  work,
} from "./page-state.ts";
import { noticeFor, spoken } from "./plain-words.ts";
import { listeningOptions } from "./settings.ts";
import { shifted, shownEntry } from "./shown-entry.ts";

/**
 * Opens a sound file and answers.
 *
 * @param file Its bytes.
 * @param name What to call it.
 * @param origin Where it came from.
 */
export async function openFile(file: Blob, name: string, origin: Origin): Promise<void> {
  await opening(file, (opened) => showClip(opened, name, origin));
}

/** Opens an answer of the history again, as it was. @param entry Which. */
export async function reopen(entry: HistoryEntry): Promise<void> {
  await opening(entry.wav, async (opened) => {
    noiseReduction.value = false; // the sound that is kept has it already
    enter(opened, entry.name, entry.origin);
    shownEntry.value = { id: entry.id, offsetMs: 0 };
    showUtterance(entry.utterance);
    announce(spoken(entry.utterance));
  });
}

/**
 * Shows a clip that the worker has opened, and answers.
 *
 * @param opened The clip.
 * @param name What to call it.
 * @param origin Where it came from.
 */
export async function showClip(opened: OpenedClip, name: string, origin: Origin): Promise<void> {
  enter(opened, name, origin);
  await (noiseReduction.value ? reduceNoise() : recognise());
}

/** Puts a clip into view, without an answer yet. @param opened The clip. @param name What to call it. @param origin Where it came from. */
export function enter(opened: OpenedClip, name: string, origin: Origin): void {
  batch(() => {
    notice.value = null;
    reduced.value = null;
    clip.value = { ...opened, name, origin };
    stretch.value = { startMs: 0, endMs: opened.durationMs };
    shownEntry.value = null;
  });
}

/** A sound that is still being opened is not wanted any more. */
export function giveUpOpening(): void {
  newest++;
  if (work.value?.what === "opening") work.value = null;
}

/** Takes the sound and its answer out of view, also one that is still being opened. */
export function leave(): void {
  newest++;
  batch(() => {
    work.value = null;
    clip.value = null;
    reduced.value = null;
    stretch.value = { startMs: 0, endMs: 0 };
    shownEntry.value = null;
    showUtterance(null);
  });
}

/** Chooses the part to listen to. @param chosen Within the clip, at least 10 ms. */
export async function choose(chosen: Stretch): Promise<void> {
  const durationMs = clip.value?.durationMs ?? 0;
  const startMs = Math.max(0, Math.min(chosen.startMs, durationMs - 10));
  stretch.value = { startMs, endMs: Math.min(durationMs, Math.max(chosen.endMs, startMs + 10)) };
  await recognise();
}

/** Chooses the speech without the silence around it. */
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
  await recognise();
}

/** Listens to what is in view again, as is chosen now. */
export async function listenAgain(): Promise<void> {
  if (clip.value && listening.value === "off") await recognise();
}

/** Tells the reader of a failure. @param error What was thrown. */
export function tell(error: unknown): void {
  notice.value = noticeFor(error);
  announce(`${notice.value.title}. ${notice.value.text}`);
}

// What was begun last: an older file that opens late is not shown.
let newest = 0;

async function opening(file: Blob, show: (opened: OpenedClip) => Promise<void>): Promise<void> {
  const own = ++newest;
  work.value = { what: "opening", doneMs: 0, totalMs: 0 };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const opened = await engine.ask("open", bytes, [bytes.buffer]);
    if (own !== newest) return;
    await show(opened);
    if (own === newest) work.value = null;
  } catch (error) {
    if (own !== newest) return;
    leave(); // what was there before is not the answer to this
    tell(error);
  }
}

async function reduceNoise(): Promise<void> {
  const { clipId } = clip.value!;
  try {
    const sound = await engine.ask("reduceNoise", clipId);
    if (!isInView(clipId) || !noiseReduction.value) return;
    reduced.value = sound;
    await recognise();
  } catch (error) {
    if (isInView(clipId)) tell(error);
  }
}

/** Whether no newer clip has taken its place: what comes of an older one is of no interest, a failure neither. */
function isInView(clipId: number): boolean {
  return clip.value?.clipId === clipId;
}

let busy = false;
let outdated = false;

/** Listens to the selection. While that is under way only the newest of further wishes counts. */
async function recognise(): Promise<void> {
  outdated = true;
  if (busy) return;
  busy = true;
  while (outdated && clip.value) {
    outdated = false;
    work.value = { what: "recognising", doneMs: 0, totalMs: 0 };
    await recogniseOnce(currentSelection());
  }
  work.value = null;
  busy = false;
}

async function recogniseOnce(selection: Selection): Promise<void> {
  const { clipId } = selection;
  try {
    const found = await engine.ask("recognise", { selection, listeningOptions: listeningOptions() });
    if (!isInView(clipId)) return;
    showUtterance(shifted(found, selection.startMs));
    if (!outdated) await record(found, selection);
    if (found.provisional) void lookAgain(clipId).catch(tell);
  } catch (error) {
    if (isInView(clipId)) tell(error);
  }
}

/** Listens again, once numbers can be heard. */
async function lookAgain(clipId: number): Promise<void> {
  await engine.ask("loadNumbers", undefined);
  if (isInView(clipId)) await recognise();
}

function currentSelection(): Selection {
  return { ...stretch.value, clipId: clip.value!.clipId, noiseReduction: noiseReduction.value };
}

async function record(found: Utterance, selection: Selection): Promise<void> {
  const { name, origin } = clip.value!;
  const wav = await engine.ask("excerpt", selection);
  if (!isInView(selection.clipId)) return;
  announce(spoken(found));
  const shown = shownEntry.value;
  if (shown) revise(shown.id, found, wav);
  const id = shown?.id ?? remember(found, { name, origin, wav });
  shownEntry.value = { id, offsetMs: selection.startMs };
}

// Shorter sounds are heard before a bar could be looked at.
const SHORT_MS = 10_000;

onEngineEvent((event) => {
  if (event.kind !== "progress" || event.totalMs < SHORT_MS || work.value?.what !== "recognising") return;
  work.value = { what: "recognising", doneMs: event.doneMs, totalMs: event.totalMs };
});
