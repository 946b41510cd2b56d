// Apple Lossless: after Apple's reference decoder (github.com/macosforge/alac, Apache-2.0): ALACDecoder.cpp and
// matrix_dec.c.

import { checkSampleRate } from "../audio-clip.ts";
import { damaged, unsupported } from "../format-faults.ts";
import { type AlacConfig, type ChannelCoding, decodeChannel, readCoding } from "./alac-channel.ts";
import { BitReader, skipData, skipFilling } from "./bit-reader.ts";
import { MAX_CHANNELS, type PacketDecoder, scaled } from "./codec.ts";

// Apple's encoder writes packets of 4096 samples.
const MAX_FRAME_LENGTH = 16_384;

/**
 * A decoder of ALAC packets: 16 to 32 bits.
 *
 * @param cookie An ALACSpecificConfig.
 * @throws {AudioFormatError} `audio-damaged`: a field of it is out of range; `audio-unsupported`: more than 8 channels.
 */
export function openAlacDecoder(cookie: Uint8Array): PacketDecoder {
  const { sampleRate, ...config } = readCookie(cookie);
  return {
    decode: (packet) => [{ sampleRate, channels: decodePacket(new BitReader(packet), config) }],
    release: () => undefined,
  };
}

function readCookie(cookie: Uint8Array): AlacConfig & { sampleRate: number } {
  if (cookie.length < 24) throw damagedHeader(`a cookie of ${cookie.length} bytes`);
  const view = new DataView(cookie.buffer, cookie.byteOffset, cookie.byteLength);
  const [frameLength, bitDepth, nChannels] = [view.getUint32(0), view.getUint8(5), view.getUint8(9)];
  const sampleRate = view.getUint32(20);
  checkSampleRate(sampleRate);
  if (frameLength < 1 || frameLength > MAX_FRAME_LENGTH)
    throw damagedHeader(`packets of ${frameLength} samples`);
  if (![16, 20, 24, 32].includes(bitDepth)) throw damagedHeader(`samples of ${bitDepth} bits`);
  if (nChannels < 1) throw damagedHeader("no channels");
  if (nChannels > MAX_CHANNELS) throw unsupported(`ALAC with ${nChannels} channels`);
  const rice = { history: view.getUint8(7), multiplier: view.getUint8(6), limit: view.getUint8(8) };
  if (rice.limit > 31) throw damagedHeader(`codes of ${rice.limit} bits`);
  return { frameLength, bitDepth, nChannels, rice, sampleRate };
}

const damagedHeader = (what: string) => damaged(`damaged ALAC header: ${what}`);

// Elements of a packet: 0 one channel, 1 a pair, 3 a low-frequency channel, 4 data, 6 filling, 7 the end.
function decodePacket(reader: BitReader, config: AlacConfig): Float32Array[] {
  const channels: Float32Array[] = [];
  while (channels.length < config.nChannels && reader.remaining >= 3) {
    const element = reader.read(3);
    if (element === 7) break;
    if (element === 4) skipData(reader);
    else if (element === 6) skipFilling(reader);
    else if (element === 0 || element === 1 || element === 3) {
      channels.push(...decodeElement(reader, config, element === 1 ? 2 : 1));
    } else throw new Error(`an element of type ${element}`);
  }
  if (channels.length === 0) throw new Error("a packet without channels");
  return channels.slice(0, config.nChannels);
}

type Shape = { nSamples: number; nChannels: number; bitDepth: number; nShifted: number };

function decodeElement(reader: BitReader, config: AlacConfig, nChannels: number): Float32Array[] {
  reader.skip(4);
  if (reader.read(12) !== 0) throw new Error("an element whose reserved bits are set");
  const [isPartial, shiftedBytes, isPlain] = [reader.read(1), reader.read(2), reader.read(1)];
  const nSamples = isPartial ? reader.read(32) : config.frameLength;
  if (nSamples > config.frameLength || shiftedBytes === 3) throw new Error(`a packet of ${nSamples} samples`);
  const shape = { nSamples, nChannels, bitDepth: config.bitDepth, nShifted: shiftedBytes * 8 };
  const samples = isPlain ? readPlain(reader, shape) : readCoded(reader, config, shape);
  const scale = 2 ** (1 - config.bitDepth);
  return samples.map((channel) => scaled(channel, scale));
}

function readPlain(reader: BitReader, { nSamples, nChannels, bitDepth }: Shape): Int32Array[] {
  if (reader.remaining < nSamples * nChannels * bitDepth) throw new Error("a packet longer than its bytes");
  const channels = Array.from({ length: nChannels }, () => new Int32Array(nSamples));
  for (let i = 0; i < nSamples; i++) for (const channel of channels) channel[i] = reader.readSigned(bitDepth);
  return channels;
}

function readCoded(reader: BitReader, config: AlacConfig, shape: Shape): Int32Array[] {
  const { nSamples, nChannels, bitDepth, nShifted } = shape;
  const [mixBits, mixWeight] = [reader.read(8), reader.readSigned(8)];
  const codings: ChannelCoding[] = [];
  for (let i = 0; i < nChannels; i++) codings.push(readCoding(reader));
  // The lowest bits of wide samples lie before the rest.
  const low = nShifted > 0 ? readLowBits(reader, shape) : undefined;
  const width = bitDepth - nShifted + nChannels - 1;
  const channels = codings.map((coding) =>
    decodeChannel(reader, { coding, nSamples, width, rice: config.rice }),
  );
  if (nChannels === 2 && mixWeight !== 0) unmix(channels, mixBits, mixWeight);
  if (low)
    for (const [c, channel] of channels.entries())
      addLowBits(channel, { low, nShifted, from: c, step: nChannels });
  return channels;
}

function readLowBits(reader: BitReader, { nSamples, nChannels, nShifted }: Shape): Uint16Array {
  if (reader.remaining < nSamples * nChannels * nShifted) throw new Error("a packet longer than its bytes");
  const low = new Uint16Array(nSamples * nChannels);
  for (let i = 0; i < low.length; i++) low[i] = reader.read(nShifted);
  return low;
}

function unmix([first, second]: Int32Array[], mixBits: number, mixWeight: number): void {
  if (!first || !second) return;
  for (let i = 0; i < first.length; i++) {
    const left = first[i]! + second[i]! - ((mixWeight * second[i]!) >> mixBits);
    second[i] = left - second[i]!;
    first[i] = left;
  }
}

type LowBits = { low: Uint16Array; nShifted: number; from: number; step: number };

function addLowBits(channel: Int32Array, { low, nShifted, from, step }: LowBits): void {
  for (let i = 0; i < channel.length; i++) channel[i] = (channel[i]! << nShifted) | low[from + i * step]!;
}
