// What the reader has chosen, kept in this browser.

import { effect, type Signal, signal } from "@preact/signals";
import type { VoiceProfile } from "../../model/voice-profile.ts";
import type { ListeningOptions } from "../engine/utterance.ts";
import type { Grouping } from "./number-text.ts";
import { model } from "./page-state.ts";

const PREFIX = "spoken-digits.";

/** Which microphone, as the browser calls it; empty for the usual one. */
export const microphoneId = kept("microphone", "");

/** Whether the browser may process the sound before we get it. */
export const browserProcessing = kept("browser-processing", false);

/** Whether a recording ends by itself after the speech. */
export const stopsByItself = kept("stops-by-itself", true);

/** How numbers are grouped. */
export const grouping = kept<Grouping>("grouping", "spoken");

/** What is expected to be said. */
export const expected = kept<ListeningOptions["expect"]>("expect", "any");

/** How many digits, or in which groups; empty where that is not known. */
export const expectedLength = kept("length", "");

/** Whether the keys 0 to 9 correct the digit that is looked at. */
export const digitKeys = kept("digit-keys", true);

/** Whether the history is kept in this browser. */
export const keepsHistory = kept("keeps-history", false);

/** Voices that were taught here or brought along, each with a name of its own. */
export const voices = kept<readonly VoiceProfile[]>("voices", []);

/** The name of the voice that is used; empty for nobody's. */
export const usedVoice = kept("voice", "");

/** The voice that is used, where it belongs to the model. */
export function voiceInUse(): VoiceProfile | null {
  const voice = voices.value.find(({ name }) => name === usedVoice.value);
  return voice && isOfModel(voice) ? voice : null;
}

/** Whether a voice belongs to the model that is loaded. @param voice Any. */
export const isOfModel = (voice: VoiceProfile): boolean => voice.model === model.value?.checksum;

/** How to listen, as chosen. */
export function listeningOptions(): ListeningOptions {
  const length = expected.value === "any" ? null : expectedLength.value || null;
  return { expect: expected.value, length, voice: voiceInUse() };
}

/** A signal whose value outlives the page, where the browser lets it. */
function kept<Value>(name: string, initial: Value): Signal<Value> {
  const setting = signal(read(name, initial));
  effect(() => write(name, setting.value));
  // Another tab has changed it: what is written next does not undo that.
  globalThis.addEventListener?.("storage", ({ key }) => {
    if (key === PREFIX + name) setting.value = read(name, initial);
  });
  return setting;
}

function read<Value>(name: string, initial: Value): Value {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
    return value !== null && typeof value === typeof initial ? (value as Value) : initial;
  } catch {
    return initial; // no storage here, or something else was written in it
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Without storage the setting holds until the page is left.
  }
}
