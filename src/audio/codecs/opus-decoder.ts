import { createOpusDecoder } from "@audio/decode-opus/core";
import type { PacketDecoder } from "./codec.ts";
import { DecoderPool } from "./decoder-pool.ts";
import { readOpusHead } from "./opus-head.ts";

const pool = new DecoderPool(createOpusDecoder, (decoder) => decoder.free());

// RFC 6716: a packet lasts 120 ms at most; of all streams together, each with 1275 bytes for 20 ms.
const MAX_PACKET_BYTES = 8 * 6 * 1500;

/**
 * A decoder of Opus packets (libopus in WebAssembly).
 *
 * @param head From `OpusHead` on.
 * @throws {AudioFormatError} As {@link readOpusHead}.
 */
export async function openOpusDecoder(head: Uint8Array): Promise<PacketDecoder> {
  const { nChannels, preSkip, outputGain, nStreams, nCoupled, mapping } = readOpusHead(head);
  const decoder = await pool.acquire();
  decoder.configure({
    sampleRate: 48_000,
    channels: nChannels,
    streamCount: nStreams,
    coupledStreamCount: nCoupled,
    channelMappingTable: mapping,
    preSkip,
    outputGain,
  });
  return {
    decode(packet) {
      if (packet.length > MAX_PACKET_BYTES) throw new Error(`an Opus packet of ${packet.length} bytes`);
      const { channelData, errors, samplesDecoded } = decoder.decodeFrames([packet]);
      if (errors.length > 0) throw new Error(errors[0]!.message);
      return samplesDecoded > 0 ? [{ channels: channelData, sampleRate: 48_000 }] : [];
    },
    release: (intact) => pool.release(decoder, intact),
  };
}
