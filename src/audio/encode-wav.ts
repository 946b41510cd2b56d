import { InvalidArgumentError } from "../errors.ts";
import { MAX_SAMPLE_RATE } from "./resample.ts";

const HEADER_SIZE = 44;

/**
 * Writes a 16-bit mono PCM WAV file. What lies outside -1..1 is clipped.
 *
 * @param samples Mono, finite; may be empty.
 * @param options.sampleRate Hz, a whole number, 1..768000.
 * @returns The file: a header of 44 bytes, then two bytes a sample.
 * @throws {InvalidArgumentError} The rate is out of range, or a sample is NaN or infinite.
 */
export function encodeWav(samples: Float32Array, options: { sampleRate: number }): Uint8Array {
  const { sampleRate } = options;
  if (!Number.isInteger(sampleRate) || sampleRate < 1 || sampleRate > MAX_SAMPLE_RATE) {
    throw new InvalidArgumentError(
      `encodeWav: sampleRate must be a whole number of Hz in 1..${MAX_SAMPLE_RATE}, got ${sampleRate}`,
    );
  }
  const bytes = new Uint8Array(HEADER_SIZE + samples.length * 2);
  const view = new DataView(bytes.buffer);
  writeHeaderInPlace(view, sampleRate);
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    if (!Number.isFinite(sample)) throw new InvalidArgumentError(`encodeWav: sample ${i} is ${sample}`);
    view.setInt16(HEADER_SIZE + i * 2, Math.max(-32768, Math.min(32767, Math.round(sample * 32768))), true);
  }
  return bytes;
}

function writeHeaderInPlace(view: DataView, sampleRate: number): void {
  const text = (offset: number, id: string) => {
    for (let i = 0; i < id.length; i++) view.setUint8(offset + i, id.charCodeAt(i));
  };
  text(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true); // channels
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true); // bytes a second
  view.setUint16(32, 2, true); // bytes a frame
  view.setUint16(34, 16, true); // bits a sample
  text(36, "data");
  view.setUint32(40, view.byteLength - HEADER_SIZE, true);
}
