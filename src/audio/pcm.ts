// Uncompressed samples as WAV and AIFF store them. A-law and mu-law: ITU-T G.711.

import type { AudioClip } from "./audio-clip.ts";
import { ClipBuilder } from "./clip-builder.ts";

/** How uncompressed samples lie in a file. */
export type PcmLayout = {
  /** `unsigned` is 8-bit offset binary. */
  encoding: "signed" | "unsigned" | "float" | "a-law" | "mu-law";
  /** Bytes of one sample of one channel: 1-4; float 4 or 8; A-law, mu-law and unsigned 1. */
  bytesPerSample: number;
  /** Channels, interleaved, >= 1. */
  nChannels: number;
  littleEndian: boolean;
};

/**
 * Reads interleaved samples and mixes the channels to one by their mean.
 *
 * @param bytes Whole frames of all channels; a rest shorter than one is left out.
 * @param layout How they are stored.
 * @returns Mono; integers divided by half their range, so -1..1. Floats as stored.
 */
export function decodePcm(bytes: Uint8Array, layout: PcmLayout): Float32Array {
  const { bytesPerSample, nChannels } = layout;
  const read = sampleReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), layout);
  const samples = new Float32Array(Math.floor(bytes.length / (bytesPerSample * nChannels)));
  let offset = 0;
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < nChannels; channel++) {
      sum += read(offset);
      offset += bytesPerSample;
    }
    samples[i] = sum / nChannels;
  }
  return samples;
}

// A second and a half at 44.1 kHz.
const PIECE_FRAMES = 65_536;

/**
 * Reads interleaved samples into a clip, piece by piece: where the clip has a lower rate, they are never all in memory.
 *
 * @param bytes As for `decodePcm`.
 * @param layout How they are stored.
 * @param rates.sampleRate Of the bytes, in Hz.
 * @param rates.targetRate Of the clip. Default: that of the bytes.
 * @throws {InvalidArgumentError} A rate is out of range.
 */
export function decodePcmClip(
  bytes: Uint8Array,
  layout: PcmLayout,
  { sampleRate, targetRate = sampleRate }: { sampleRate: number; targetRate?: number },
): AudioClip {
  const clip = new ClipBuilder(sampleRate, targetRate);
  const frameBytes = layout.bytesPerSample * layout.nChannels;
  const length = targetRate === sampleRate ? Math.max(bytes.length, 1) : PIECE_FRAMES * frameBytes;
  for (let start = 0; start < bytes.length; start += length) {
    clip.add(decodePcm(bytes.subarray(start, start + length), layout));
  }
  return clip.build();
}

type SampleReader = (offset: number) => number;

function sampleReader(view: DataView, layout: PcmLayout): SampleReader {
  const { encoding, bytesPerSample, littleEndian } = layout;
  switch (encoding) {
    case "unsigned":
      return (offset) => (view.getUint8(offset) - 128) / 128;
    case "a-law":
      return (offset) => expandALaw(view.getUint8(offset));
    case "mu-law":
      return (offset) => expandMuLaw(view.getUint8(offset));
    case "float":
      return bytesPerSample === 8
        ? (offset) => view.getFloat64(offset, littleEndian)
        : (offset) => view.getFloat32(offset, littleEndian);
    case "signed":
      return signedReader(view, bytesPerSample, littleEndian);
  }
}

function signedReader(view: DataView, bytesPerSample: number, littleEndian: boolean): SampleReader {
  switch (bytesPerSample) {
    case 1:
      return (offset) => view.getInt8(offset) / 2 ** 7;
    case 2:
      return (offset) => view.getInt16(offset, littleEndian) / 2 ** 15;
    case 3:
      return littleEndian
        ? (offset) => (view.getInt8(offset + 2) * 2 ** 16 + view.getUint16(offset, true)) / 2 ** 23
        : (offset) => (view.getInt8(offset) * 2 ** 16 + view.getUint16(offset + 1, false)) / 2 ** 23;
    default:
      return (offset) => view.getInt32(offset, littleEndian) / 2 ** 31;
  }
}

function expandALaw(code: number): number {
  const inverted = code ^ 0x55;
  const segment = (inverted >> 4) & 7;
  const step = ((inverted & 15) << 4) + 8;
  const magnitude = segment === 0 ? step : (step + 256) << (segment - 1);
  return (inverted & 0x80 ? magnitude : -magnitude) / 2 ** 15;
}

function expandMuLaw(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = ((((inverted & 15) << 3) + 132) << ((inverted >> 4) & 7)) - 132;
  return (inverted & 0x80 ? -magnitude : magnitude) / 2 ** 15;
}
