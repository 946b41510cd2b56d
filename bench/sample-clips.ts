import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decodeAudio } from "../src/audio/decode-audio.ts";

/** Folder of the checkout, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A recording that the repository brings. */
export type SampleClip = {
  /** The WAV file. */
  bytes: Uint8Array;
  /** Mono, 8 kHz. */
  samples: Float32Array;
};

/** Reads the ten bundled recordings, one of each digit. */
export function readSampleClips(): Promise<SampleClip[]> {
  return Promise.all(
    Array.from({ length: 10 }, async (_, digit) => {
      const bytes = await readFile(`${ROOT}fixtures/samples/${digit}.wav`);
      const { samples } = await decodeAudio(bytes);
      return { bytes, samples };
    }),
  );
}
