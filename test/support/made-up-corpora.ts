// For tests: a folder with a few recordings in the layout of every corpus.

import { copyFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const SAMPLES = fileURLToPath(new URL("../../fixtures/samples/", import.meta.url));

/**
 * Path of a recording and the digit that is said in it. By the names alone, nils and rob are validation speakers, ann is a
 * testing speaker, bob and cleo are training speakers; "cat" and "yes" are words that training never hears.
 */
const SMALL_CORPORA: Readonly<Record<string, number>> = {
  "fsdd/recordings/7_theo_0.wav": 7,
  "fsdd/recordings/3_lucas_1.wav": 3,
  "fsdd/recordings/7_theo_5.wav": 7,
  "speech-commands/three/nils_nohash_0.wav": 3,
  "speech-commands/seven/nils_nohash_0.wav": 7,
  "speech-commands/seven/rob_nohash_1.wav": 7,
  "speech-commands/seven/bob_nohash_0.wav": 7,
  "speech-commands/cat/bob_nohash_0.wav": 8,
  "speech-commands/yes/nils_nohash_0.wav": 9,
  "speech-commands/bed/nils_nohash_0.wav": 6,
  "speech-commands/bed/bob_nohash_0.wav": 6,
  "speech-commands/_background_noise_/running_tap.wav": 6,
  "speech-commands/_background_noise_/pink_noise.wav": 6,
  "noise/esc10/rain/1-1-A.wav": 6,
  "noise/esc10/rain/3-2-A.wav": 6,
  "other-speech/an4/an1-ann-b.wav": 1,
  "other-speech/an4/an1-cleo-b.wav": 1,
};

const WORDS = "file\twords\nan4/an1-ann-b.wav\tgo home\nan4/an1-cleo-b.wav\tgo home\n";

/**
 * Makes a folder with the recordings of {@link SMALL_CORPORA}.
 *
 * @returns Its path, for the caller to remove.
 */
export async function makeSmallCorpora(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "small-corpora-"));
  for (const [name, digit] of Object.entries(SMALL_CORPORA)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await copyFile(join(SAMPLES, `${digit}.wav`), join(folder, name));
  }
  await writeFile(join(folder, "other-speech", "words.tsv"), WORDS);
  return folder;
}
