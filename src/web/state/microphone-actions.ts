// The microphone: record a word, or listen on.

import { batch } from "@preact/signals";
import { asError } from "../engine/failure.ts";
import type { EngineEvent } from "../engine/protocol.ts";
import type { Microphone } from "../microphone/open-microphone.ts";
import { openMicrophone } from "../microphone/open-microphone.ts";
import { showClip, tell } from "./clip-actions.ts";
import { digitString } from "./digit-string.ts";
import { engine, onEngineEvent } from "./engine-link.ts";
import { remember } from "./history.ts";
import type { Listening } from "./page-state.ts";
import {
  announcement,
  browserProcessing,
  levelDb,
  listening,
  liveDigits,
  notice,
  openSeconds,
  prediction,
} from "./page-state.ts";
import { describe } from "./plain-words.ts";
import { stopPlaying } from "./player.ts";

const MAX_RECORDING_SECONDS = 60;
const MAX_LIVE_DIGITS = 200;

let microphone: Microphone | undefined;
// Of what was started last, until it is closed: who has waited for something sees whether it is still wanted.
let current: symbol | undefined;

/** Starts a recording, or ends it and answers. */
export async function toggleRecording(): Promise<void> {
  if (listening.value === "recording") await finishRecording();
  else if (listening.value === "live") await stopLive();
  else if (listening.value === "off") await start("recording");
}

/** Starts to listen on, or stops it. */
export async function toggleLive(): Promise<void> {
  if (listening.value === "live") await stopLive();
  else if (listening.value === "off") await start("live");
}

async function start(what: Extract<Listening, "recording" | "live">): Promise<void> {
  stopPlaying();
  notice.value = null;
  listening.value = "starting";
  const own = Symbol(what);
  current = own;
  try {
    const opened = await openMicrophone({ browserProcessing: browserProcessing.value, onLost: lose });
    if (current !== own) return opened.stop();
    microphone = opened;
    const { source } = opened;
    const call = what === "live" ? "startLive" : "startRecording";
    liveDigits.value = [];
    await engine.ask(call, source, [source.port]);
    if (current !== own) return await endUnheard();
    listening.value = what;
    announcement.value = what === "live" ? "Listening." : "Recording.";
  } catch (error) {
    if (current !== own) return; // its end has been told
    close();
    tell(error);
  }
}

/** Ends what the worker began after it was lost; the worker may have been told to before, too early. */
async function endUnheard(): Promise<void> {
  if (current === undefined) await engine.ask("stopLive", undefined);
}

function lose(error: Error): void {
  void (listening.value === "recording" ? finishRecording() : stopLive()).then(() => tell(error));
}

async function finishRecording(): Promise<void> {
  close();
  try {
    const opened = await engine.ask("finishRecording", undefined);
    await showClip(opened, `Recording ${new Date().toLocaleTimeString()}`, "microphone");
  } catch (error) {
    tell(error);
  }
}

async function stopLive(): Promise<void> {
  close();
  try {
    await engine.ask("stopLive", undefined);
    const heard = digitString(liveDigits.value);
    announcement.value = heard ? `Stopped listening. Heard: ${heard}.` : "Stopped listening.";
  } catch (error) {
    tell(error);
  }
}

function close(): void {
  current = undefined;
  microphone?.stop();
  microphone = undefined;
  batch(() => {
    listening.value = "off";
    levelDb.value = -100;
    openSeconds.value = 0;
  });
}

let lastDigitId = 0;

onEngineEvent((event) => {
  // The last digit may come when the microphone is closed already; its level must not.
  if (event.kind === "digit") showDigit(event);
  else if (event.kind === "level" && listening.value !== "off") showLevel(event);
  else if (event.kind === "failure" && isListening()) lose(asError(event.failure));
});

function isListening(): boolean {
  return listening.value === "live" || listening.value === "recording";
}

function showLevel(event: Extract<EngineEvent, { kind: "level" }>): void {
  levelDb.value = event.levelDb;
  openSeconds.value = Math.floor(event.durationMs / 1000);
  if (listening.value === "recording" && openSeconds.value >= MAX_RECORDING_SECONDS) void finishRecording();
}

function showDigit(event: Extract<EngineEvent, { kind: "digit" }>): void {
  const { prediction: answer, wav, startMs, endMs, endedAt } = event;
  const { digit, confidence } = answer;
  lastDigitId++;
  const heard = { id: lastDigitId, digit, confidence, startMs, endMs, delayMs: Date.now() - endedAt };
  batch(() => {
    prediction.value = answer;
    liveDigits.value = [...liveDigits.value, heard].slice(-MAX_LIVE_DIGITS);
    announcement.value = describe(answer).headline;
    remember(answer, { name: "Live", origin: "live", wav });
  });
}
