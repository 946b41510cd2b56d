// ISO/IEC 14496-3, 1.6.2.1 (AudioSpecificConfig) and 4.4.1 (GASpecificConfig, program_config_element).

import { damaged, unsupported } from "../format-faults.ts";
import { BitReader, BitsExhausted } from "./bit-reader.ts";
import { MAX_CHANNELS } from "./codec.ts";

/** What a decoder has to know of an AAC track. */
export type AacConfig = {
  /** Of the core: a file with spectral band replication plays at twice that. */
  sampleRate: number;
  /** Place of the rate in the tables, 0..12. */
  rateIndex: number;
  nChannels: number;
  /** Of the profiles Main and LTP, whose packets may build on those before; such packets are not decoded here. */
  mayPredict: boolean;
};

const RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350,
];
// A rate in between takes the tables of the nearest (table 4.82).
const LOWEST_RATES = [
  92_017, 75_132, 55_426, 46_009, 37_566, 27_713, 23_004, 18_783, 13_856, 11_502, 9391, 0,
];
const NAMES: Record<number, string> = { 3: "SSR", 23: "LD", 39: "ELD", 42: "USAC (xHE-AAC)" };
const CHANNELS = [0, 1, 2, 3, 4, 5, 6, 8];

/**
 * Reads the configuration of an AAC track.
 *
 * @param bytes An AudioSpecificConfig.
 * @throws {AudioFormatError} `audio-unsupported`: an object type other than Main, LC, LTP and HE, frames of 960
 *   samples, more than 8 channels; `audio-damaged`.
 */
export function readAacConfig(bytes: Uint8Array): AacConfig {
  try {
    return readConfig(new BitReader(bytes));
  } catch (error) {
    if (!(error instanceof BitsExhausted)) throw error;
    throw damaged("damaged AAC header: it is cut short");
  }
}

function readConfig(reader: BitReader): AacConfig {
  let objectType = readObjectType(reader);
  const rate = readRate(reader);
  const layout = reader.read(4);
  // 5: spectral band replication, 29: with parametric stereo as well. The core is read, its rate came first.
  if (objectType === 5 || objectType === 29) {
    readRate(reader);
    objectType = readObjectType(reader);
  }
  if (objectType !== 1 && objectType !== 2 && objectType !== 4) {
    throw unsupported(`AAC ${NAMES[objectType] ?? `of object type ${objectType}`}`);
  }
  if (reader.read(1) === 1) throw unsupported("AAC with frames of 960 samples");
  if (reader.read(1) === 1) reader.skip(14);
  reader.skip(1);
  const nChannels = layout === 0 ? readProgramChannels(reader) : CHANNELS[layout];
  if (!nChannels || nChannels > MAX_CHANNELS) throw unsupported(`AAC with channel layout ${layout}`);
  return { ...rate, nChannels, mayPredict: objectType !== 2 };
}

function readObjectType(reader: BitReader): number {
  const type = reader.read(5);
  return type === 31 ? 32 + reader.read(6) : type;
}

function readRate(reader: BitReader): { sampleRate: number; rateIndex: number } {
  const index = reader.read(4);
  if (index < RATES.length) return { sampleRate: RATES[index]!, rateIndex: index };
  if (index < 15) throw unsupported(`AAC with sample rate ${index}`);
  const sampleRate = reader.read(24);
  return { sampleRate, rateIndex: LOWEST_RATES.findIndex((lowest) => sampleRate >= lowest) };
}

/**
 * Reads a program_config_element up to its comment.
 *
 * @param reader Behind its instance tag, which is read too.
 * @returns The number of channels.
 */
export function readProgramChannels(reader: BitReader): number {
  reader.skip(4 + 2 + 4);
  const [nFront, nSide, nBack, nLow] = [reader.read(4), reader.read(4), reader.read(4), reader.read(2)];
  const [nData, nCoupling] = [reader.read(3), reader.read(4)];
  for (const width of [4, 4, 3]) if (reader.read(1) === 1) reader.skip(width);
  let nChannels = nLow;
  for (let i = 0; i < nFront + nSide + nBack; i++) {
    nChannels += 1 + reader.read(1);
    reader.skip(4);
  }
  reader.skip(4 * nLow + 4 * nData + 5 * nCoupling);
  return nChannels;
}
