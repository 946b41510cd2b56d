// What the page shows. Views read these signals; the actions beside this file change them.

import { signal } from "@preact/signals";
import type { Prediction } from "../../model/prediction.ts";
import type { ModelSummary, OpenedClip, Sound, Stretch } from "../engine/protocol.ts";
import type { Utterance } from "../engine/utterance.ts";

/** Where a sound came from. */
export type Origin = "file" | "sample" | "microphone" | "live";

/** The clip in view. */
export type Clip = OpenedClip & {
  /** The file's name, or what else to call it. */
  name: string;
  origin: Origin;
};

/** Something the reader has to know: what went wrong, and what to do. */
export type Notice = { title: string; text: string; detail?: string };

/** What the microphone is doing. */
export type Listening = "off" | "starting" | "recording" | "live" | "teaching";

/** What is being waited for: a file that is read, or a sound that is listened through. */
export type Work = { what: "opening" | "recognising"; doneMs: number; totalMs: number };

/** The model, once it is loaded. */
export const model = signal<ModelSummary | null>(null);

/** How much of what is loaded first has come, while it is being loaded. */
export const loading = signal<{ loadedBytes: number; totalBytes: number } | null>(null);

/** True once numbers can be heard. */
export const numbersReady = signal(false);

/** The clip in view, or null before the first. */
export const clip = signal<Clip | null>(null);

/** What is being waited for, or null. */
export const work = signal<Work | null>(null);

/** The part of the clip that is listened to. */
export const stretch = signal<Stretch>({ startMs: 0, endMs: 0 });

/** Whether the noise is reduced before that. */
export const noiseReduction = signal(false);

/** The clip with its noise reduced, while that is switched on. */
export const reduced = signal<Sound | null>(null);

/** What was said in the sound in view, or so far in what is being heard. Times are in ms since the sound began. */
export const utterance = signal<Utterance | null>(null);

/** Which digit of it is looked at. */
export const selected = signal<number | null>(null);

/** What the classifier says of that digit, once it is known. */
export const detail = signal<Prediction | null>(null);

/** What to tell the reader. */
export const notice = signal<Notice | null>(null);

/** What the microphone is doing. */
export const listening = signal<Listening>("off");

/** Loudness at the microphone in dB of full scale. */
export const levelDb = signal(-100);

/** How long the microphone has been open, in whole seconds. */
export const openSeconds = signal(0);

/** True while the microphone is open and gives no sound. */
export const noSound = signal(false);

/** How long after its end the newest digit was shown, in ms, while listening on. */
export const delayMs = signal<number | null>(null);

/** True when a new version of the page waits to be used. */
export const updateWaiting = signal(false);
