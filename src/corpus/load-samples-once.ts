import { loadSamples } from "./load-samples.ts";
import type { Recording } from "./recording.ts";

// Kept as long as the recordings themselves are.
const loaded = new WeakMap<Pick<Recording, "path">, Float32Array>();

/**
 * Reads and decodes recordings as {@link loadSamples} does, each object but once however often it is asked for: decoding
 * all corpora takes a minute, and a protocol needs them again for each of its trainings.
 *
 * @returns The samples of each recording at 8 kHz, in the order given. They are shared: not to be changed.
 * @throws As {@link loadSamples}.
 */
export async function loadSamplesOnce(
  recordings: readonly Pick<Recording, "path">[],
): Promise<Float32Array[]> {
  const missing = [...new Set(recordings)].filter((recording) => !loaded.has(recording));
  const samples = await loadSamples(missing);
  for (const [i, recording] of missing.entries()) loaded.set(recording, samples[i]!);
  return recordings.map((recording) => loaded.get(recording)!);
}
