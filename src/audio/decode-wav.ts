// RIFF/WAVE, its 64-bit form RF64/BW64 (EBU Tech 3306) and the big-endian RIFX. WAVE_FORMAT_EXTENSIBLE as in
// Microsoft's "Multiple channel audio data and WAVE files".

import { AudioFormatError } from "../errors.ts";
import { type AudioClip, checkDuration, checkSampleRate } from "./audio-clip.ts";
import { decodePcmClip, type PcmLayout } from "./pcm.ts";
import { chunkId, findChunks } from "./riff-chunks.ts";

// A writer that cannot seek back (ffmpeg, sox, arecord into a pipe) leaves a size near 2^31 or 2^32 in the header.
const STREAMED_SIZE = 0x7fff_0000;

const EXTENSIBLE = 0xfffe;

const ENCODINGS: Record<number, PcmLayout["encoding"]> = { 1: "signed", 3: "float", 6: "a-law", 7: "mu-law" };

const CODEC_NAMES: Record<number, string> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  69: "G.726",
  80: "MPEG layer 1 or 2 in WAV",
  85: "MP3 in WAV",
  97: "Duck ADPCM",
  101: "G.722",
  146: "Dolby AC-3",
  255: "AAC in WAV",
  352: "Windows Media Audio",
  353: "Windows Media Audio 2",
  354: "Windows Media Audio Pro",
  8192: "AC-3 in WAV",
  8193: "DTS in WAV",
  61868: "FLAC in WAV",
};

/**
 * Decodes a WAV file: 8- to 32-bit PCM, 32- and 64-bit float, A-law, mu-law, plain or extensible header, other chunks
 * anywhere. A data size that a streaming writer left open means "to the end of the file".
 *
 * @param bytes The file; begins with RIFF, RIFX, RF64 or BW64, then WAVE.
 * @param options.maxDurationMs Checked against the header, before samples are allocated.
 * @param options.targetRate Of the clip, in Hz. Default: the file's own rate.
 * @returns Mono, the mean of all channels; may be empty.
 * @throws {AudioFormatError} `audio-unsupported` (names the codec), `audio-truncated`, `audio-damaged`,
 *   `audio-too-long`.
 */
export function decodeWav(
  bytes: Uint8Array,
  options: { maxDurationMs: number; targetRate?: number },
): AudioClip {
  const littleEndian = chunkId(bytes, 0) !== "RIFX";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { fmt, data, ds64 } = findChunks(bytes, { littleEndian, until: "data" });
  if (!data) throw noDataChunk(bytes, view.getUint32(4, littleEndian));
  if (!fmt)
    throw new AudioFormatError("audio-damaged", "decodeAudio: WAV without a fmt chunk before its data");
  const { layout, sampleRate } = readFormat(bytes.subarray(fmt.start, fmt.start + fmt.size), littleEndian);
  const declared = ds64 && data.size === 0xffff_ffff ? readDs64DataSize(view, ds64.start) : data.size;
  const size = dataSize({
    declared,
    riffSize: view.getUint32(4, littleEndian),
    start: data.start,
    fileSize: bytes.length,
  });
  checkDuration(Math.floor(size / (layout.bytesPerSample * layout.nChannels)), { sampleRate, ...options });
  if (data.start + size > bytes.length) {
    throw new AudioFormatError(
      "audio-truncated",
      `decodeAudio: the WAV header promises ${size} bytes of samples, the file holds ${bytes.length - data.start}`,
    );
  }
  const { targetRate } = options;
  return decodePcmClip(bytes.subarray(data.start, data.start + size), layout, { sampleRate, targetRate });
}

function noDataChunk(bytes: Uint8Array, riffSize: number): AudioFormatError {
  return riffSize + 8 > bytes.length
    ? new AudioFormatError("audio-truncated", "decodeAudio: the WAV file ends before its data chunk")
    : new AudioFormatError("audio-damaged", "decodeAudio: WAV without a data chunk");
}

function readFormat(fmt: Uint8Array, littleEndian: boolean): { layout: PcmLayout; sampleRate: number } {
  if (fmt.length < 16) {
    throw new AudioFormatError(
      "audio-damaged",
      `decodeAudio: WAV fmt chunk of ${fmt.length} bytes, expected >= 16`,
    );
  }
  const view = new DataView(fmt.buffer, fmt.byteOffset, fmt.byteLength);
  const tag = view.getUint16(0, littleEndian);
  // The first two bytes of the extensible header's SubFormat are the plain codec number.
  const codec = tag === EXTENSIBLE && fmt.length >= 26 ? view.getUint16(24, littleEndian) : tag;
  const encoding = ENCODINGS[codec];
  if (!encoding) throw unsupportedCodec(codec);
  const sampleRate = view.getUint32(4, littleEndian);
  checkSampleRate(sampleRate);
  const nChannels = view.getUint16(2, littleEndian);
  const blockAlign = view.getUint16(12, littleEndian);
  const bitsPerSample = view.getUint16(14, littleEndian);
  const layout = pcmLayout({ encoding, nChannels, blockAlign, bitsPerSample });
  return { layout: { ...layout, littleEndian }, sampleRate };
}

function unsupportedCodec(codec: number): AudioFormatError {
  const hex = `0x${codec.toString(16).padStart(4, "0")}`;
  return new AudioFormatError(
    "audio-unsupported",
    `decodeAudio: WAV codec ${hex} (${CODEC_NAMES[codec] ?? "unknown"}) is not supported; ` +
      "PCM, float, A-law and mu-law are",
  );
}

type FormatFields = {
  encoding: PcmLayout["encoding"];
  nChannels: number;
  blockAlign: number;
  bitsPerSample: number;
};

// A sample may lie in a container wider than its bits (24 in 32); it is left-justified there, so the container's
// width is what counts.
function pcmLayout({
  encoding,
  nChannels,
  blockAlign,
  bitsPerSample,
}: FormatFields): Omit<PcmLayout, "littleEndian"> {
  const bytesPerSample = blockAlign / nChannels;
  const widths = encoding === "float" ? [4, 8] : encoding === "signed" ? [1, 2, 3, 4] : [1];
  if (nChannels === 0 || !widths.includes(bytesPerSample) || bitsPerSample > bytesPerSample * 8) {
    throw new AudioFormatError(
      "audio-damaged",
      `decodeAudio: WAV fmt chunk contradicts itself: ${nChannels} channels of ${bitsPerSample}-bit ${encoding} ` +
        `samples in blocks of ${blockAlign} bytes`,
    );
  }
  return {
    encoding: encoding === "signed" && bytesPerSample === 1 ? "unsigned" : encoding,
    bytesPerSample,
    nChannels,
  };
}

function readDs64DataSize(view: DataView, start: number): number {
  return start + 16 <= view.byteLength
    ? view.getUint32(start + 8, true) + view.getUint32(start + 12, true) * 2 ** 32
    : 0;
}

type DataExtent = { declared: number; riffSize: number; start: number; fileSize: number };

// A size of 0 with bytes behind it that the RIFF size does not cover either: the writer never came back to fill it in.
function dataSize({ declared, riffSize, start, fileSize }: DataExtent): number {
  const neverFilledIn = declared === 0 && (riffSize + 8 <= start || riffSize >= STREAMED_SIZE);
  const streamed = declared >= STREAMED_SIZE && start + declared > fileSize;
  return neverFilledIn || streamed ? fileSize - start : declared;
}
