// Sun and NeXT AU, `.au` and `.snd`: "The Audio File Format" of Solaris' audio(7I); DEC wrote it little-endian.

import { checkSampleRate } from "../audio-clip.ts";
import { damaged, truncated, unsupported } from "../format-faults.ts";
import { type PcmLayout, pcmTrack } from "../pcm.ts";
import { chunkId } from "../riff-chunks.ts";
import type { Track } from "../track.ts";

const HEADER_BYTES = 24;
/** Written by who did not know yet. */
const OPEN_SIZE = 0xffff_ffff;

const ENCODINGS: Record<number, Pick<PcmLayout, "encoding" | "bytesPerSample">> = {
  1: { encoding: "mu-law", bytesPerSample: 1 },
  2: { encoding: "signed", bytesPerSample: 1 },
  3: { encoding: "signed", bytesPerSample: 2 },
  4: { encoding: "signed", bytesPerSample: 3 },
  5: { encoding: "signed", bytesPerSample: 4 },
  6: { encoding: "float", bytesPerSample: 4 },
  7: { encoding: "float", bytesPerSample: 8 },
  27: { encoding: "a-law", bytesPerSample: 1 },
};

const NAMES: Record<number, string> = { 23: "G.721", 24: "G.722", 25: "G.723", 26: "G.723" };

/**
 * The samples of an AU file: 8- to 32-bit PCM, float, mu-law, A-law.
 *
 * @param bytes The file; begins with `.snd`, or `dns.` where it is little-endian.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported` (names the encoding), `audio-truncated`: it ends before its samples,
 *   `audio-damaged`.
 */
export function demuxAu(bytes: Uint8Array): Track {
  if (bytes.length < HEADER_BYTES) throw truncated("the AU file ends within its header");
  const littleEndian = chunkId(bytes, 0) === "dns.";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const field = (place: number) => view.getUint32(4 * place, littleEndian);
  const [start, size, code, sampleRate, nChannels] = [field(1), field(2), field(3), field(4), field(5)];
  const encoding = ENCODINGS[code];
  if (!encoding) {
    const name = NAMES[code] ?? "unknown";
    throw unsupported(`AU encoding ${code} (${name})`, "PCM, float, mu-law and A-law");
  }
  checkSampleRate(sampleRate);
  if (start < HEADER_BYTES || nChannels === 0) {
    throw damaged(`AU header of ${start} bytes with ${nChannels} channels`);
  }
  const there = bytes.subarray(Math.min(start, bytes.length));
  const isOpen = size === 0 || size === OPEN_SIZE;
  const samples = isOpen ? there : there.subarray(0, size);
  const note = `the AU header promises ${size} bytes of samples, ${there.length} are there and were read`;
  return {
    ...pcmTrack(samples, { ...encoding, nChannels, littleEndian }, sampleRate),
    note: !isOpen && size > there.length ? note : undefined,
  };
}
