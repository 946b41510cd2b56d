// IMA ADPCM and Microsoft ADPCM as WAV holds them, and IMA's as QuickTime does: "Multimedia Data Standards Update" (Microsoft, 1994) and the
// "Recommended Practices for Enhancing Digital Audio Compatibility" of the IMA (1992).

import { checkSampleRate } from "../audio-clip.ts";
import { damaged } from "../format-faults.ts";
import type { PacketDecoder } from "./codec.ts";

type Adpcm = {
  kind: "ima-adpcm" | "ms-adpcm" | "quicktime-adpcm";
  nChannels: number;
  blockAlign: number;
  sampleRate: number;
};

/**
 * A decoder of 4-bit ADPCM. A packet is one block; the last one may be shorter.
 *
 * @param codec.kind Which of the three.
 * @param codec.nChannels As in the WAV header; so are the others.
 * @param codec.blockAlign Bytes of a block.
 * @param codec.sampleRate Hz.
 * @throws {AudioFormatError} `audio-damaged`: neither one nor two channels, or blocks that do not fit their header.
 */
export function openAdpcmDecoder({ kind, nChannels, blockAlign, sampleRate }: Adpcm): PacketDecoder {
  checkSampleRate(sampleRate);
  const { headBytes, decodeBlock } = KINDS[kind];
  const headerBytes = headBytes * nChannels;
  if ((nChannels !== 1 && nChannels !== 2) || blockAlign <= headerBytes) {
    throw damaged(`ADPCM of ${nChannels} channels in blocks of ${blockAlign} bytes`);
  }
  return {
    decode(block) {
      if (block.length < headerBytes) throw new Error("a block shorter than its header");
      return [{ channels: decodeBlock(block, nChannels), sampleRate }];
    },
    release: () => undefined,
  };
}

type DecodeBlock = (block: Uint8Array, nChannels: number) => Float32Array[];

/** Bytes at the head of a block, for each channel. */
const KINDS: Record<Adpcm["kind"], { headBytes: number; decodeBlock: DecodeBlock }> = {
  "ima-adpcm": { headBytes: 4, decodeBlock: decodeIma },
  "ms-adpcm": { headBytes: 7, decodeBlock: decodeMicrosoft },
  "quicktime-adpcm": { headBytes: 2, decodeBlock: decodeQuickTime },
};

// biome-ignore format: a table
const IMA_STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130,
  143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282,
  1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630,
  9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const IMA_INDEX = [-1, -1, -1, -1, 2, 4, 6, 8];

// A header of four bytes for each channel: its first sample and its place in the table of steps. Then words of eight
// samples, of one channel after the other.
function decodeIma(block: Uint8Array, nChannels: number): Float32Array[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const nWords = Math.floor((block.length - 4 * nChannels) / (4 * nChannels));
  return Array.from({ length: nChannels }, (_, channel) => {
    const samples = new Float32Array(1 + nWords * 8);
    let sample = view.getInt16(channel * 4, true);
    let index = Math.min(88, view.getUint8(channel * 4 + 2));
    samples[0] = sample / 32_768;
    for (let word = 0, at = 1; word < nWords; word++) {
      const bits = view.getUint32(4 * (nChannels + word * nChannels + channel), true);
      for (let i = 0; i < 8; i++) {
        const code = (bits >>> (4 * i)) & 15;
        sample = clamp16(sample + imaDifference(IMA_STEPS[index]!, code));
        index = nextIndex(index, code);
        samples[at++] = sample / 32_768;
      }
    }
    return samples;
  });
}

// Apple, "QuickTime File Format", 4:1 compression: packets of 34 bytes, of one channel after the other. The first two hold
// the upper nine bits of the sample before and the place in the table, then come 64 codes.
const QUICKTIME_PACKET = 34;

function decodeQuickTime(block: Uint8Array, nChannels: number): Float32Array[] {
  const nPackets = Math.floor(block.length / (QUICKTIME_PACKET * nChannels));
  return Array.from({ length: nChannels }, (_, channel) => {
    const samples = new Float32Array(64 * nPackets);
    for (let n = 0, at = 0; n < nPackets; n++) {
      const start = (n * nChannels + channel) * QUICKTIME_PACKET;
      const head = (block[start]! << 8) | block[start + 1]!;
      let sample = ((head & 0xff80) << 16) >> 16;
      let index = Math.min(88, head & 0x7f);
      for (let i = 0; i < 64; i++) {
        const code = (block[start + 2 + (i >> 1)]! >> (4 * (i & 1))) & 15;
        sample = clamp16(sample + imaDifference(IMA_STEPS[index]!, code));
        index = nextIndex(index, code);
        samples[at++] = sample / 32_768;
      }
    }
    return samples;
  });
}

const nextIndex = (index: number, code: number) => Math.max(0, Math.min(88, index + IMA_INDEX[code & 7]!));

function imaDifference(step: number, code: number): number {
  const size = (step >> 3) + (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
  return code & 8 ? -size : size;
}

const MS_COEFFICIENTS = [
  [256, 0],
  [512, -256],
  [0, 0],
  [192, 64],
  [240, 0],
  [460, -208],
  [392, -232],
] as const;
const MS_ADAPTATION = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];

// A header of seven bytes for each channel, field by field: predictor, step, the second sample, the first one. Then
// codes of four bits, the channels in turn.
function decodeMicrosoft(block: Uint8Array, nChannels: number): Float32Array[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const nCodes = ((block.length - 7 * nChannels) * 2) / nChannels;
  return Array.from({ length: nChannels }, (_, channel) => {
    const samples = new Float32Array(2 + Math.floor(nCodes));
    const [c1, c2] = MS_COEFFICIENTS[view.getUint8(channel)] ?? MS_COEFFICIENTS[0];
    let step = view.getInt16(nChannels + channel * 2, true);
    let last = view.getInt16(nChannels * 3 + channel * 2, true);
    let before = view.getInt16(nChannels * 5 + channel * 2, true);
    samples[0] = before / 32_768;
    samples[1] = last / 32_768;
    for (let i = 2; i < samples.length; i++) {
      const place = (i - 2) * nChannels + channel;
      const code = (view.getUint8(7 * nChannels + (place >> 1)) >> (place % 2 === 0 ? 4 : 0)) & 15;
      const predicted = (last * c1 + before * c2) >> 8;
      before = last;
      last = clamp16(predicted + (code >= 8 ? code - 16 : code) * step);
      step = Math.max(16, Math.min(32_767 * 24, (MS_ADAPTATION[code]! * step) >> 8));
      samples[i] = last / 32_768;
    }
    return samples;
  });
}

function clamp16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
