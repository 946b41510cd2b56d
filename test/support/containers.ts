// Small writers of containers, for tests that need a file with one thing odd about it.

/** Text as bytes. */
export const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

/** A number as bytes, the highest first. @param width In bytes. */
export function be(value: number, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** (width - 1 - i)) & 0xff);
}

/** A number as bytes, the lowest first. @param width In bytes. */
export function le(value: number, width: number): number[] {
  return be(value, width).reverse();
}

/** 16-bit samples as bytes. @param samples -1..1. */
export function pcm16(samples: ArrayLike<number>, order: typeof le = le): number[] {
  return Array.from(samples).flatMap((sample) => order(Math.round(sample * 32_768) & 0xffff, 2));
}

/** Fields of a WAV header that may lie. */
export type WavLies = { blockAlign?: number; dataSize?: number; nChannels?: number; riffSize?: number };

/** A WAV file of 16 bits at 8 kHz. @param data Its samples as bytes. */
export function wavFile(data: readonly number[], lies: WavLies = {}): number[] {
  const { nChannels = 1, blockAlign = 2 * nChannels, dataSize = data.length } = lies;
  const fmt = [
    ...le(1, 2),
    ...le(nChannels, 2),
    ...le(8000, 4),
    ...le(8000 * blockAlign, 4),
    ...le(blockAlign, 2),
    16,
    0,
  ];
  const body = [...ascii("WAVEfmt "), ...le(16, 4), ...fmt, ...ascii("data"), ...le(dataSize, 4), ...data];
  return [...ascii("RIFF"), ...le(lies.riffSize ?? body.length, 4), ...body];
}

/** An AIFF file of 16 bits at 8 kHz. @param sizes What its header says. */
export function aiffFile(data: readonly number[], sizes: { nFrames: number; soundSize: number }): number[] {
  const comm = [...be(1, 2), ...be(sizes.nFrames, 4), ...be(16, 2), 0x40, 0x0b, 0xfa, ...be(0, 7)];
  const sound = [...ascii("SSND"), ...be(sizes.soundSize, 4), ...be(0, 8), ...data];
  return [...ascii("FORM"), ...be(0, 4), ...ascii("AIFFCOMM"), ...be(18, 4), ...comm, ...sound];
}

/** A CAF file of 16 bits at 8 kHz, little-endian. @param isOpen Whether its size is left open. */
export function cafFile(data: readonly number[], isOpen: boolean): number[] {
  const rate = [...new Uint8Array(Float64Array.of(8000).buffer)].reverse();
  const desc = [...rate, ...ascii("lpcm"), ...be(2, 4), ...be(2, 4), ...be(1, 4), ...be(1, 4), ...be(16, 4)];
  const size = isOpen ? new Array(8).fill(0xff) : be(4 + data.length, 8);
  return [
    ...ascii("caff"),
    0,
    1,
    0,
    0,
    ...ascii("desc"),
    ...be(32, 8),
    ...desc,
    ...ascii("data"),
    ...size,
    ...be(0, 4),
    ...data,
  ];
}

/** A box of MP4. */
export function box(type: string, ...content: (readonly number[])[]): number[] {
  const body = content.flat();
  return [...be(8 + body.length, 4), ...ascii(type), ...body];
}

const full = (type: string, ...content: (readonly number[])[]) => box(type, be(0, 4), ...content);

/**
 * A QuickTime file of 16-bit samples at 8 kHz, with its samples before its index.
 *
 * @param options.before Boxes in front of everything.
 * @param options.title Put into the file's tags, which come before its track.
 */
export function movFile(
  data: readonly number[],
  options: { before?: number[]; title?: string } = {},
): number[] {
  const { before = [], title = "" } = options;
  const head = [...before, ...be(8 + data.length, 4), ...ascii("mdat")];
  const nFrames = data.length / 2;
  const entry = box(
    "sowt",
    be(0, 6),
    be(1, 2),
    be(0, 8),
    be(1, 2),
    be(16, 2),
    be(0, 4),
    be(8000 * 65_536, 4),
  );
  const stbl = box(
    "stbl",
    full("stsd", be(1, 4), entry),
    full("stts", be(1, 4), be(nFrames, 4), be(1, 4)),
    full("stsc", be(1, 4), be(1, 4), be(nFrames, 4), be(1, 4)),
    full("stsz", be(1, 4), be(nFrames, 4)),
    full("stco", be(1, 4), be(head.length, 4)),
  );
  const mdia = box(
    "mdia",
    full("mdhd", be(0, 8), be(8000, 4), be(nFrames, 4), be(0, 4)),
    full("hdlr", ascii("mhlrsoun"), be(0, 12)),
    box("minf", stbl),
  );
  const trak = box("trak", full("tkhd", be(0, 8), be(1, 4), be(0, 68)), mdia);
  const moov = box(
    "moov",
    full("mvhd", be(0, 8), be(1000, 4), be(0, 84)),
    box("udta", box("titl", ascii(title))),
    trak,
  );
  return [...head, ...data, ...moov];
}

/** An element of EBML. @param size Written in eight bytes; infinite: left open. */
export function element(id: number, content: readonly number[], size: number = content.length): number[] {
  const idBytes = be(id, id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1);
  const sizeBytes = size === Number.POSITIVE_INFINITY ? new Array(7).fill(0xff) : be(size, 7);
  return [...idBytes, 1, ...sizeBytes, ...content];
}

/**
 * A Matroska file of 16-bit samples at 8 kHz.
 *
 * @param options.lacing 0 none; 1 Xiph; 2 fixed; 3 EBML: of four packets of one size.
 * @param options.isOpen Whether segment and cluster leave their sizes open, as live files do.
 */
export function matroskaFile(data: readonly number[], { lacing = 0, isOpen = false } = {}): number[] {
  const rate = [...new Uint8Array(Float64Array.of(8000).buffer)].reverse();
  const audio = element(0xe1, [...element(0xb5, rate), ...element(0x9f, [1]), ...element(0x6264, [16])]);
  const codec = element(0x86, ascii("A_PCM/INT/LIT"));
  const entry = element(0xae, [...element(0xd7, [1]), ...element(0x83, [2]), ...codec, ...audio]);
  const blocks: number[] = [];
  for (let at = 0; at < data.length; at += 800)
    blocks.push(...matroskaBlock(data.slice(at, at + 800), lacing));
  const size = isOpen ? Number.POSITIVE_INFINITY : undefined;
  const cluster = element(0x1f43b675, [...element(0xe7, [0]), ...blocks], size);
  const segment = element(0x18538067, [...element(0x1654ae6b, entry), ...cluster], size);
  return [...element(0x1a45dfa3, element(0x4282, ascii("matroska"))), ...segment];
}

function matroskaBlock(data: readonly number[], lacing: number): number[] {
  const kind = data.length % 8 === 0 ? lacing : 0;
  const size = data.length / 4;
  const xiph = [...new Array(Math.floor(size / 255)).fill(255), size % 255];
  const sizes = [[], [...xiph, ...xiph, ...xiph], [], [0x40 | (size >> 8), size & 0xff, 0xbf, 0xbf]][kind]!;
  return element(0xa3, [0x81, 0, 0, kind << 1, ...(kind === 0 ? [] : [3, ...sizes]), ...data]);
}

/** A page of Ogg with whole packets, each below 255 bytes. @param flags 2: the first, 4: the last of its stream. */
export function oggPage(
  packets: readonly (readonly number[])[],
  options: { serial: number; flags: number },
): number[] {
  const lacing = packets.map(({ length }) => length);
  const head = [...ascii("OggS"), 0, options.flags, ...le(0, 8), ...le(options.serial, 4), ...le(0, 8)];
  return [...head, lacing.length, ...lacing, ...packets.flat()];
}

/** An ID3v2 tag. @param nBytes Of its content. */
export function id3v2(nBytes: number): number[] {
  const size = [nBytes >> 21, nBytes >> 14, nBytes >> 7, nBytes].map((part) => part & 0x7f);
  const art = Array.from({ length: nBytes }, (_, i) => (i % 97 === 0 ? 0xff : (i * 31) & 0xff));
  return [...ascii("ID3"), 3, 0, 0, ...size, ...art];
}

/** An ID3v1 tag. */
export const id3v1 = (): number[] => [...ascii("TAG"), ...ascii("eight".padEnd(125, " "))];

/** An APEv2 tag with a header and a footer. */
export function apev2(): number[] {
  const item = [...le(5, 4), ...be(0, 4), ...ascii("Title\0eight")];
  const frame = (flags: number) => [
    ...ascii("APETAGEX"),
    ...le(2000, 4),
    ...le(item.length + 32, 4),
    ...le(1, 4),
    ...be(flags, 4),
    ...be(0, 8),
  ];
  return [...frame(0xa0), ...item, ...frame(0x80)];
}
