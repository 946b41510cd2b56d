// Raw samples as a recorder writes them into a pipe.

import { nameOfFile } from "../audio/detect-format.ts";
import { decodePcmChannels, type PcmLayout } from "../audio/pcm.ts";
import { chunkId, findChunks } from "../audio/riff-chunks.ts";
import { InvalidArgumentError } from "../errors.ts";

/** How the samples are stored: 16-bit whole numbers or 32-bit floats, the lowest byte first. */
export type PcmFormat = "s16le" | "f32le";

/** Reads samples from bytes that arrive in pieces. */
export type PcmReader = {
  /**
   * @param bytes The next bytes, cut anywhere. A sample that is not whole yet waits for its rest; at the end of the stream
   *   it is left out, since recorders that are stopped cut their last one.
   * @returns The samples that are whole, mono, -1..1 for whole numbers.
   * @throws {InvalidArgumentError} The stream begins with a WAV header that says other than the options, or as a file that
   *   holds no plain samples: an MP3, a text.
   */
  push(bytes: Uint8Array): Float32Array;
};

/** What the bytes are. */
export type PcmReaderOptions = {
  /** Hz. */
  sampleRate: number;
  /** How a sample is stored. */
  format: PcmFormat;
};

const LAYOUTS: Record<PcmFormat, Pick<PcmLayout, "encoding" | "bytesPerSample"> & { wavCodec: number }> = {
  s16le: { encoding: "signed", bytesPerSample: 2, wavCodec: 1 },
  f32le: { encoding: "float", bytesPerSample: 4, wavCodec: 3 },
};

const EXTENSIBLE = 0xfffe;
const MAX_HEADER_BYTES = 65_536;

/**
 * Makes a reader for one stream of one channel. A WAV header before the samples, which `arecord` and `sox` write unless
 * they are told not to, is passed over.
 *
 * @param options See {@link PcmReaderOptions}.
 */
export function createPcmReader(options: PcmReaderOptions): PcmReader {
  const { encoding, bytesPerSample } = LAYOUTS[options.format];
  let isHeaderPast = false;
  let pending = new Uint8Array(0);
  return {
    push(bytes) {
      pending = joined(pending, bytes);
      if (!isHeaderPast) {
        const start = startOfSamples(pending, options);
        if (start === undefined) return new Float32Array(0);
        pending = pending.subarray(start);
        isHeaderPast = true;
      }
      const length = pending.length - (pending.length % bytesPerSample);
      const [samples] = decodePcmChannels(pending.subarray(0, length), {
        encoding,
        bytesPerSample,
        nChannels: 1,
        littleEndian: true,
      });
      pending = pending.slice(length);
      return samples!;
    },
  };
}

/** Where the samples begin; undefined until that is known. */
function startOfSamples(bytes: Uint8Array, options: PcmReaderOptions): number | undefined {
  if (!"RIFF".startsWith(chunkId(bytes, 0))) return checkNoFile(bytes);
  if (bytes.length < 12) return undefined;
  if (chunkId(bytes, 8) !== "WAVE") return 0;
  const { fmt, data } = findChunks(bytes, { littleEndian: true, ids: ["fmt", "data"], until: "data" });
  if (data) {
    if (fmt && fmt.size >= 16)
      checkHeader(new DataView(bytes.buffer, bytes.byteOffset + fmt.start, fmt.size), options);
    return data.start;
  }
  if (bytes.length <= MAX_HEADER_BYTES) return undefined;
  throw new InvalidArgumentError("listen: expected samples, got a WAV header that does not end");
}

/** Eight samples in a row that read as text are none. */
const LEAST_TEXT_BYTES = 16;

function checkNoFile(bytes: Uint8Array): 0 {
  const name = bytes.length < LEAST_TEXT_BYTES ? undefined : nameOfFile(bytes);
  if (name === undefined) return 0;
  throw new InvalidArgumentError(
    `listen: expected raw samples, got what looks like ${name}; transcribe hears files, and ffmpeg makes samples of them ` +
      "(listen --help shows how)",
  );
}

function checkHeader(fmt: DataView, { sampleRate, format }: PcmReaderOptions): void {
  const tag = fmt.getUint16(0, true);
  const found = {
    codec: tag === EXTENSIBLE && fmt.byteLength >= 26 ? fmt.getUint16(24, true) : tag,
    nChannels: fmt.getUint16(2, true),
    sampleRate: fmt.getUint32(4, true),
    bits: fmt.getUint16(14, true),
  };
  const { wavCodec, bytesPerSample } = LAYOUTS[format];
  const isExpected =
    found.codec === wavCodec &&
    found.nChannels === 1 &&
    found.sampleRate === sampleRate &&
    found.bits === 8 * bytesPerSample;
  if (isExpected) return;
  throw new InvalidArgumentError(
    `listen: expected ${format} samples at ${sampleRate} Hz of 1 channel, got a WAV header that says ${found.bits} ` +
      `bits (codec ${found.codec}) at ${found.sampleRate} Hz, channels: ${found.nChannels}; record so, or pass ` +
      "--rate and --format",
  );
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
