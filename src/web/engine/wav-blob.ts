import { encodeWav } from "../../audio/encode-wav.ts";

/**
 * A WAV file to play.
 *
 * @param samples Mono, finite.
 * @param sampleRate Hz.
 */
export function wavBlob(samples: Float32Array, sampleRate: number): Blob {
  return new Blob([encodeWav(samples, { sampleRate }) as Uint8Array<ArrayBuffer>], { type: "audio/wav" });
}
