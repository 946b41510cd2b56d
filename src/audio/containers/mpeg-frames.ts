// ISO/IEC 11172-3 and 13818-3 (MPEG audio), their extension to low rates ("2.5"), and ISO/IEC 13818-7 (ADTS).

/** A frame's header. */
export type FrameHeader = {
  /** Bytes of the frame with its header. */
  length: number;
  /** Hz. */
  sampleRate: number;
  /** Samples of each channel. */
  nSamples: number;
  nChannels: number;
  /** What all frames of a stream have in common; only the sample rate and channels may change. */
  stream: string;
};

type ReadHeader = (bytes: Uint8Array, at: number) => FrameHeader | null;

const RATES = [44_100, 48_000, 32_000];
const BIT_RATES: Record<string, readonly number[]> = {
  "1-1": [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  "1-2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  "1-3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  "2-1": [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  "2-2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  "2-3": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};

/**
 * Reads the header of an MPEG audio frame of layer 1, 2 or 3.
 *
 * @param bytes The file.
 * @param at Where the frame begins.
 * @returns Null where there is none: no sync word, a reserved value, or a free bit rate.
 */
export function readMpegHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  const [second, third, fourth] = [bytes[at + 1], bytes[at + 2], bytes[at + 3]];
  if (bytes[at] !== 0xff || fourth === undefined || (second! & 0xe0) !== 0xe0) return null;
  const version = (second! >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
  const layer = 4 - ((second! >> 1) & 3);
  const rate = RATES[(third! >> 2) & 3];
  if (version === 1 || layer === 4 || rate === undefined) return null;
  const kbps = BIT_RATES[`${version === 3 ? 1 : 2}-${layer}`]![(third! >> 4) - 1];
  if (kbps === undefined) return null;
  const sampleRate = rate >> (3 - version - (version === 0 ? 1 : 0));
  const padding = (third! >> 1) & 1;
  const nSamples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152;
  const length =
    layer === 1
      ? (Math.floor((12_000 * kbps) / sampleRate) + padding) * 4
      : Math.floor((nSamples * 125 * kbps) / sampleRate) + padding;
  return { length, sampleRate, nSamples, nChannels: fourth >> 6 === 3 ? 1 : 2, stream: `mpeg-${layer}` };
}

const ADTS_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];

/**
 * Reads the header of an ADTS frame.
 *
 * @param bytes The file.
 * @param at Where the frame begins.
 * @returns Null where there is none.
 */
export function readAdtsHeader(bytes: Uint8Array, at: number): FrameHeader | null {
  if (at + 7 > bytes.length || bytes[at] !== 0xff || (bytes[at + 1]! & 0xf6) !== 0xf0) return null;
  const sampleRate = ADTS_RATES[(bytes[at + 2]! >> 2) & 15];
  const length = ((bytes[at + 3]! & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  const headerLength = bytes[at + 1]! & 1 ? 7 : 9;
  if (sampleRate === undefined || length <= headerLength) return null;
  const nChannels = ((bytes[at + 2]! & 1) << 2) | (bytes[at + 3]! >> 6);
  return { length, sampleRate, nSamples: 1024, nChannels, stream: "adts" };
}

// Bits that only look like a header are common in sound: it counts where this many more follow, each where the one
// before ends, or the file ends with one of them.
const CHAIN = 2;

/**
 * Finds the first frame of a stream: one after which others follow at once.
 *
 * @param bytes The file.
 * @param readHeader Which kind of frame.
 * @param range.from Where the search begins. Default: the start.
 * @param range.to Where it ends. Default: the end.
 * @returns -1 where there is none.
 */
export function findFrames(
  bytes: Uint8Array,
  readHeader: ReadHeader,
  { from = 0, to = bytes.length }: { from?: number; to?: number } = {},
): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0 && at < to; at = bytes.indexOf(0xff, at + 1)) {
    if (beginsChain(bytes, readHeader, at)) return at;
  }
  return -1;
}

function beginsChain(bytes: Uint8Array, readHeader: ReadHeader, start: number): boolean {
  const first = readHeader(bytes, start);
  if (!first) return false;
  let at = start + first.length;
  for (let i = 0; i < CHAIN; i++) {
    if (at === bytes.length && i > 0) return true;
    const next = readHeader(bytes, at);
    if (next?.stream !== first.stream || next.sampleRate !== first.sampleRate) return false;
    at += next.length;
  }
  return true;
}

/** A frame, and its header. */
export type Frame = { data: Uint8Array; header: FrameHeader };

/**
 * Walks the frames of a stream. Between two of them anything may lie: the next one is searched for.
 *
 * @param bytes The file.
 * @param readHeader Which kind of frame.
 * @param onCut Called where the file ends within a frame.
 */
export function* walkFrames(
  bytes: Uint8Array,
  readHeader: ReadHeader,
  onCut: () => void = () => undefined,
): Generator<Frame> {
  let previous: FrameHeader | undefined;
  for (let at = firstFrame(bytes, readHeader); at >= 0 && at < bytes.length; ) {
    const header = readHeader(bytes, at);
    // Two frames of one stream in a row need no third: the last one has none behind it.
    if (!header || (header.stream !== previous?.stream && previous)) {
      at = findFrames(bytes, readHeader, { from: at });
      previous = undefined;
      continue;
    }
    if (at + header.length > bytes.length) {
      onCut();
      return;
    }
    yield { data: bytes.subarray(at, at + header.length), header };
    previous = header;
    at += header.length;
  }
}

// A file of one or two frames has no chain; it counts where the first stands at the very start.
function firstFrame(bytes: Uint8Array, readHeader: ReadHeader): number {
  const start = findFrames(bytes, readHeader);
  return start < 0 && readHeader(bytes, 0) ? 0 : start;
}
