// RIFF/WAVE, its 64-bit forms RF64/BW64 (EBU Tech 3306) and Wave64 (Sony), and the big-endian RIFX. WAVE_FORMAT_EXTENSIBLE as in
// Microsoft's "Multiple channel audio data and WAVE files".

import { checkSampleRate } from "../audio-clip.ts";
import { damaged, truncated, unsupported } from "../format-faults.ts";
import { type PcmLayout, pcmTrack } from "../pcm.ts";
import { chunkId, findChunks, looksLikeChunks } from "../riff-chunks.ts";
import type { Track } from "../track.ts";
import { demuxMp3 } from "./demux-mpeg.ts";

// A writer that cannot seek back (ffmpeg, sox, arecord into a pipe) leaves a size near 2^31 or 2^32 in the header.
const STREAMED_SIZE = 0x7fff_0000;

const EXTENSIBLE = 0xfffe;
const MS_ADPCM = 2;
const IMA_ADPCM = 17;
/** MPEG audio of layers 1 and 2, and of layer 3. */
const MPEG = [80, 85];

const ENCODINGS: Record<number, PcmLayout["encoding"]> = { 1: "signed", 3: "float", 6: "a-law", 7: "mu-law" };

const CODEC_NAMES: Record<number, string> = {
  49: "GSM 6.10",
  69: "G.726",
  66: "G.723.1",
  97: "Duck ADPCM",
  101: "G.722",
  146: "Dolby AC-3",
  131: "G.729",
  255: "AAC in WAV",
  352: "Windows Media Audio",
  353: "Windows Media Audio 2",
  354: "Windows Media Audio Pro",
  8192: "AC-3 in WAV",
  8193: "DTS in WAV",
  61868: "FLAC in WAV",
};

type Format = {
  codec: number;
  nChannels: number;
  sampleRate: number;
  blockAlign: number;
  bitsPerSample: number;
  littleEndian: boolean;
};

/**
 * The samples of a WAV file: 8- to 32-bit PCM, 32- and 64-bit float, A-law, mu-law, IMA and Microsoft ADPCM, MP3,
 * plain or extensible header, other chunks anywhere. Sizes that contradict the file are not believed: what is there is read,
 * and a note says so.
 *
 * @param bytes The file; begins with RIFF, RIFX, RF64 or BW64, then WAVE.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported` (names the codec), `audio-truncated`: it ends before its samples,
 *   `audio-damaged`.
 */
export function demuxWav(bytes: Uint8Array): Track {
  const littleEndian = chunkId(bytes, 0) !== "RIFX";
  const ids = ["fmt", "data", "ds64", "fact"] as const;
  const { fmt, data, ds64, fact } = findChunks(bytes, { littleEndian, ids, until: "data" });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!data) throw noDataChunk(bytes, view.getUint32(4, littleEndian));
  if (!fmt) throw damaged("WAV without a fmt chunk before its data");
  const declared = ds64 && data.size === 0xffff_ffff ? readDs64DataSize(view, ds64.start) : data.size;
  const { end, note } = dataExtent(bytes, { start: data.start, declared, littleEndian });
  const samples = bytes.subarray(data.start, end);
  const nFrames = fact && fact.start + 4 <= bytes.length ? view.getUint32(fact.start, littleEndian) : 0;
  const head = bytes.subarray(fmt.start, fmt.start + fmt.size);
  return { ...wavTrack({ fmt: head, samples, nFrames, littleEndian }), note };
}

// Sony Wave64: GUIDs of 16 bytes for ids, whose first four are the letters of RIFF, and 64-bit sizes that count the chunk's
// head as well. Chunks begin at multiples of eight bytes.
const WIDE_FILE_HEAD = 40;
const WIDE_HEAD = 24;
const WANTED = ["fmt ", "fact", "data"];

/**
 * The samples of a Wave64 file, of the codecs of WAV.
 *
 * @param bytes The file; begins with the GUID of `riff`.
 * @returns The track.
 * @throws {AudioFormatError} `audio-unsupported` (names the codec), `audio-truncated`: it ends before its samples,
 *   `audio-damaged`.
 */
export function demuxWave64(bytes: Uint8Array): Track {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, { start: number; size: number }>();
  for (let at = WIDE_FILE_HEAD; at + WIDE_HEAD <= bytes.length && !chunks.has("data"); ) {
    const size = view.getUint32(at + 16, true) + view.getUint32(at + 20, true) * 2 ** 32;
    const id = chunkId(bytes, at);
    if (WANTED.includes(id) && !chunks.has(id))
      chunks.set(id, { start: at + WIDE_HEAD, size: Math.max(0, size - WIDE_HEAD) });
    at += 8 * Math.ceil(Math.max(WIDE_HEAD, size) / 8);
  }
  const [fmt, data, fact] = [chunks.get("fmt "), chunks.get("data"), chunks.get("fact")];
  if (!data) throw truncated("the Wave64 file ends before its data chunk");
  if (!fmt) throw damaged("Wave64 without a fmt chunk before its data");
  // A writer into a pipe leaves 0 or the largest size.
  const end = data.size === 0 ? bytes.length : Math.min(bytes.length, data.start + data.size);
  return wavTrack({
    fmt: bytes.subarray(fmt.start, fmt.start + fmt.size),
    samples: bytes.subarray(data.start, end),
    nFrames: fact && fact.start + 4 <= bytes.length ? view.getUint32(fact.start, true) : 0,
    littleEndian: true,
  });
}

type WavParts = { fmt: Uint8Array; samples: Uint8Array; nFrames: number; littleEndian: boolean };

/** @param parts.nFrames As the fact chunk has it; 0: not said. */
function wavTrack({ fmt, samples, nFrames, littleEndian }: WavParts): Track {
  const format = readFormat(fmt, littleEndian);
  if (MPEG.includes(format.codec)) return demuxMp3(samples);
  return readTrack(samples, format, nFrames);
}

function noDataChunk(bytes: Uint8Array, riffSize: number) {
  return riffSize + 8 > bytes.length
    ? truncated("the WAV file ends before its data chunk")
    : damaged("WAV without a data chunk");
}

function readFormat(fmt: Uint8Array, littleEndian: boolean): Format {
  if (fmt.length < 16) throw damaged(`WAV fmt chunk of ${fmt.length} bytes, expected >= 16`);
  const view = new DataView(fmt.buffer, fmt.byteOffset, fmt.byteLength);
  const u16 = (offset: number) => view.getUint16(offset, littleEndian);
  const tag = u16(0);
  const sampleRate = view.getUint32(4, littleEndian);
  // The first two bytes of the extensible header's SubFormat are the plain codec number.
  const codec = tag === EXTENSIBLE && fmt.length >= 26 ? u16(24) : tag;
  return { codec, nChannels: u16(2), sampleRate, blockAlign: u16(12), bitsPerSample: u16(14), littleEndian };
}

function readTrack(samples: Uint8Array, format: Format, nFrames: number): Track {
  const { codec, sampleRate } = format;
  if (codec === MS_ADPCM || codec === IMA_ADPCM) return adpcmTrack(samples, format, nFrames);
  const encoding = ENCODINGS[codec];
  if (!encoding) throw unsupportedCodec(codec);
  checkSampleRate(sampleRate);
  return pcmTrack(samples, pcmLayout(encoding, format), sampleRate);
}

// The last block is filled up; the fact chunk says how many samples there were.
function adpcmTrack(samples: Uint8Array, format: Format, nFrames: number): Track {
  const { codec, nChannels, blockAlign, sampleRate } = format;
  checkSampleRate(sampleRate);
  return {
    codec: { kind: codec === MS_ADPCM ? "ms-adpcm" : "ima-adpcm", nChannels, blockAlign, sampleRate },
    packets: {
      *[Symbol.iterator]() {
        for (let at = 0; at < samples.length; at += blockAlign)
          yield { data: samples.subarray(at, at + blockAlign) };
      },
    },
    durationSeconds: nFrames > 0 ? nFrames / sampleRate : undefined,
  };
}

function unsupportedCodec(codec: number) {
  const name = `0x${codec.toString(16).padStart(4, "0")} (${CODEC_NAMES[codec] ?? "unknown"})`;
  return unsupported(`WAV codec ${name}`, "PCM, float, A-law, mu-law, ADPCM and MP3");
}

function pcmLayout(encoding: PcmLayout["encoding"], format: Format): PcmLayout {
  const { nChannels, blockAlign, bitsPerSample, littleEndian } = format;
  const widths = encoding === "float" ? [4, 8] : encoding === "signed" ? [1, 2, 3, 4] : [1];
  const bytesPerSample = sampleWidth(widths, format);
  if (encoding === "signed" && bitsPerSample === 64) {
    throw unsupported("WAV of 64-bit whole numbers", "up to 32 bits");
  }
  if (nChannels === 0 || bytesPerSample === undefined) {
    const samples = `${nChannels} channels of ${bitsPerSample}-bit ${encoding} samples`;
    throw damaged(`WAV fmt chunk contradicts itself: ${samples} in blocks of ${blockAlign} bytes`);
  }
  return {
    encoding: encoding === "signed" && bytesPerSample === 1 ? "unsigned" : encoding,
    bytesPerSample,
    nChannels,
    littleEndian,
  };
}

// Recorders write a block size of 0, 1, or another layout's, so the bits count. A sample may lie in a container wider
// than its bits and is left-justified there: of that kind only 17 to 24 bits in 32 are met.
function sampleWidth(
  widths: readonly number[],
  { nChannels, blockAlign, bitsPerSample }: Format,
): number | undefined {
  if (widths.length === 1) return widths[0];
  const byBlock = blockAlign / nChannels;
  const byBits = Math.ceil(bitsPerSample / 8);
  if (bitsPerSample === 0 || (byBits === 3 && byBlock === 4)) {
    return widths.find((width) => width === byBlock);
  }
  return widths.find((width) => width === byBits);
}

function readDs64DataSize(view: DataView, start: number): number {
  return start + 16 <= view.byteLength
    ? view.getUint32(start + 8, true) + view.getUint32(start + 12, true) * 2 ** 32
    : 0;
}

type DataChunk = { start: number; declared: number; littleEndian: boolean };

// Where the samples end. A size that is neither 0 nor beyond the file is taken at its word where chunks follow, or
// nothing does; else the RIFF size says where the file ends, and the file itself where that lies as well.
function dataExtent(
  bytes: Uint8Array,
  { start, declared, littleEndian }: DataChunk,
): { end: number; note?: string } {
  const end = start + declared;
  const rest = Math.max(0, bytes.length - end);
  const isPlausible = declared > 0 ? rest < 8 : rest === 0;
  const chunksFollow = [end, end + 1].some((at) => looksLikeChunks(bytes, at, littleEndian));
  if (end <= bytes.length && (isPlausible || chunksFollow)) return { end };
  const riffEnd = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, littleEndian) + 8;
  const covered = riffEnd > end && riffEnd <= bytes.length ? riffEnd : bytes.length;
  // More than a size that is plausible is read only where the RIFF size covers it exactly.
  if (declared > 0 && end <= bytes.length && riffEnd !== bytes.length) return { end };
  return { end: covered, ...sizeNote(declared, covered - start) };
}

// Streaming writers leave the size open on purpose.
function sizeNote(declared: number, present: number): { note?: string } {
  if (declared === 0 || declared >= STREAMED_SIZE) return {};
  return { note: `the WAV header promises ${declared} bytes of samples, ${present} are there and were read` };
}
