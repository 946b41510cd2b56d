import { effect, signal } from "@preact/signals";
import type { TakeProblem } from "../../model/take-problems.ts";
import { readVoiceProfile, type VoiceProfile } from "../../model/voice-profile.ts";
import { announce } from "./announce.ts";
import { tell } from "./clip-actions.ts";
import { EndOfSpeech } from "./end-of-speech.ts";
import { engine } from "./engine-link.ts";
import { history, isLabelled } from "./history.ts";
import { close, listenForTakes } from "./microphone-actions.ts";
import { listening } from "./page-state.ts";
import { wordFor } from "./plain-words.ts";
import { usedVoice, voices } from "./settings.ts";

/** How far the teaching is. */
export type Lesson = {
  name: string;
  /** The digit to be said now. */
  digit: number;
  /** Takes asked for so far, and in all. */
  done: number;
  total: number;
  /** Why the last take is asked for again, or null. */
  problem: TakeProblem | null;
};

/** What is being taught, or null. */
export const lesson = signal<Lesson | null>(null);
effect(() => {
  if (listening.value === "off") lesson.value = null;
});

// Three rounds; in each another order, or digits are counted, not said.
const ROUNDS = [
  [7, 2, 9, 4, 0, 5, 1, 8, 3, 6],
  [3, 8, 0, 6, 1, 9, 5, 2, 7, 4],
  [5, 1, 4, 7, 2, 6, 9, 0, 8, 3],
];
const ORDER = ROUNDS.flat();
// A word is over sooner than a number.
const QUIET_MS = 500;
// After so many takes of one digit in which something is wrong the next is asked for.
const MAX_TRIES = 3;
const MAX_VOICES = 5;

/**
 * Asks for three takes of each digit, and makes a profile of them.
 *
 * @param name Whose voice.
 */
export async function teach(name: string): Promise<void> {
  if (listening.value !== "off") return;
  let [done, tries, floorDb, busy] = [0, 0, 0, false];
  let speech = new EndOfSpeech({ quietMs: QUIET_MS });
  const ask = (problem: TakeProblem | null) => {
    lesson.value = { name, digit: ORDER[done]!, done, total: ORDER.length, problem };
    announce(`${problem ? `${problemText(problem)} ` : ""}Say ${wordFor(ORDER[done]!)}.`);
  };
  const endTake = async () => {
    const problem = await engine.ask("addTake", ORDER[done]!);
    if (listening.value !== "teaching") return;
    tries = problem === null ? 0 : tries + 1;
    if (problem === null || tries === MAX_TRIES) [done, tries] = [done + 1, 0];
    if (done === ORDER.length) return finish(name);
    ask(problem);
    speech = new EndOfSpeech({ quietMs: QUIET_MS, floorDb });
  };
  ask(null);
  await listenForTakes((levelDb, durationMs) => {
    if (busy || !speech.push(levelDb, durationMs)) return;
    [busy, floorDb] = [true, speech.floorDb];
    void endTake()
      .catch(giveUp)
      .finally(() => {
        busy = false;
      });
  });
}

/** Learns from what the reader has confirmed or corrected. @param name Whose voice. */
export async function teachFromCorrections(name: string): Promise<void> {
  try {
    const { soundsIn } = await import("./zip-labelled.ts");
    const sounds = (await Promise.all(history.value.filter(isLabelled).map(soundsIn))).flat();
    const takes = sounds.flatMap(({ label, wav }) => (label === "none" ? [] : [{ label, bytes: wav }]));
    addVoice(await engine.ask("teach", { name, takes }));
    announce(`Learnt from ${takes.length} digits.`);
  } catch (error) {
    tell(error);
  }
}

/** Opens a profile that was saved before. @param file JSON. */
export async function openVoice(file: Blob): Promise<void> {
  try {
    addVoice(readVoiceProfile(await file.text()));
  } catch (error) {
    tell(error);
  }
}

/** Removes a profile from this browser. @param name Whose. */
export function removeVoice(name: string): void {
  voices.value = voices.value.filter((voice) => voice.name !== name);
  if (usedVoice.value === name) usedVoice.value = "";
}

/** What is wrong with a take. @param problem See {@link TakeProblem}. */
export function problemText(problem: TakeProblem): string {
  return {
    silent: "Nothing was heard.",
    clipped: "That was too loud: a little farther from the microphone.",
    noisy: "There is too much noise: closer to the microphone.",
    wrong: "That sounded like something else.",
  }[problem];
}

async function finish(name: string): Promise<void> {
  close();
  try {
    addVoice(await engine.ask("finishTeaching", name));
    announce("Your voice is learnt, and in use.");
  } catch (error) {
    tell(error);
  }
}

function giveUp(error: unknown): void {
  if (listening.value !== "teaching") return; // its end has been told
  close();
  tell(error);
}

/** In the place of one of the same name; the oldest makes way. */
function addVoice(voice: VoiceProfile): void {
  const others = voices.value.filter(({ name }) => name !== voice.name);
  voices.value = [...others, voice].slice(-MAX_VOICES);
  usedVoice.value = voice.name;
}
