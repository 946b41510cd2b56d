import { readStreamInfo } from "../containers/demux-flac.ts";
import { type DecodedBlock, type PacketDecoder, scaled } from "./codec.ts";
import { decodeFlacFrame, type FlacFrame, type FlacStreamInfo, readFlacHeader } from "./flac-frame.ts";

// Each costs at most what a whole frame does; a file with more of them has nothing to be heard.
const MAX_DAMAGED = 50;

/**
 * A decoder of FLAC frames. A packet is one frame, as in containers, or any number of them, as in a FLAC file, where
 * only decoding tells how long a frame is.
 *
 * @param streamInfoBytes The 34 bytes of STREAMINFO.
 * @throws {AudioFormatError} As {@link readStreamInfo}.
 */
export function openFlacDecoder(streamInfoBytes: Uint8Array): PacketDecoder {
  const streamInfo = readStreamInfo(streamInfoBytes);
  let nDamaged = 0;
  return {
    get nDamaged() {
      return nDamaged;
    },
    *decode(packet) {
      for (let at = nextSync(packet, 0); at >= 0; ) {
        const frame = decodeAt(packet.subarray(at), streamInfo);
        if (frame === "damaged" && ++nDamaged > MAX_DAMAGED) return;
        if (typeof frame === "object") yield toBlock(frame);
        at = nextSync(packet, typeof frame === "object" ? at + frame.length : at + 1);
      }
    },
    release: () => undefined,
  };
}

function decodeAt(bytes: Uint8Array, streamInfo: FlacStreamInfo): FlacFrame | "damaged" | "no-frame" {
  const header = readFlacHeader(bytes, streamInfo);
  if (!header) return "no-frame";
  try {
    return decodeFlacFrame(bytes, header);
  } catch {
    return "damaged";
  }
}

function nextSync(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if ((bytes[at + 1]! & 0xfe) === 0xf8) return at;
  }
  return -1;
}

/**
 * The samples of a frame as a block.
 *
 * @param frame.channels Whole numbers.
 * @param frame.bitsPerSample They are divided by half the range of so many bits, so -1..1.
 * @param frame.sampleRate Hz.
 */
export function toBlock({ channels, bitsPerSample, sampleRate }: FlacFrame): DecodedBlock {
  const scale = 2 ** (1 - bitsPerSample);
  return { sampleRate, channels: channels.map((samples) => scaled(samples, scale)) };
}
