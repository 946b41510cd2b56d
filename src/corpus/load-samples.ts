import { readFile } from "node:fs/promises";
import pMap from "p-map";
import { resample } from "../audio/resample.ts";
import { AudioFormatError, FileError, plainMessage } from "../errors.ts";
import type { Clips, ClipsByRole, Dataset, Role } from "./dataset.ts";
import { ROLES, recordingsOf } from "./dataset.ts";
import { decodedOnce } from "./decoded-cache.ts";
import type { Recording } from "./recording.ts";
import { classOf } from "./recording.ts";

const SAMPLE_RATE = 8000;

/** Settings of {@link loadSamples}. */
export type LoadSamplesOptions = {
  /** Called after each file with how many are done and how many there are. */
  onProgress?: (nDone: number, nTotal: number) => void;
  /** Ends the loading; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Reads and decodes recordings, mixed to mono and resampled to the 8 kHz that models take.
 *
 * @returns The samples of each recording, nominally -1..1, in the order given.
 * @throws {FileError} A file cannot be read; the message names its path.
 * @throws {AudioFormatError} A file is no usable audio; the code says why and the message names its path.
 */
export async function loadSamples(
  recordings: readonly Pick<Recording, "path">[],
  options: LoadSamplesOptions = {},
): Promise<Float32Array[]> {
  const { onProgress, signal } = options;
  let nDone = 0;
  const load = async ({ path }: Pick<Recording, "path">) => {
    const samples = await decodeFile(path);
    nDone++;
    onProgress?.(nDone, recordings.length);
    return samples;
  };
  return pMap(recordings, load, { concurrency: 8, signal });
}

async function decodeFile(path: string): Promise<Float32Array> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new FileError(`loadSamples: cannot read ${path}: ${cause.message}`, { cause });
  });
  try {
    // What is in the cache takes no decoder.
    const { decodeAudio } = await import("../audio/decode-audio.ts");
    const clip = await decodeAudio(bytes);
    if (clip.sampleRate === SAMPLE_RATE) return clip.samples;
    return resample(clip.samples, { sourceRate: clip.sampleRate, targetRate: SAMPLE_RATE });
  } catch (cause) {
    if (!(cause instanceof AudioFormatError)) throw cause;
    const code = cause.code as ConstructorParameters<typeof AudioFormatError>[0];
    throw new AudioFormatError(code, `${path}: ${plainMessage(cause.message)}`, { cause });
  }
}

/** Recordings of one file in the cache; fewer than the least are decoded in a moment. */
const KEPT_TOGETHER = 1000;
const WORTH_KEEPING = 200;

// Kept as long as the recordings themselves are.
const loaded = new WeakMap<Pick<Recording, "path">, Float32Array>();

/**
 * Reads and decodes recordings as {@link loadSamples} does, each object but once however often it is asked for: decoding
 * all corpora takes minutes, and a protocol needs them again for each of its trainings. The next process finds them in the
 * cache folder.
 *
 * @returns The samples of each recording at 8 kHz, in the order given. They are shared: not to be changed.
 * @throws As {@link loadSamples}.
 */
export async function loadSamplesOnce(
  recordings: readonly Pick<Recording, "path">[],
): Promise<Float32Array[]> {
  const missing = [...new Set(recordings)].filter((recording) => !loaded.has(recording));
  for (let start = 0; start < missing.length; start += KEPT_TOGETHER) {
    const some = missing.slice(start, start + KEPT_TOGETHER);
    const load = () => loadSamples(some);
    const paths = some.map(({ path }) => path);
    const samples = some.length < WORTH_KEEPING ? await load() : await decodedOnce(paths, load);
    for (const [i, recording] of some.entries()) loaded.set(recording, samples[i]!);
  }
  return recordings.map((recording) => loaded.get(recording)!);
}

/**
 * Decodes datasets, each recording once in the life of the process.
 *
 * @param datasets Those of one role are put one after another.
 * @throws {AudioFormatError} A recording cannot be decoded.
 * @throws {FileError} A file cannot be read.
 */
export async function loadDatasets(datasets: readonly Dataset[]): Promise<ClipsByRole> {
  const roles = ROLES.filter((role) => datasets.some((dataset) => dataset.role === role));
  const loaded: Partial<Record<Role, Clips>> = {};
  for (const role of roles) {
    const recordings = recordingsOf(datasets, role);
    const labels = recordings.map(classOf);
    const said = role === "fluent" ? recordings.map(({ corpus, words }) => ({ corpus, words })) : undefined;
    const samples = await loadSamplesOnce(recordings);
    loaded[role] = { samples, labels, speakers: speakersOf(recordings), ...(said && { said }) };
  }
  return loaded;
}

/** Speakers by number, in the order of their first recording. */
function speakersOf(recordings: readonly Recording[]): number[] {
  const names = recordings.map(({ corpus, speaker }) => `${corpus}/${speaker}`);
  const numbers = new Map([...new Set(names)].map((name, i) => [name, i]));
  return names.map((name) => numbers.get(name)!);
}
