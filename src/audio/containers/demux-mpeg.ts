// MP3 (with MP1, MP2) and AAC in ADTS frames: streams of frames, without a container. The delay that an encoder adds is
// in a first frame without sound: "Xing" or "Info", then LAME's tag (gabriel.mp3-tech.org/mp3infotag.html).

import type { Track } from "../track.ts";
import { type Frame, readAdtsHeader, readMpegHeader, walkFrames } from "./mpeg-frames.ts";

// What every decoder of layer 3 adds to the encoder's delay.
const DECODER_DELAY = 529;

/**
 * The stream of an MP1, MP2 or MP3 file.
 *
 * @param bytes The file, less the tags at its start; whatever lies before or between its frames is passed over.
 */
export function demuxMp3(bytes: Uint8Array): Track {
  const state = { isCut: false };
  const first = walkFrames(bytes, readMpegHeader).next().value;
  const info = first && readInfo(first);
  // Of files that were joined the first one says how long it was alone.
  if (info?.durationSeconds && hasMoreFrames(bytes, info.nFrames)) info.durationSeconds = undefined;
  return {
    codec: { kind: "mp3" },
    packets: {
      *[Symbol.iterator]() {
        let n = 0;
        const onCut = () => (state.isCut = true);
        for (const { data } of walkFrames(bytes, readMpegHeader, onCut)) {
          if (n++ > 0 || !info) yield { data };
        }
      },
    },
    ...info,
    isCut: () => state.isCut,
  };
}

function hasMoreFrames(bytes: Uint8Array, nSaid: number): boolean {
  let n = -1; // without the one that says so
  for (const _ of walkFrames(bytes, readMpegHeader)) if (++n > nSaid) return true;
  return false;
}

type Part = Pick<Track, "skipSeconds" | "durationSeconds"> & { nFrames: number };

// Flags say which fields lie between the name and LAME's tag: 1 frames, 2 bytes, 4 a table of 100, 8 quality.
function readInfo({ data, header }: Frame): Part | undefined {
  if (header.stream !== "mpeg-3") return undefined;
  const isLow = header.nSamples === 576;
  const at = 4 + (header.nChannels === 1 ? (isLow ? 9 : 17) : isLow ? 17 : 32);
  const name = String.fromCharCode(...data.subarray(at, at + 4));
  if (name !== "Xing" && name !== "Info") return undefined;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (at + 12 > data.length) return { nFrames: 0 };
  const flags = view.getUint32(at + 4);
  const nFrames = flags & 1 ? view.getUint32(at + 8) : 0;
  const lameAt =
    at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  if (
    lameAt + 24 > data.length ||
    !/^L(AME|avc|avf)/.test(String.fromCharCode(...data.subarray(lameAt, lameAt + 4)))
  ) {
    return { nFrames };
  }
  const delays = (data[lameAt + 21]! << 16) | (data[lameAt + 22]! << 8) | data[lameAt + 23]!;
  return trim({ nFrames, delay: delays >> 12, padding: delays & 0xfff, header });
}

type Delays = { nFrames: number; delay: number; padding: number; header: Frame["header"] };

function trim({ nFrames, delay, padding, header: { nSamples, sampleRate } }: Delays): Part {
  const nSkipped = delay + DECODER_DELAY;
  const nKept = nFrames * nSamples - nSkipped - Math.max(0, padding - DECODER_DELAY);
  const durationSeconds = nKept > 0 ? nKept / sampleRate : undefined;
  return { nFrames, skipSeconds: nSkipped / sampleRate, durationSeconds };
}

/**
 * The stream of an AAC file in ADTS frames.
 *
 * @param bytes The file, less the tags at its start.
 * @returns A track whose packets have no ADTS header any more.
 */
export function demuxAdts(bytes: Uint8Array): Track {
  const state = { isCut: false };
  const first = walkFrames(bytes, readAdtsHeader).next().value;
  return {
    codec: { kind: "aac", config: first ? adtsConfig(first.data) : new Uint8Array(0) },
    packets: {
      *[Symbol.iterator]() {
        const onCut = () => (state.isCut = true);
        for (const { data } of walkFrames(bytes, readAdtsHeader, onCut)) {
          yield { data: data.subarray(headerLength(data)) };
        }
      },
    },
    isCut: () => state.isCut,
  };
}

const headerLength = (frame: Uint8Array) => (frame[1]! & 1 ? 7 : 9);

// The header's profile, rate and channels as an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). Where it has no channels,
// that goes on as the first packet does behind the three bits of its name.
function adtsConfig(frame: Uint8Array): Uint8Array {
  const objectType = (frame[2]! >> 6) + 1;
  const rateIndex = (frame[2]! >> 2) & 15;
  const channels = ((frame[2]! & 1) << 2) | (frame[3]! >> 6);
  const packet = frame.subarray(headerLength(frame), headerLength(frame) + 64);
  const program = packet.map((byte, i) => (byte << 3) | ((packet[i + 1] ?? 0) >> 5));
  const start = [(objectType << 3) | (rateIndex >> 1), ((rateIndex & 1) << 7) | (channels << 3)];
  return Uint8Array.of(...start, ...(channels === 0 ? program : []));
}
