// What the page shows. Views read these signals; the actions beside this file change them.

import { signal } from "@preact/signals";
import type { Prediction } from "../../model/prediction.ts";
import type { ModelSummary, OpenedClip, Sound, Stretch } from "../engine/protocol.ts";

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
export type Listening = "off" | "starting" | "recording" | "live";

/** A digit heard live. `startMs`, `endMs`: when, since listening began. `delayMs`: from its end to here. */
export type LiveDigit = {
  id: number;
  digit: number;
  confidence: number;
  startMs: number;
  endMs: number;
  delayMs: number;
};

/** The model, once it is loaded. */
export const model = signal<ModelSummary | null>(null);

/** The clip in view, or null before the first. */
export const clip = signal<Clip | null>(null);

/** True while a file is being read. */
export const opening = signal(false);

/** The part of the clip that is classified. */
export const stretch = signal<Stretch>({ startMs: 0, endMs: 0 });

/** Whether the noise is reduced before classifying. */
export const noiseReduction = signal(false);

/** The clip with its noise reduced, while that is switched on. */
export const reduced = signal<Sound | null>(null);

/** The newest answer. */
export const prediction = signal<Prediction | null>(null);

/** What to tell the reader. */
export const notice = signal<Notice | null>(null);

/** What a screen reader is to say next. */
export const announcement = signal("");

/** What the microphone is doing. */
export const listening = signal<Listening>("off");

/** Loudness at the microphone in dB of full scale. */
export const levelDb = signal(-100);

/** How long the microphone has been open, in whole seconds. */
export const openSeconds = signal(0);

/** Whether the browser may process the sound before we get it. */
export const browserProcessing = signal(false);

/** The digits heard since listening began, the newest last. They stay in view until another sound is shown. */
export const liveDigits = signal<readonly LiveDigit[]>([]);

/** True when a new version of the page waits to be used. */
export const updateWaiting = signal(false);
