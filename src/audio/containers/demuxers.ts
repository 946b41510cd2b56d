// The containers, in a file of their own: the page loads them with its first recording.

import { AudioFormatError } from "../../errors.ts";
import type { AudioFormat } from "../detect-format.ts";
import type { Packet, Track } from "../track.ts";
import { demuxAiff } from "./demux-aiff.ts";
import { demuxAu } from "./demux-au.ts";
import { demuxCaf } from "./demux-caf.ts";
import { demuxFlac } from "./demux-flac.ts";
import { demuxMatroska } from "./demux-matroska.ts";
import { demuxMp4 } from "./demux-mp4.ts";
import { demuxAdts, demuxMp3 } from "./demux-mpeg.ts";
import { demuxOgg } from "./demux-ogg.ts";
import { demuxSphere } from "./demux-sphere.ts";
import { demuxWav, demuxWave64 } from "./demux-wav.ts";

/** For each format the function that finds its track in the bytes of a file. */
export const DEMUXERS: Record<AudioFormat, (bytes: Uint8Array) => Track> = {
  wav: demuxWav,
  aiff: demuxAiff,
  caf: demuxCaf,
  mp3: demuxMp3,
  aac: demuxAdts,
  mp4: demuxMp4,
  ogg: demuxOgg,
  flac: demuxFlac,
  matroska: demuxMatroska,
  amr: demuxAmr,
  au: demuxAu,
  wave64: demuxWave64,
  sphere: demuxSphere,
};

// RFC 4867, section 5 (AMR and AMR-WB storage format), one channel.

const MAGIC = "#!AMR\n";
const MAGIC_WIDE = "#!AMR-WB\n";

// Bytes of a frame with its header, by the four bits of its type; 0: reserved.
const SIZES = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
const SIZES_WIDE = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];

/**
 * The frames of an AMR file.
 *
 * @param bytes The file; begins with `#!AMR`.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported`: several channels, or another version.
 */
function demuxAmr(bytes: Uint8Array): Track {
  const head = String.fromCharCode(...bytes.subarray(0, MAGIC_WIDE.length));
  const wide = head === MAGIC_WIDE;
  if (!wide && !head.startsWith(MAGIC)) {
    throw new AudioFormatError(
      "audio-unsupported",
      "decodeAudio: AMR with several channels is not supported",
    );
  }
  const state = { isCut: false };
  const frames = bytes.subarray(wide ? MAGIC_WIDE.length : MAGIC.length);
  return {
    codec: { kind: "amr", wide },
    packets: { [Symbol.iterator]: () => readFrames(frames, wide, state) },
    isCut: () => state.isCut,
  };
}

function* readFrames(bytes: Uint8Array, wide: boolean, state: { isCut: boolean }): Generator<Packet> {
  const sizes = wide ? SIZES_WIDE : SIZES;
  for (let at = 0; at < bytes.length; ) {
    const size = sizes[(bytes[at]! >> 3) & 15]!;
    state.isCut = at + size > bytes.length;
    if (size === 0 || state.isCut) return;
    yield { data: bytes.subarray(at, at + size) };
    at += size;
  }
}
