// RFC 7845, section 5.1: the head of an Opus stream, in Ogg, Matroska and (rewritten) MP4 alike.

import { damaged, unsupported } from "../format-faults.ts";
import { MAX_CHANNELS } from "./codec.ts";

/** What a decoder has to know of an Opus stream. */
export type OpusHead = {
  nChannels: number;
  /** Samples at 48 kHz before the first that is to be heard. */
  preSkip: number;
  /** Of 1/256 dB. */
  outputGain: number;
  nStreams: number;
  nCoupled: number;
  /** For each channel, which decoded one it is; 255: silence. */
  mapping: number[];
};

/**
 * Reads and checks the head of an Opus stream.
 *
 * @param bytes From `OpusHead` on.
 * @throws {AudioFormatError} `audio-damaged`: too short, or channels that contradict each other; `audio-unsupported`:
 *   another version (0 was never one), or more than 8 channels.
 */
export function readOpusHead(bytes: Uint8Array): OpusHead {
  if (bytes.length < 19) throw damagedHead(`a head of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(8);
  if (version >> 4 !== 0 || version === 0) throw unsupported(`Opus with version ${version}`);
  const nChannels = view.getUint8(9);
  if (nChannels > MAX_CHANNELS) throw unsupported(`Opus with ${nChannels} channels`);
  const common = { nChannels, preSkip: view.getUint16(10, true), outputGain: view.getInt16(16, true) };
  if (view.getUint8(18) === 0) return { ...common, ...defaultMapping(nChannels) };
  if (bytes.length < 21 + nChannels) throw damagedHead("a head without its channel mapping");
  return { ...common, ...checkMapping(bytes.subarray(19, 21 + nChannels)) };
}

type Mapping = Pick<OpusHead, "nStreams" | "nCoupled" | "mapping">;

function defaultMapping(nChannels: number): Mapping {
  if (nChannels !== 1 && nChannels !== 2) throw damagedHead(`${nChannels} channels without a mapping`);
  return { nStreams: 1, nCoupled: nChannels - 1, mapping: nChannels === 1 ? [0] : [0, 1] };
}

function checkMapping([nStreams = 0, nCoupled = 0, ...mapping]: Iterable<number> & Uint8Array): Mapping {
  const nDecoded = nStreams + nCoupled;
  const isRight =
    nStreams > 0 &&
    nCoupled <= nStreams &&
    nDecoded <= MAX_CHANNELS &&
    mapping.length > 0 &&
    mapping.every((index) => index < nDecoded || index === 255);
  if (!isRight)
    throw damagedHead(`channels mapped to [${mapping}] of ${nStreams} streams, ${nCoupled} coupled`);
  return { nStreams, nCoupled, mapping };
}

const damagedHead = (what: string) => damaged(`damaged Opus stream: ${what}`);
