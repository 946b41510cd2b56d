import { MPEGDecoder } from "mpg123-decoder";
import { readMpegHeader } from "../containers/mpeg-frames.ts";
import type { DecodedBlock, PacketDecoder } from "./codec.ts";
import { DecoderPool } from "./decoder-pool.ts";
import { quietly } from "./quietly.ts";

// `nSlots`: rows of 32 samples so far. The synthesis window turns once in 16, and sums in another order at each turn.
type Kept = { decoder: MPEGDecoder; nSlots: number };

const pool = new DecoderPool<Kept>(
  async () => {
    // Delay and padding are cut by whoever reads the first frame: a kept decoder would take those of another file.
    const decoder = new MPEGDecoder({ enableGapless: false });
    await decoder.ready;
    return { decoder, nSlots: 0 };
  },
  ({ decoder }) => decoder.free(),
);

// The filter bank and the overlap of the file before are out after two frames.
const N_SILENT_FRAMES = 2;

/** A decoder of MPEG audio frames (mpg123 in WebAssembly). @returns It takes whole frames with their headers. */
export async function openMp3Decoder(): Promise<PacketDecoder> {
  const kept = await pool.acquire();
  let last: Uint8Array | undefined;
  return {
    decode(frame) {
      const header = readMpegHeader(frame, 0);
      if (!header || header.length !== frame.length) throw new Error("no MPEG audio frame");
      return quietly(() => {
        if (!last) for (let i = 0; i < N_SILENT_FRAMES; i++) feed(kept, silentFrame(frame));
        last = frame;
        const { channelData, sampleRate, samplesDecoded, errors } = feed(kept, frame);
        if (errors.length > 0) throw new Error(errors[0]!.message);
        return samplesDecoded > 0 ? [blockOf(channelData, { sampleRate, nChannels: header.nChannels })] : [];
      });
    },
    release(intact) {
      const frame = last;
      if (intact && frame) quietly(() => turnBack(kept, silentFrame(frame)));
      pool.release(kept, intact && kept.nSlots % 16 === 0);
    },
  };
}

function feed(kept: Kept, frame: Uint8Array): ReturnType<MPEGDecoder["decode"]> {
  kept.nSlots += (readMpegHeader(frame, 0)?.nSamples ?? 0) / 32;
  return kept.decoder.decode(frame);
}

// So that a file gives the same samples to the last bit, whatever was decoded before it.
function turnBack(kept: Kept, silent: Uint8Array): void {
  for (let i = 0; i < 16 && kept.nSlots % 16 !== 0; i++) feed(kept, silent);
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
