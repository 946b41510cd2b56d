// Recorded noise: ESC-10 (K. J. Piczak, "ESC: Dataset for Environmental Sound Classification", ACM Multimedia 2015) and the
// background recordings of Speech Commands.

import { basename, extname, join } from "node:path";
import { CorpusError } from "../errors.ts";
import type { Corpus, CorpusParts } from "./corpora.ts";
import type { Dataset } from "./dataset.ts";
import { firstFolder, listAudioNames, listFolderNames } from "./list-folder.ts";
import type { Recording } from "./recording.ts";
import { SPEECH_COMMANDS_CORPUS } from "./speech-commands.ts";

/** The `corpus` of the recordings of ESC-10. */
const ESC10_CORPUS = "esc10";

/** One recording without speech, or with none that matters. */
export type NoiseRecording = {
  /** Path of the audio file, readable from the working directory. */
  path: string;
  /** What makes the noise, in lower case, for example `rain`. */
  kind: string;
  /** The recording it was cut from, unique within the corpus; two clips of one source sound alike. */
  source: string;
  /** `esc10` or `speech-commands`. */
  corpus: string;
  /** Of ESC-10: the fold, 1-5. */
  fold?: number;
};

/** Two lists without a source in common. */
export type NoiseSplit = { training: NoiseRecording[]; heldOut: NoiseRecording[] };

/** The fold of ESC-10 that is held out. All clips of one source are in one fold, and each fold has all ten kinds. */
const HELD_OUT_NOISE_FOLD = 3;

/** The background recordings of Speech Commands that are held out: 2 of its 6, neither of them computed noise. */
export const HELD_OUT_BACKGROUNDS: readonly string[] = ["dude_miaowing", "running_tap"];

/** The corpus. */
export const ESC10: Corpus = {
  find: findEsc10,
  cached: async (cacheDir) => [(await import("./download-esc10.ts")).esc10CacheFolder(cacheDir)],
  download: async (options) => (await import("./download-esc10.ts")).downloadEsc10(options),
  read: async (folder) => noiseParts(await readEsc10(folder)),
  async summarise(folder) {
    const clips = await readEsc10(folder);
    const kinds = [...new Set(clips.map(({ kind }) => kind))];
    const { training, heldOut } = splitNoise(clips);
    return {
      rows: [
        ["corpus", "ESC-10"],
        ["folder", folder],
        ["recordings", String(clips.length)],
        ["kinds", `${kinds.length} (${kinds.join(", ")})`],
        ["split", `${training.length} for training, ${heldOut.length} for testing`],
      ],
      recordings: [],
    };
  },
};

const CLIP_NAME = /^(?<fold>\d)-(?<source>\d+)-[A-Z](?:-\d+)?\.[^.]+$/;

/**
 * Lists the clips of ESC-10: `{kind}/{fold}-{source}-{take}.ogg`, 5 s each. Nothing is decoded.
 *
 * @param folder The folder of the kinds, or one that holds it as `noise/esc10/` or `esc10/`. The kind is the folder's name
 *   in lower case without a number before it: `rain`, or the published `002 - Rain`. Files that are not audio are passed
 *   over.
 * @returns One entry a clip, sorted by folder and name.
 * @throws {CorpusError} `corpus-missing`: no clips in any of the places; `corpus-format`: an audio file of another name.
 * @throws {FileError} A folder is there and cannot be read.
 */
export async function readEsc10(folder: string): Promise<NoiseRecording[]> {
  const root = await findEsc10(folder);
  const folders = await listFolderNames("readEsc10", root);
  const lists = await Promise.all(folders.map((name) => readKind(join(root, name))));
  return lists.flat();
}

/**
 * The folder of the kinds: `noise/esc10/` or `esc10/` below `folder`, or itself, the first that has a clip in a folder.
 *
 * @throws {CorpusError} `corpus-missing`: none of the three has one; the message says where it looked and what to do.
 * @throws {FileError} A folder is there and cannot be read.
 */
export function findEsc10(folder: string): Promise<string> {
  const candidates = [join(folder, "noise", "esc10"), join(folder, "esc10"), folder];
  const expected = "readEsc10: expected folders of {fold}-{source}-{take}.ogg files";
  return firstFolder(candidates, { holds: hasClips, expected });
}

/**
 * The background recordings of Speech Commands as noise; kind and source are the file's name without its extension.
 *
 * @param paths `backgroundNoise` of `readSpeechCommands`.
 */
export function toNoiseRecordings(paths: readonly string[]): NoiseRecording[] {
  return paths.map((path) => {
    const name = basename(path, extname(path));
    return { path, kind: name, source: name, corpus: SPEECH_COMMANDS_CORPUS };
  });
}

/**
 * Parts noise into that to train with and that to be judged by, never by crop: fold 3 of ESC-10 and two background
 * recordings are held out ({@link HELD_OUT_BACKGROUNDS}).
 *
 * @param recordings Of {@link readEsc10} and {@link toNoiseRecordings}.
 * @returns Both lists in the order given; each may be empty.
 */
export function splitNoise(recordings: readonly NoiseRecording[]): NoiseSplit {
  const isHeldOut = ({ corpus, fold, source }: NoiseRecording) =>
    corpus === ESC10_CORPUS ? fold === HELD_OUT_NOISE_FOLD : HELD_OUT_BACKGROUNDS.includes(source);
  return {
    training: recordings.filter((recording) => !isHeldOut(recording)),
    heldOut: recordings.filter(isHeldOut),
  };
}

/** Noise as the parts of a corpus; what is held out validates. @param noise Any. */
export function noiseParts(noise: readonly NoiseRecording[]): CorpusParts {
  const { training, heldOut } = splitNoise(noise);
  return { training: [toDataset(training)], validation: [toDataset(heldOut)], test: [] };
}

function toDataset(noise: readonly NoiseRecording[]): Dataset {
  const recordings = noise.map(
    ({ path, source, corpus }): Recording => ({ path, label: "none", speaker: source, corpus }),
  );
  return { role: "noise", recordings };
}

async function hasClips(root: string): Promise<boolean> {
  for (const name of await listFolderNames("readEsc10", root)) {
    const clips = await listAudioNames("readEsc10", join(root, name));
    if (clips.some((clip) => CLIP_NAME.test(clip))) return true;
  }
  return false;
}

async function readKind(folder: string): Promise<NoiseRecording[]> {
  const kind = basename(folder)
    .replace(/^\d+ - /, "")
    .toLowerCase()
    .replaceAll(" ", "_");
  const names = await listAudioNames("readEsc10", folder);
  return names.map((name) => ({ ...parseClip(join(folder, name)), kind }));
}

function parseClip(path: string): Omit<NoiseRecording, "kind"> {
  const parts = CLIP_NAME.exec(basename(path))?.groups as { fold: string; source: string } | undefined;
  if (!parts) {
    throw new CorpusError(
      "corpus-format",
      `readEsc10: expected a name like 1-17367-A.ogg ({fold}-{source}-{take}.ogg), got ${path}`,
    );
  }
  return { path, source: parts.source, corpus: ESC10_CORPUS, fold: Number(parts.fold) };
}
