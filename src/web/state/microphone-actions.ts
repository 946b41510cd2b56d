import { batch } from "@preact/signals";
import type { LiveDigitEvent } from "../../live/digit-event.ts";
import type { Prediction } from "../../model/prediction.ts";
import { unpackError } from "../../workers/calls.ts";
import type { CaptureSource, EngineEvent, LiveSound } from "../engine/protocol.ts";
import type { Utterance } from "../engine/utterance.ts";
import { openMicrophone } from "../microphone/open-microphone.ts";
import { createScope, type Scope } from "../scope.ts";
import { announce } from "./announce.ts";
import { enter, giveUpOpening, leave, showClip, tell } from "./clip-actions.ts";
import { EndOfSpeech } from "./end-of-speech.ts";
import { engine, onEngineEvent } from "./engine-link.ts";
import { remember } from "./history.ts";
import { listMicrophones } from "./microphones.ts";
import { EMPTY, showDigit, withdrawDigit } from "./number-actions.ts";
import { digitsOf } from "./number-text.ts";
import {
  delayMs,
  type Listening,
  levelDb,
  listening,
  noSound,
  notice,
  openSeconds,
  utterance,
} from "./page-state.ts";
import { labelWord, spelled } from "./plain-words.ts";
import { stopPlaying } from "./player.ts";
import { browserProcessing, listeningOptions, microphoneId, stopsByItself } from "./settings.ts";
import { shifted, shownEntry } from "./shown-entry.ts";

const MAX_RECORDING_SECONDS = 60;
// An open microphone in a quiet room gives more than this; one that is muted gives nothing.
const SOUND_DB = -85;
const NO_SOUND_AFTER_MS = 3000;

type Kind = Extract<Listening, "recording" | "live" | "teaching">;
type OnLevel = (levelDb: number, durationMs: number) => void;
type Session = {
  kind: Kind;
  /** Told the level while a voice is taught. */
  onLevel: OnLevel;
  loudestDb: number;
  speech: EndOfSpeech;
  /** Owns the microphone. */
  scope: Scope;
  isOpen: boolean;
};

// Who wanted to stop a recording just when it ended by itself does not want another.
const LATE_PRESS_MS = 700;

let endedByItselfAt = 0;
// What was started last, until it is closed: who has waited for something sees whether it is still wanted.
let current: Session | undefined;

/** Starts a recording, or ends it and answers; while one is being started, gives it up. */
export async function toggleRecording(): Promise<void> {
  if (listening.value === "recording") await finishRecording();
  else if (listening.value === "live") await stopLive();
  else if (listening.value === "starting") await cancel();
  else if (Date.now() - endedByItselfAt > LATE_PRESS_MS) await start("recording");
}

/** Starts to listen on, or stops it; while it is being started, gives it up. */
export async function toggleLive(): Promise<void> {
  if (listening.value === "live") await stopLive();
  else if (listening.value === "starting") await cancel();
  else await start("live");
}

/**
 * Opens the microphone for takes of a voice; nothing happens where it is in use.
 *
 * @param onLevel Told its level in dB of full scale, and for how long the take has lasted, in ms.
 */
export async function listenForTakes(onLevel: OnLevel): Promise<void> {
  await start("teaching", onLevel);
}

/** Gives up what the microphone is doing: a recording is dropped, what was heard live is kept. */
export async function cancel(): Promise<void> {
  if (listening.value === "off") return;
  if (listening.value === "live") return stopLive();
  close();
  announce("Cancelled.");
  await engine.ask("cancel", undefined).catch(tell);
}

async function start(kind: Kind, onLevel: OnLevel = () => undefined): Promise<void> {
  if (listening.value !== "off") return;
  stopPlaying();
  const own: Session = {
    kind,
    onLevel,
    loudestDb: -100,
    speech: new EndOfSpeech(),
    scope: createScope(),
    isOpen: false,
  };
  current = own;
  batch(() => {
    notice.value = null;
    listening.value = "starting";
    if (kind === "live") leave();
    else giveUpOpening();
  });
  try {
    const source = await openMicrophone({
      browserProcessing: browserProcessing.value,
      deviceId: microphoneId.value,
      scope: own.scope,
      onLost: lose,
    });
    if (current !== own) return;
    own.isOpen = true;
    await begin(kind, source);
    if (current !== own) return await endUnheard();
    const silence = setTimeout(noteSilence, NO_SOUND_AFTER_MS);
    own.scope.add(() => clearTimeout(silence));
    void listMicrophones();
  } catch (error) {
    if (current !== own) return; // its end has been told
    close();
    tell(error);
  }
}

// It goes on when the first samples arrive: what is said before would not be heard.
async function begin(kind: Kind, source: CaptureSource): Promise<void> {
  if (kind === "recording") await engine.ask("startRecording", source, [source.port]);
  else if (kind === "teaching") await engine.ask("startTeaching", source, [source.port]);
  else await engine.ask("startLive", { source, listeningOptions: listeningOptions() }, [source.port]);
}

/** Ends what the worker began after it was lost; the worker may have been told to before, too early. */
async function endUnheard(): Promise<void> {
  if (current === undefined) await engine.ask("cancel", undefined);
}

function lose(error: Error): void {
  const state = listening.value;
  const end = state === "recording" ? finishRecording : state === "teaching" ? cancel : stopLive;
  void end().then(() => tell(error));
}

async function finishRecording(): Promise<void> {
  close();
  try {
    const opened = await engine.ask("finishRecording", undefined);
    await showClip(opened, `Recording ${new Date().toLocaleTimeString()}`, "microphone");
  } catch (error) {
    leave();
    tell(error);
  }
}

async function stopLive(): Promise<void> {
  close();
  try {
    const sound = await engine.ask("stopLive", undefined);
    const said = utterance.value ?? EMPTY;
    const heard = digitsOf(said);
    if (sound && said.digits.length > 0) showSession(sound, said);
    else leave();
    announce(heard ? `Stopped listening. Heard: ${spelled(heard)}.` : "Stopped listening.");
  } catch (error) {
    tell(error);
  }
}

/** What was heard live becomes a clip like any other, and one row of the history. */
function showSession({ opened, offsetMs }: LiveSound, said: Utterance): void {
  const name = `Live ${new Date().toLocaleTimeString()}`;
  const inClip = shifted(said, -offsetMs);
  enter(opened, name, "live");
  utterance.value = inClip;
  shownEntry.value = { id: remember(inClip, { name, origin: "live", wav: opened.wav }), offsetMs: 0 };
}

/** Closes the microphone. */
export function close(): void {
  current?.scope.dispose();
  current = undefined;
  batch(() => {
    listening.value = "off";
    levelDb.value = -100;
    openSeconds.value = 0;
    noSound.value = false;
  });
}

onEngineEvent((event) => {
  // The last digit may come when the microphone is closed already; its level must not.
  if (event.kind === "digit") hear(event);
  else if (event.kind === "level" && current?.isOpen) showLevel(event);
  else if (event.kind === "failure" && current?.isOpen) lose(unpackError(event.failure));
});

function showLevel(event: Extract<EngineEvent, { kind: "level" }>): void {
  const { kind, speech, onLevel } = current!;
  if (listening.value === "starting") beginInView(kind);
  levelDb.value = event.levelDb;
  openSeconds.value = Math.floor(event.durationMs / 1000);
  noteSound(event.levelDb);
  if (kind === "teaching") onLevel(event.levelDb, event.durationMs);
  if (kind !== "recording") return;
  const isOver = speech.push(event.levelDb, event.durationMs) && stopsByItself.value;
  if (!isOver && openSeconds.value < MAX_RECORDING_SECONDS) return;
  endedByItselfAt = Date.now();
  void finishRecording();
}

function beginInView(kind: Kind): void {
  batch(() => {
    listening.value = kind;
    if (kind === "live") utterance.value = EMPTY;
  });
  if (kind !== "teaching") announce(kind === "live" ? "Listening." : "Recording.");
}

function noteSound(level: number): void {
  current!.loudestDb = Math.max(current!.loudestDb, level);
  if (current!.loudestDb > SOUND_DB) noSound.value = false;
}

function noteSilence(): void {
  if (!current || current.loudestDb > SOUND_DB) return;
  noSound.value = true;
  announce("No sound arrives. Is the microphone muted?");
}

function hear({ event, prediction, endedAt }: Extract<EngineEvent, { kind: "digit" }>): void {
  if (!prediction) withdrawDigit(event.id);
  else showHeard(event, { prediction, endedAt });
}

function showHeard(
  { status, ...place }: LiveDigitEvent,
  { prediction, endedAt }: { prediction: Prediction; endedAt: number },
): void {
  const isFirm = status === "firm";
  batch(() => {
    showDigit(isFirm ? place : { ...place, tentative: true }, prediction);
    delayMs.value = Date.now() - endedAt;
  });
  if (isFirm) announce(labelWord(place.digit));
}
