import { AudioFormatError } from "../../errors.ts";
import { checkSampleRate } from "../audio-clip.ts";
import { decodePcmChannels, type PcmLayout } from "../pcm.ts";
import type { PacketDecoder } from "./codec.ts";

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
export function openPcmDecoder(layout: PcmLayout, sampleRate: number): PacketDecoder {
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
