import { signal } from "@preact/signals";
import { AudioFormatError } from "../../errors.ts";
import { DIGIT_WORDS } from "../../model/prediction.ts";
import type { Label, Utterance } from "../engine/utterance.ts";
import { announce } from "./announce.ts";
import { openFile, tell } from "./clip-actions.ts";
import { engine } from "./engine-link.ts";
import { digitsOf } from "./number-text.ts";
import { noticeFor } from "./plain-words.ts";
import { listeningOptions } from "./settings.ts";

/** A sound file and where it lay, from the folder that was chosen. */
export type FoundFile = { file: File; path: string };

/** One line of the table. */
export type FileRow = FoundFile & {
  id: number;
  /** What the name says it is, where it says so. */
  label: Label | null;
  state: "waiting" | "done" | "failed";
  /** The digits heard; empty for none. */
  digits: string;
  /** Of the least sure digit, 0..1. */
  confidence: number;
  durationMs: number;
  /** Why it could not be read, where it failed. */
  problem: string;
};

const AUDIO_NAME = /\.(wav|wave|mp3|m4a|m4b|mp4|aac|ogg|oga|opus|flac|webm|aif|aiff|aifc|3gp|mov)$/i;
// The table is drawn anew no more often than that.
const SHOW_EVERY_MS = 200;

/** The files, in the order they were found. */
export const fileRows = signal<readonly FileRow[]>([]);

/** Whether they are being listened to. */
export const filesRunning = signal(false);

/** Whether a name is one of a sound file. @param name A file's name or path. */
export function isAudioName(name: string): boolean {
  return AUDIO_NAME.test(name) && !/(^|\/)\./.test(name);
}

/**
 * Opens what was chosen or dropped: one file as a sound to look at, several as a table.
 *
 * @param found The files. Of several, those that are no sound by their name are left out.
 */
export async function openFound(found: readonly FoundFile[]): Promise<void> {
  const [first] = found;
  if (first && found.length === 1) return openFile(first.file, first.file.name, "file");
  const sounds = found.filter(({ path }) => isAudioName(path));
  if (sounds.length === 0)
    return tell(new AudioFormatError("audio-unrecognised", "no file with the name of a sound"));
  fileRows.value = sounds.map((sound) => ({
    ...sound,
    id: ++lastId,
    label: labelInName(sound.path),
    ...UNHEARD,
  }));
  await goOn();
}

let lastId = 0;
// Whether a file is being listened to, also one of a table that was closed meanwhile.
let busy = false;

/** Listens to the files that wait. */
export async function goOn(): Promise<void> {
  filesRunning.value = true;
  if (busy) return;
  busy = true;
  const done = new Map<number, FileRow>();
  let shownAt = performance.now();
  const next = () => fileRows.value.find(({ id, state }) => state === "waiting" && !done.has(id));
  for (let row = next(); row && filesRunning.value; row = next()) {
    done.set(row.id, await hear(row));
    if (performance.now() - shownAt < SHOW_EVERY_MS) continue;
    show(done);
    shownAt = performance.now();
  }
  show(done);
  [busy, filesRunning.value] = [false, false];
  const heard = fileRows.value.filter(({ state }) => state !== "waiting").length;
  if (heard > 0) announce(`${heard} files heard.`);
}

/** Stops after the file that is being listened to. */
export function pause(): void {
  filesRunning.value = false;
}

/** Takes the table away. */
export function closeFiles(): void {
  pause();
  fileRows.value = [];
}

const UNHEARD = { state: "waiting" as const, digits: "", confidence: 0, durationMs: 0, problem: "" };

function show(done: Map<number, FileRow>): void {
  if (done.size > 0) fileRows.value = fileRows.value.map((row) => done.get(row.id) ?? row);
  done.clear();
}

async function hear(row: FileRow): Promise<FileRow> {
  try {
    const bytes = new Uint8Array(await row.file.arrayBuffer());
    const argument = { bytes, listeningOptions: listeningOptions() };
    const { utterance, durationMs } = await engine.ask("recogniseFile", argument, [bytes.buffer]);
    const [digits, confidence] = [digitsOf(utterance), leastSure(utterance)];
    return { ...row, state: "done", digits, confidence, durationMs };
  } catch (error) {
    return { ...row, state: "failed", problem: noticeFor(error).title };
  }
}

function leastSure({ digits }: Utterance): number {
  return Math.min(1, ...digits.map(({ confidence }) => confidence));
}

// As the Free Spoken Digit Dataset names its files: 7_theo_0.wav.
const DIGIT_FIRST = /^(\d)_/;

/**
 * What the name of a recording says that it is: `7_theo_0.wav`, or a file in a folder `seven` or `7`, as Speech Commands
 * has them.
 *
 * @param path Of the file, with slashes.
 * @returns The digit, or null where the name says nothing.
 */
export function labelInName(path: string): Label | null {
  const parts = path.split("/");
  const first = DIGIT_FIRST.exec(parts.at(-1)!)?.[1];
  if (first !== undefined) return Number(first);
  const folder = parts.at(-2)?.toLowerCase() ?? "";
  if (/^\d$/.test(folder)) return Number(folder);
  const word = DIGIT_WORDS.indexOf(folder);
  return word < 0 ? null : word;
}
