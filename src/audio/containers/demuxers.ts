// The containers, in a file of their own: the page loads them with its first recording.

import type { AudioFormat } from "../detect-format.ts";
import type { Track } from "../track.ts";
import { demuxAiff } from "./demux-aiff.ts";
import { demuxAmr } from "./demux-amr.ts";
import { demuxCaf } from "./demux-caf.ts";
import { demuxFlac } from "./demux-flac.ts";
import { demuxMatroska } from "./demux-matroska.ts";
import { demuxMp4 } from "./demux-mp4.ts";
import { demuxAdts, demuxMp3 } from "./demux-mpeg.ts";
import { demuxOgg } from "./demux-ogg.ts";
import { demuxWav } from "./demux-wav.ts";

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
};
