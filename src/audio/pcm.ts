// Uncompressed samples as WAV and AIFF store them. A-law and mu-law: ITU-T G.711.

import type { Track } from "./track.ts";

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
 * Reads interleaved samples.
 *
 * @param bytes Whole frames of all channels; a rest shorter than one is left out.
 * @param layout How they are stored.
 * @returns One array for each channel; integers divided by half their range, so -1..1. Floats as stored.
 */
export function decodePcmChannels(bytes: Uint8Array, layout: PcmLayout): Float32Array[] {
  const { bytesPerSample, nChannels, littleEndian } = layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = sampleReader(view, layout);
  const frameBytes = bytesPerSample * nChannels;
  const length = Math.floor(bytes.length / frameBytes);
  return Array.from({ length: nChannels }, (_, channel) => {
    const samples = new Float32Array(length);
    const start = channel * bytesPerSample;
    if (is16Bit(layout)) return read16BitInto(samples, view, { start, frameBytes, littleEndian });
    for (let i = 0, offset = start; i < length; i++, offset += frameBytes) samples[i] = read(offset);
    return samples;
  });
}

const is16Bit = ({ encoding, bytesPerSample }: PcmLayout) => encoding === "signed" && bytesPerSample === 2;

/** What nearly all recordings are: without a call for each sample it takes a third of the time. */
function read16BitInto(
  samples: Float32Array,
  view: DataView,
  { start, frameBytes, littleEndian }: { start: number; frameBytes: number; littleEndian: boolean },
): Float32Array {
  for (let i = 0, offset = start; i < samples.length; i++, offset += frameBytes) {
    samples[i] = view.getInt16(offset, littleEndian) / 2 ** 15;
  }
  return samples;
}

// A second and a half at 44.1 kHz.
const PIECE_FRAMES = 65_536;

/**
 * A track of uncompressed samples, in pieces, so that neither all channels nor, where the clip has a lower rate, all
 * samples are ever in memory.
 *
 * @param bytes As for {@link decodePcmChannels}.
 * @param layout How they are stored.
 * @param sampleRate Hz.
 */
export function pcmTrack(bytes: Uint8Array, layout: PcmLayout, sampleRate: number): Track {
  const pieceBytes = PIECE_FRAMES * layout.bytesPerSample * Math.max(1, layout.nChannels);
  return {
    codec: { kind: "pcm", layout, sampleRate },
    packets: {
      *[Symbol.iterator]() {
        for (let start = 0; start < bytes.length; start += pieceBytes) {
          yield { data: bytes.subarray(start, start + pieceBytes) };
        }
      },
    },
  };
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
  return (inverted & 0x80 ? 0 - magnitude : magnitude) / 2 ** 15;
}
