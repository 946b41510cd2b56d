// IMA ADPCM of Apple's containers, CAF and AIFF-C: packets of 34 bytes for each channel.

import type { Track } from "../track.ts";

const PACKET_BYTES = 34;
/** Of one block; a packet decodes by itself, so any number of them may go together. */
const BLOCK_PACKETS = 256;

/**
 * A track of such packets.
 *
 * @param sound The packets.
 * @param options.nChannels 1 or 2; the decoder refuses others.
 * @param options.sampleRate Hz.
 * @param options.nFrames Samples of each channel, the last packet being filled up; 0: all.
 */
export function quickTimeAdpcmTrack(
  sound: Uint8Array,
  { nChannels, sampleRate, nFrames }: { nChannels: number; sampleRate: number; nFrames: number },
): Track {
  const blockAlign = PACKET_BYTES * Math.max(1, nChannels) * BLOCK_PACKETS;
  return {
    codec: { kind: "quicktime-adpcm", nChannels, blockAlign, sampleRate },
    packets: {
      *[Symbol.iterator]() {
        for (let at = 0; at < sound.length; at += blockAlign)
          yield { data: sound.subarray(at, at + blockAlign) };
      },
    },
    durationSeconds: nFrames > 0 ? nFrames / sampleRate : undefined,
  };
}
