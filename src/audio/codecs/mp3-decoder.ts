import { MPEGDecoder } from "mpg123-decoder";
import { readMpegHeader } from "../containers/mpeg-frames.ts";
import type { DecodedBlock, PacketDecoder } from "./codec.ts";
import { DecoderPool } from "./decoder-pool.ts";
import { quietly } from "./quietly.ts";

const pool = new DecoderPool(
  async () => {
    // Delay and padding are cut by whoever reads the first frame: a kept decoder would take those of another file.
    const decoder = new MPEGDecoder({ enableGapless: false });
    await decoder.ready;
    return decoder;
  },
  (decoder) => decoder.free(),
);

// The filter bank and the overlap of the file before are out after two frames.
const N_SILENT_FRAMES = 2;

/**
 * A decoder of MPEG audio frames (mpg123 in WebAssembly).
 *
 * @returns It takes whole frames with their headers.
 */
export async function openMp3Decoder(): Promise<PacketDecoder> {
  const decoder = await pool.acquire();
  let hasBegun = false;
  return {
    decode(frame) {
      const header = readMpegHeader(frame, 0);
      if (!header || header.length !== frame.length) throw new Error("no MPEG audio frame");
      return quietly(() => {
        if (!hasBegun) for (let i = 0; i < N_SILENT_FRAMES; i++) decoder.decode(silentFrame(frame));
        hasBegun = true;
        const { channelData, sampleRate, samplesDecoded, errors } = decoder.decode(frame);
        if (errors.length > 0) throw new Error(errors[0]!.message);
        return samplesDecoded > 0 ? [blockOf(channelData, { sampleRate, nChannels: header.nChannels })] : [];
      });
    },
    release: (intact) => pool.release(decoder, intact),
  };
}

// What is mono comes twice.
function blockOf(
  channelData: readonly Float32Array[],
  { sampleRate, nChannels }: { sampleRate: number; nChannels: number },
): DecodedBlock {
  return { channels: channelData.slice(0, nChannels), sampleRate };
}

// All that says how a frame sounds is zero: no part of it has any bits. Without a checksum (the last bit of byte 1).
function silentFrame(frame: Uint8Array): Uint8Array {
  const silent = new Uint8Array(frame.length);
  silent.set(frame.subarray(0, 4));
  silent[1]! |= 1;
  return silent;
}
