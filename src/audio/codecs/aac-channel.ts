// ISO/IEC 14496-3, 4.4.2.7 and 4.5.2 (individual_channel_stream): what the bits of one channel say.

import { AudioFormatError } from "../../errors.ts";
import { type Bands, bandsOf } from "./aac-bands.ts";
import { PrefixCode, SCALE_FACTOR_CODE, SPECTRUM_CODES } from "./aac-codes.ts";
import type { AacConfig } from "./aac-config.ts";
import { readTns, type TnsFilter } from "./aac-tns.ts";
import type { BitReader } from "./bit-reader.ts";

type Predicting = Pick<AacConfig, "rateIndex" | "mayPredict">;

/** How the windows of a frame follow each other: 0 long, 1 start, 2 eight short ones, 3 stop. */
type WindowSequence = 0 | 1 | 2 | 3;

/** Windows and bands of a frame, of one channel or shared by two. */
export type FrameShape = {
  sequence: WindowSequence;
  /** 0 sine, 1 Kaiser-Bessel. */
  windowShape: number;
  bands: Bands;
  nBands: number;
  /** How many windows share their scale factors, for each group. */
  groups: number[];
};

/** What was read of a channel. Bands are counted group by group, `shape.nBands` to each. */
export type ChannelData = {
  shape: FrameShape;
  codebooks: Uint8Array;
  /** Of a band: a scale factor, a noise energy, or an intensity position. */
  factors: Int16Array;
  /** Quantised, one window after the other: 1024 values. */
  spectrum: Float32Array;
  tns: TnsFilter[][];
};

/** A codebook that stands for noise of a given energy. */
export const NOISE = 13;
/** The right channel is the left one at another level, inverted. */
export const INTENSITY_INVERTED = 14;
/** The right channel is the left one at another level. */
export const INTENSITY = 15;
const ESCAPE = 11;

const scaleFactorCode = new PrefixCode(SCALE_FACTOR_CODE);
const spectrumCodes = SPECTRUM_CODES.map((table) => new PrefixCode(table));

/**
 * Reads windows and bands (ics_info).
 *
 * @param reader At it.
 * @param options.rateIndex Of the track.
 * @param options.mayPredict Whether its profile has prediction.
 * @throws {AudioFormatError} `audio-unsupported`: prediction, in a profile that has it.
 * @throws {Error} Prediction in another, more bands than there are: the packet is damaged.
 */
export function readShape(reader: BitReader, { rateIndex, mayPredict }: Predicting): FrameShape {
  reader.skip(1);
  const sequence = reader.read(2) as WindowSequence;
  const windowShape = reader.read(1);
  const isShort = sequence === 2;
  const bands = bandsOf(rateIndex, isShort);
  const nBands = reader.read(isShort ? 4 : 6);
  const groups = [1];
  if (isShort) {
    for (let i = 0; i < 7; i++) {
      if (reader.read(1) === 1) groups[groups.length - 1]!++;
      else groups.push(1);
    }
  } else if (reader.read(1) === 1) throw predicted(mayPredict);
  if (nBands > bands.count) throw new Error(`${nBands} bands of ${bands.count}`);
  return { sequence, windowShape, bands, nBands, groups };
}

function predicted(mayPredict: boolean): Error {
  const message = "decodeAudio: AAC with prediction (profiles Main and LTP) is not supported; AAC LC is";
  return mayPredict ? new AudioFormatError("audio-unsupported", message) : new Error(message);
}

/**
 * Reads one channel.
 *
 * @param reader At its global gain.
 * @param options.track As for {@link readShape}.
 * @param options.shape Where it is shared with another channel. Default: it follows.
 * @throws {Error} It is damaged.
 */
export function readChannel(
  reader: BitReader,
  { track, shape: shared }: { track: Predicting; shape?: FrameShape | undefined },
): ChannelData {
  const globalGain = reader.read(8);
  const shape = shared ?? readShape(reader, track);
  const codebooks = readSections(reader, shape);
  const factors = readFactors(reader, { codebooks, globalGain });
  const pulses = reader.read(1) === 1 ? readPulses(reader, shape) : [];
  const tns = reader.read(1) === 1 ? readTns(reader, shape.sequence === 2) : [];
  if (reader.read(1) === 1) throw new Error("AAC with gain control is not supported");
  const spectrum = readSpectrum(reader, shape, codebooks);
  for (const { at, size } of pulses) spectrum[at]! += spectrum[at]! > 0 ? size : -size;
  return { shape, codebooks, factors, spectrum, tns };
}

// Runs of bands with one codebook; the highest length says that another one is added to it.
function readSections(reader: BitReader, { sequence, groups, nBands }: FrameShape): Uint8Array {
  const codebooks = new Uint8Array(groups.length * nBands);
  const width = sequence === 2 ? 3 : 5;
  const longest = 2 ** width - 1;
  for (let group = 0; group < groups.length; group++) {
    for (let band = 0; band < nBands; ) {
      const codebook = reader.read(4);
      if (codebook === 12) throw new Error("a reserved codebook");
      let length = 0;
      let part = longest;
      while (part === longest) {
        part = reader.read(width);
        length += part;
      }
      if (band + length > nBands) throw new Error("a section longer than its group");
      codebooks.fill(codebook, group * nBands + band, group * nBands + band + length);
      band += length;
    }
  }
  return codebooks;
}

// Each is a difference to the last one of its kind; the first noise energy is a plain number.
function readFactors(
  reader: BitReader,
  { codebooks, globalGain }: { codebooks: Uint8Array; globalGain: number },
): Int16Array {
  const factors = new Int16Array(codebooks.length);
  const last = { scale: globalGain, noise: globalGain - 90, intensity: 0 };
  let isFirstNoise = true;
  for (const [i, codebook] of codebooks.entries()) {
    if (codebook === 0) continue;
    if (codebook === NOISE && isFirstNoise) {
      isFirstNoise = false;
      last.noise += reader.read(9) - 256;
      factors[i] = last.noise;
      continue;
    }
    const kind = codebook === NOISE ? "noise" : codebook >= INTENSITY_INVERTED ? "intensity" : "scale";
    last[kind] += scaleFactorCode.read(reader) - 60;
    if (kind === "scale" && (last.scale < 0 || last.scale > 255))
      throw new Error("a scale factor out of range");
    factors[i] = last[kind];
  }
  return factors;
}

function readPulses(reader: BitReader, { sequence, bands }: FrameShape): { at: number; size: number }[] {
  if (sequence === 2) throw new Error("pulses in short windows");
  const nPulses = reader.read(2) + 1;
  const band = reader.read(6);
  if (band >= bands.count) throw new Error("pulses beyond the last band");
  let at = bands.offsets[band]!;
  const pulses: { at: number; size: number }[] = [];
  for (let i = 0; i < nPulses; i++) {
    at += reader.read(5);
    if (at > 1023) throw new Error("a pulse beyond the spectrum");
    pulses.push({ at, size: reader.read(4) });
  }
  return pulses;
}

function readSpectrum(
  reader: BitReader,
  { bands, nBands, groups }: FrameShape,
  codebooks: Uint8Array,
): Float32Array {
  const spectrum = new Float32Array(1024);
  let window = 0;
  let i = 0;
  for (const nWindows of groups) {
    for (let band = 0; band < nBands; band++, i++) {
      const codebook = codebooks[i]!;
      if (codebook === 0 || codebook >= NOISE) continue;
      for (let w = 0; w < nWindows; w++) {
        const start = (window + w) * 128 + bands.offsets[band]!;
        const end = (window + w) * 128 + bands.offsets[band + 1]!;
        readBand(reader, spectrum, { start, end, codebook });
      }
    }
    window += nWindows;
  }
  return spectrum;
}

// Codebooks 1 to 4 hold four numbers in a word, the others two. Those of odd pairs (1, 2, 5, 6) have their sign in it.
const LOWEST = [-1, -1, 0, 0, -4, -4, 0, 0, 0, 0, 0];
const BASES = [3, 3, 3, 3, 9, 9, 8, 8, 13, 13, 17];

function readBand(
  reader: BitReader,
  spectrum: Float32Array,
  { start, end, codebook }: { start: number; end: number; codebook: number },
): void {
  const code = spectrumCodes[codebook - 1]!;
  const [lowest, base] = [LOWEST[codebook - 1]!, BASES[codebook - 1]!];
  const step = codebook <= 4 ? 4 : 2;
  for (let at = start; at < end; at += step) {
    let word = code.read(reader);
    for (let i = at + step - 1; i >= at; i--) {
      const rest = Math.floor(word / base);
      spectrum[i] = word - rest * base + lowest;
      word = rest;
    }
    if (lowest === 0) readSigns(reader, spectrum, { at, step, mayEscape: codebook === ESCAPE });
  }
}

function readSigns(
  reader: BitReader,
  spectrum: Float32Array,
  { at, step, mayEscape }: { at: number; step: number; mayEscape: boolean },
): void {
  for (let i = at; i < at + step; i++)
    if (spectrum[i] !== 0 && reader.read(1) === 1) spectrum[i] = -spectrum[i]!;
  if (!mayEscape) return;
  for (let i = at; i < at + step; i++) {
    if (Math.abs(spectrum[i]!) === 16) spectrum[i] = Math.sign(spectrum[i]!) * readEscape(reader);
  }
}

// Ones up to a zero say how many bits follow, beyond four.
function readEscape(reader: BitReader): number {
  let width = 4;
  while (reader.read(1) === 1) width++;
  if (width > 12) throw new Error("a number out of range");
  return 2 ** width + reader.read(width);
}
