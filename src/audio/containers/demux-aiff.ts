// Apple, "Audio Interchange File Format: AIFF" 1.3 (1989) and AIFF-C draft (1991).

import { checkSampleRate } from "../audio-clip.ts";
import { damaged, truncated, unsupported } from "../format-faults.ts";
import { type PcmLayout, pcmTrack } from "../pcm.ts";
import { type Chunk, chunkId, findChunks } from "../riff-chunks.ts";
import type { Track } from "../track.ts";
import { quickTimeAdpcmTrack } from "./quicktime-adpcm-track.ts";

type Compression = Pick<PcmLayout, "encoding" | "littleEndian"> & { widths: readonly number[] };

const INTEGER = { encoding: "signed", littleEndian: false, widths: [1, 2, 3, 4] } as const;

const COMPRESSIONS: Record<string, Compression> = {
  NONE: INTEGER,
  twos: INTEGER,
  in24: INTEGER,
  in32: INTEGER,
  sowt: { ...INTEGER, littleEndian: true },
  "raw ": { encoding: "unsigned", littleEndian: false, widths: [1] },
  fl32: { encoding: "float", littleEndian: false, widths: [4] },
  FL32: { encoding: "float", littleEndian: false, widths: [4] },
  fl64: { encoding: "float", littleEndian: false, widths: [8] },
  FL64: { encoding: "float", littleEndian: false, widths: [8] },
  alaw: { encoding: "a-law", littleEndian: false, widths: [1] },
  ALAW: { encoding: "a-law", littleEndian: false, widths: [1] },
  ulaw: { encoding: "mu-law", littleEndian: false, widths: [1] },
  ULAW: { encoding: "mu-law", littleEndian: false, widths: [1] },
};

/**
 * The samples of an AIFF or AIFF-C file: 8- to 32-bit PCM of either byte order, float, A-law, mu-law, IMA ADPCM.
 * Lengths that contradict the file, as writers into a pipe leave them, are not believed: what is there is read, and a
 * note says so.
 *
 * @param bytes The file; begins with FORM, then AIFF or AIFC.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported` (names the compression), `audio-truncated`: it ends before its
 *   samples, `audio-damaged`.
 */
export function demuxAiff(bytes: Uint8Array): Track {
  const { COMM: comm, SSND: sound } = findChunks(bytes, { littleEndian: false, ids: ["COMM", "SSND"] });
  if (!comm || comm.start + 18 > bytes.length) throw missingChunk(bytes, "COMM");
  if (compressionOf(bytes, comm.start) === "ima4") return adpcmTrack(bytes, comm, sound);
  const { layout, sampleRate, nFrames } = readCommon(bytes, comm.start);
  if (!sound && nFrames === 0) return pcmTrack(new Uint8Array(0), layout, sampleRate);
  if (!sound || sound.start + 8 > bytes.length) throw missingChunk(bytes, "SSND");
  const present = soundBytes(bytes, sound);
  const size = nFrames * layout.nChannels * layout.bytesPerSample;
  if (nFrames > 0 && size <= present.length) return pcmTrack(present.subarray(0, size), layout, sampleRate);
  const isOpen = nFrames === 0 || nFrames >= OPEN_FRAMES;
  const note = `the AIFF header promises ${size} bytes of samples, ${present.length} are there and were read`;
  return { ...pcmTrack(present, layout, sampleRate), note: isOpen ? undefined : note };
}

// A writer into a pipe leaves 0 or a number near 2^31 or 2^32, in bytes or in samples of up to 8 bytes.
const OPEN_FRAMES = 0x0f00_0000;

// The chunk's size counts from its offset field on; where it is left open, to the end of the file.
function soundBytes(bytes: Uint8Array, { start, size }: Chunk): Uint8Array {
  const offset = new DataView(bytes.buffer, bytes.byteOffset).getUint32(start);
  const end = size > 8 && start + size <= bytes.length ? start + size : bytes.length;
  const isEmpty = size === 8;
  return bytes.subarray(Math.min(start + 8 + offset, bytes.length), isEmpty ? start + 8 : end);
}

function missingChunk(bytes: Uint8Array, id: string) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4) + 8;
  return size > bytes.length
    ? truncated(`the AIFF file ends before its ${id} chunk`)
    : damaged(`AIFF without a ${id} chunk`);
}

function readCommon(
  bytes: Uint8Array,
  start: number,
): { layout: PcmLayout; sampleRate: number; nFrames: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const name = compressionOf(bytes, start);
  const compression = COMPRESSIONS[name];
  if (!compression) throw unsupported(`AIFF-C compression "${name.replace(/[^ -~]/g, "?")}"`);
  const { encoding, littleEndian, widths } = compression;
  const nChannels = view.getUint16(0);
  const bitsPerSample = view.getUint16(6);
  // Compressed samples are written with the bits they unpack to, 16 for A-law and mu-law.
  const bytesPerSample = widths.length === 1 ? widths[0]! : Math.ceil(bitsPerSample / 8);
  const sampleRate = Math.round(readFloat80(view, 8)); // old Macintosh files have 11127.27 Hz
  checkSampleRate(sampleRate);
  if (nChannels === 0 || !widths.includes(bytesPerSample)) {
    throw damaged(`AIFF header with ${nChannels} channels of ${bitsPerSample}-bit samples`);
  }
  return {
    layout: { encoding, littleEndian, bytesPerSample, nChannels },
    sampleRate,
    nFrames: view.getUint32(2),
  };
}

function compressionOf(bytes: Uint8Array, start: number): string {
  return chunkId(bytes, 8) === "AIFC" && start + 22 <= bytes.length ? chunkId(bytes, start + 18) : "NONE";
}

// Writers differ in whether they count samples or packets, so all that is there is read.
function adpcmTrack(bytes: Uint8Array, { start }: Chunk, sound: Chunk | undefined): Track {
  if (!sound || sound.start + 8 > bytes.length) throw missingChunk(bytes, "SSND");
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const sampleRate = Math.round(readFloat80(view, 8));
  return quickTimeAdpcmTrack(soundBytes(bytes, sound), {
    nChannels: view.getUint16(0),
    sampleRate,
    nFrames: 0,
  });
}

// IEEE 754 extended precision: sign, 15 bits of exponent, 64 bits of mantissa with its leading one.
function readFloat80(view: DataView, offset: number): number {
  const exponent = view.getUint16(offset) & 0x7fff;
  const mantissa = view.getUint32(offset + 2) * 2 ** 32 + view.getUint32(offset + 6);
  const magnitude = mantissa * 2 ** (exponent - 16383 - 63);
  return view.getUint16(offset) & 0x8000 ? -magnitude : magnitude;
}
