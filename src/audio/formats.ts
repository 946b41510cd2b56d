// Which code reads which container and which codec, in a file of its own: the page loads it with its first recording.

import { AudioFormatError } from "../errors.ts";
import { checkSampleRate } from "./audio-clip.ts";
import { openAdpcmDecoder } from "./codecs/adpcm-decoder.ts";
import type { PacketDecoder } from "./codecs/codec.ts";
import { demuxAiff } from "./containers/demux-aiff.ts";
import { demuxAu } from "./containers/demux-au.ts";
import { demuxCaf } from "./containers/demux-caf.ts";
import { demuxFlac } from "./containers/demux-flac.ts";
import { demuxMatroska } from "./containers/demux-matroska.ts";
import { demuxMp4 } from "./containers/demux-mp4.ts";
import { demuxAdts, demuxMp3 } from "./containers/demux-mpeg.ts";
import { demuxOgg } from "./containers/demux-ogg.ts";
import { demuxSphere } from "./containers/demux-sphere.ts";
import { demuxWav, demuxWave64 } from "./containers/demux-wav.ts";
import type { AudioFormat } from "./detect-format.ts";
import { damaged, unsupported } from "./format-faults.ts";
import { decodePcmChannels, type PcmLayout } from "./pcm.ts";
import type { Packet, Track, TrackCodec } from "./track.ts";

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
  if (!wide && !head.startsWith(MAGIC)) throw unsupported("AMR with several channels");
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

/**
 * A decoder for the packets of a track. Codecs are loaded when they are first needed.
 *
 * @param codec How the packets are coded.
 * @param options.name The file's format, for messages.
 * @throws {AudioFormatError} `audio-unsupported`, `audio-damaged`, `audio-truncated`: of the codec's own header.
 */
export async function openDecoder(codec: TrackCodec, { name }: { name: string }): Promise<PacketDecoder> {
  try {
    return await open(codec);
  } catch (error) {
    if (error instanceof AudioFormatError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const message = `decodeAudio: cannot decode the ${name} data (${reason})`;
    throw new AudioFormatError("audio-damaged", message, { cause: error });
  }
}

async function open(codec: TrackCodec): Promise<PacketDecoder> {
  switch (codec.kind) {
    case "pcm":
      return openPcmDecoder(codec.layout, codec.sampleRate);
    case "ima-adpcm":
    case "ms-adpcm":
    case "quicktime-adpcm":
      return openAdpcmDecoder(codec);
    case "mp3":
      return (await import("./codecs/mp3-decoder.ts")).openMp3Decoder();
    case "aac":
      return (await import("./codecs/aac-decoder.ts")).openAacDecoder(codec.config);
    case "alac":
      return (await import("./codecs/alac-decoder.ts")).openAlacDecoder(codec.cookie);
    case "opus":
      return (await import("./codecs/opus-decoder.ts")).openOpusDecoder(codec.head);
    case "vorbis":
      return (await import("./codecs/vorbis-decoder.ts")).openVorbisDecoder(codec);
    case "flac":
      return (await import("./codecs/flac-decoder.ts")).openFlacDecoder(codec.streamInfo);
    case "amr":
      return (await import("./codecs/amr-decoder.ts")).openAmrDecoder(codec);
  }
}

// Field recorders write up to 32 tracks, ambisonics 36.
const MAX_PCM_CHANNELS = 64;

/**
 * A decoder of uncompressed samples.
 *
 * @param layout How they are stored.
 * @param sampleRate Hz.
 * @throws {AudioFormatError} `audio-damaged`: no channels, or a rate out of range; `audio-unsupported`: more than 64
 *   channels.
 */
function openPcmDecoder(layout: PcmLayout, sampleRate: number): PacketDecoder {
  checkSampleRate(sampleRate);
  const { nChannels } = layout;
  if (nChannels < 1) throw damaged("the header gives no channels");
  if (nChannels > MAX_PCM_CHANNELS) {
    throw new AudioFormatError(
      "audio-unsupported",
      `decodeAudio: ${nChannels} channels are not supported; up to ${MAX_PCM_CHANNELS} are`,
    );
  }
  return {
    decode: (packet) => [{ channels: decodePcmChannels(packet, layout), sampleRate }],
    release: () => undefined,
  };
}
