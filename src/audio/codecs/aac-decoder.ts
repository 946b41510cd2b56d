// ISO/IEC 14496-3, 4.4.2.1 (raw_data_block): AAC LC. Of HE-AAC the core is decoded, at half the rate it plays at; its
// sound ends at a quarter of that rate, above what speech needs.

import { type ChannelData, readChannel, readShape } from "./aac-channel.ts";
import { type AacConfig, readAacConfig, readProgramChannels } from "./aac-config.ts";
import { AacFilterBank } from "./aac-filter-bank.ts";
import { scaleInPlace, unjoinInPlace } from "./aac-spectrum.ts";
import { applyTnsInPlace } from "./aac-tns.ts";
import { BitReader, skipData, skipFilling } from "./bit-reader.ts";
import type { PacketDecoder } from "./codec.ts";

// Every encoder delays by at least a frame, the half of a window, and not every container says so.
const PRIMING = 1024;

/**
 * A decoder of AAC packets (raw data blocks, without ADTS headers).
 *
 * @param config An AudioSpecificConfig.
 * @throws {AudioFormatError} As {@link readAacConfig}.
 */
export function openAacDecoder(config: Uint8Array): PacketDecoder {
  const settings = readAacConfig(config);
  const state: State = {
    ...settings,
    filterBanks: Array.from({ length: settings.nChannels }, () => new AacFilterBank()),
    nextRandom: createNoise(),
  };
  return {
    leastSkipped: PRIMING,
    decode: (packet) => [
      { channels: decodeBlock(new BitReader(packet), state), sampleRate: settings.sampleRate },
    ],
    release: () => undefined,
  };
}

type State = AacConfig & { filterBanks: AacFilterBank[]; nextRandom: () => number };

// A linear congruential generator (Numerical Recipes), the same for each file.
function createNoise(): () => number {
  let state = 0x1f2e3d4c;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
}

const END = 7;

function decodeBlock(reader: BitReader, state: State): Float32Array[] {
  const channels: Float32Array[] = [];
  for (let element = reader.read(3); element !== END; element = reader.read(3)) {
    for (const data of readElement(reader, element, state)) {
      const filterBank = state.filterBanks[channels.length];
      if (!filterBank) throw new Error("more channels than the header says");
      applyTnsInPlace(data.spectrum, data.shape, data.tns);
      channels.push(filterBank.synthesise(data.spectrum, data.shape));
    }
  }
  if (channels.length === 0) throw new Error("a packet without channels");
  return channels;
}

function readElement(reader: BitReader, element: number, state: State): ChannelData[] {
  switch (element) {
    case 0: // one channel
    case 3: // low frequencies
      return [readSingle(reader, state)];
    case 1:
      return readPair(reader, state);
    case 4:
      skipData(reader);
      return [];
    case 5:
      readProgramChannels(reader);
      reader.align();
      reader.skip(reader.read(8) * 8);
      return [];
    case 6: // spectral band replication is in here
      skipFilling(reader);
      return [];
    default:
      throw new Error("AAC with coupled channels is not supported");
  }
}

function readSingle(reader: BitReader, state: State): ChannelData {
  reader.skip(4);
  const channel = readChannel(reader, { track: state });
  scaleInPlace(channel, state.nextRandom);
  return channel;
}

function readPair(reader: BitReader, state: State): ChannelData[] {
  reader.skip(4);
  const shape = reader.read(1) === 1 ? readShape(reader, state) : undefined;
  const isMid = shape ? readMidBands(reader, shape.groups.length * shape.nBands) : [];
  const left = readChannel(reader, { track: state, shape });
  const right = readChannel(reader, { track: state, shape });
  scaleInPlace(left, state.nextRandom);
  scaleInPlace(right, state.nextRandom);
  if (shape) unjoinInPlace(left, right, isMid);
  return [left, right];
}

// 0: none, 1: a bit for each band, 2: all.
function readMidBands(reader: BitReader, nBands: number): boolean[] {
  const kind = reader.read(2);
  if (kind === 3) throw new Error("a reserved way of joining channels");
  return Array.from({ length: nBands }, () => (kind === 1 ? reader.read(1) === 1 : kind === 2));
}
