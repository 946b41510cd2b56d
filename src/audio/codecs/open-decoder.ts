import { AudioFormatError } from "../../errors.ts";
import { checkSampleRate } from "../audio-clip.ts";
import { decodePcmChannels, type PcmLayout } from "../pcm.ts";
import type { TrackCodec } from "../track.ts";
import { openAdpcmDecoder } from "./adpcm-decoder.ts";
import type { PacketDecoder } from "./codec.ts";

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
      return (await import("./mp3-decoder.ts")).openMp3Decoder();
    case "aac":
      return (await import("./aac-decoder.ts")).openAacDecoder(codec.config);
    case "alac":
      return (await import("./alac-decoder.ts")).openAlacDecoder(codec.cookie);
    case "opus":
      return (await import("./opus-decoder.ts")).openOpusDecoder(codec.head);
    case "vorbis":
      return (await import("./vorbis-decoder.ts")).openVorbisDecoder(codec);
    case "flac":
      return (await import("./flac-decoder.ts")).openFlacDecoder(codec.streamInfo);
    case "amr":
      return (await import("./amr-decoder.ts")).openAmrDecoder(codec);
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
  if (nChannels < 1) throw new AudioFormatError("audio-damaged", "decodeAudio: the header gives no channels");
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
