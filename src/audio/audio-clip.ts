// Sound in memory, and how it comes to be of decoded blocks: mixed to one channel, cut, at the rate that is wanted, within limits.

import { AudioFormatError } from "../errors.ts";
import type { DecodedBlock } from "./codecs/codec.ts";
import { energyOf } from "./level.ts";
import { createResampler, MAX_SAMPLE_RATE, type Resampler } from "./resample.ts";

/** One channel of sound in memory. */
export type AudioClip = {
  /** Mono, nominally -1..1, finite. */
  samples: Float32Array;
  /** Hz, a whole number, 1..768000. */
  sampleRate: number;
  /** What was odd about the file and was read all the same, in English, for people. Default: nothing was. */
  note?: string;
};

// Beyond this a sample is no sound in any scale, and its square, summed over a clip, would leave float32.
const MAX_MAGNITUDE = 1e9;

/**
 * Checks a sample rate read from a file.
 *
 * @param sampleRate Hz, as read.
 * @throws {AudioFormatError} `audio-damaged`: not in 1..768000 Hz.
 */
export function checkSampleRate(sampleRate: number): void {
  if (Number.isInteger(sampleRate) && sampleRate >= 1 && sampleRate <= MAX_SAMPLE_RATE) return;
  throw new AudioFormatError(
    "audio-damaged",
    `decodeAudio: the header gives a sample rate of ${sampleRate} Hz, expected 1..${MAX_SAMPLE_RATE}`,
  );
}

/**
 * Checks decoded samples: the last gate before a clip is handed out.
 *
 * @param samples Mono.
 * @throws {AudioFormatError} `audio-no-samples`: none; further as {@link checkMagnitudes}.
 */
export function checkSamples(samples: Float32Array): void {
  if (samples.length === 0) {
    throw new AudioFormatError("audio-no-samples", "decodeAudio: the audio holds no samples");
  }
  checkMagnitudes("decodeAudio", samples);
}

/**
 * Checks that samples are sound in some scale.
 *
 * @param caller Named in the message.
 * @param samples Any number.
 * @throws {AudioFormatError} `audio-non-finite`: NaN or infinite; `audio-damaged`: so far outside -1..1 (beyond 1e9) that
 *   it is no sound.
 */
export function checkMagnitudes(caller: string, samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    if (!(Math.abs(samples[i]!) <= MAX_MAGNITUDE)) throw badSample(caller, samples[i]!, i);
  }
}

function badSample(caller: string, value: number, index: number): AudioFormatError {
  if (!Number.isFinite(value)) {
    return new AudioFormatError("audio-non-finite", `${caller}: sample ${index} is ${value}`);
  }
  return new AudioFormatError(
    "audio-damaged",
    `${caller}: sample ${index} is ${value.toExponential(1)}, expected about -1..1`,
  );
}

/** What a decoded file may at most be, and the rate it is wanted at. */
export type ClipLimits = {
  /** Milliseconds. */
  maxDurationMs: number;
  /** Samples times channels. */
  maxSamples: number;
  /** Of the clip, in Hz. Default: the file's own rate. */
  targetRate?: number | undefined;
};

/** Ten minutes of stereo at 48 kHz. */
export const DEFAULT_MAX_SAMPLES = 600 * 48_000 * 2;

// Channels that have nothing in common add up to their mean power over their number; where less than this share of
// that (12 dB) is left, they cancel each other.
const CANCELLED_SHARE = 0.06;

/** Which part of a track is heard. */
type TrackPart = {
  /** Seconds left out at the start. Default: 0. */
  skipSeconds?: number | undefined;
  /** Samples left out at the start at least. Default: 0. */
  leastSkipped?: number | undefined;
  /** Seconds kept after that. Default: all. */
  durationSeconds?: number | undefined;
};

/** Mixes decoded blocks to one channel, cuts off what is not to be heard, and holds the limits while it does. */
export class ClipMixer {
  readonly #options: ClipLimits & { channel?: number | undefined };
  #clip: ClipBuilder | undefined;
  #part: TrackPart | undefined = {};
  #restSeconds: number | undefined;
  #toSkip = 0;
  #toKeep = Number.POSITIVE_INFINITY;
  #nFrames = 0;
  #mixPower = 0;
  readonly #channelPowers: number[] = [];

  /** @param options Limits and rate. @param options.channel The one to take, from 0. Default: the mean of all. */
  constructor(options: ClipLimits & { channel?: number | undefined }) {
    this.#options = options;
  }

  /** A track begins, behind those before. @param part See {@link TrackPart}. */
  begin(part: TrackPart): void {
    this.#part = part;
  }

  /** Samples of each channel that made it into the clip. */
  get nFrames(): number {
    return this.#nFrames;
  }

  /** The channel to take instead where the mean of all has cancelled them, undefined where it has not. */
  get cancelledBy(): number | undefined {
    const powers = this.#channelPowers;
    const expected = powers.reduce((sum, power) => sum + power, 0) / powers.length ** 2;
    if (powers.length < 2 || !(this.#mixPower < CANCELLED_SHARE * expected)) return undefined;
    return powers.indexOf(Math.max(...powers));
  }

  /** The track ends within the blocks to come. @param restSeconds Kept of them; undefined changes nothing. */
  endIn(restSeconds: number | undefined): void {
    this.#restSeconds = restSeconds ?? this.#restSeconds;
  }

  /**
   * Takes in the next block.
   *
   * @param block Its first channel says how long it is.
   * @throws {AudioFormatError} `audio-too-long`; `audio-damaged`: the sample rate is out of range.
   */
  add({ channels, sampleRate }: DecodedBlock): void {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    if (this.#part) this.#begin(sampleRate, this.#part);
    if (this.#restSeconds !== undefined) this.#toKeep = Math.round(this.#restSeconds * sampleRate);
    this.#restSeconds = undefined;
    const start = Math.min(this.#toSkip, length);
    const end = Math.min(length, start + this.#toKeep);
    this.#toSkip -= start;
    this.#toKeep -= end - start;
    this.#nFrames += end - start;
    checkSampleRate(sampleRate);
    checkLimits({ nFrames: this.#nFrames, nChannels: channels.length, sampleRate }, this.#options);
    if (end > start) this.#clip!.add(this.#mix(channels, start, end), sampleRate);
  }

  /** The clip, null where nothing came in. To be called once. */
  build(): AudioClip | null {
    return this.#nFrames > 0 ? this.#clip!.build() : null;
  }

  #begin(sampleRate: number, part: TrackPart): void {
    checkSampleRate(sampleRate);
    const { skipSeconds = 0, leastSkipped = 0, durationSeconds = Number.POSITIVE_INFINITY } = part;
    this.#part = undefined;
    this.#clip ??= new ClipBuilder(sampleRate, this.#options.targetRate);
    this.#toSkip = Math.max(leastSkipped, Math.round(skipSeconds * sampleRate));
    this.#toKeep = Math.round(durationSeconds * sampleRate);
  }

  #mix(channels: readonly Float32Array[], start: number, end: number): Float32Array {
    const { channel } = this.#options;
    if (channel !== undefined) return (channels[channel] ?? channels[0]!).slice(start, end);
    if (channels.length === 1) return channels[0]!.slice(start, end);
    const sum = new Float64Array(end - start);
    for (const [i, samples] of channels.entries()) {
      this.#channelPowers[i] = (this.#channelPowers[i] ?? 0) + addInPlace(sum, samples, start);
    }
    const mono = new Float32Array(sum.length);
    for (let i = 0; i < mono.length; i++) mono[i] = sum[i]! / channels.length;
    this.#mixPower += energyOf(mono);
    return mono;
  }
}

/** Gathers a clip from its pieces. The rate of the pieces may change; that of the clip stays. */
class ClipBuilder {
  readonly #targetRate: number;
  #sourceRate: number;
  #resampler: Resampler | undefined;
  #pieces: Float32Array[] = [];

  /** @param sourceRate Of the first pieces, in Hz. @param targetRate Of the clip. @throws {InvalidArgumentError} */
  constructor(sourceRate: number, targetRate: number = sourceRate) {
    this.#targetRate = targetRate;
    this.#sourceRate = sourceRate;
    this.#resampler = this.#makeResampler();
  }

  /** @param samples The next piece; kept as they are where the rate is the clip's. @param sourceRate Hz. */
  add(samples: Float32Array, sourceRate: number): void {
    if (sourceRate !== this.#sourceRate) {
      this.#flush();
      this.#sourceRate = sourceRate;
      this.#resampler = this.#makeResampler();
    }
    this.#pieces.push(this.#resampler ? this.#resampler.push(samples) : samples);
  }

  build(): AudioClip {
    this.#flush();
    const pieces = this.#pieces;
    this.#pieces = [];
    return { samples: join(pieces), sampleRate: this.#targetRate };
  }

  #makeResampler(): Resampler | undefined {
    const [sourceRate, targetRate] = [this.#sourceRate, this.#targetRate];
    return sourceRate === targetRate ? undefined : createResampler({ sourceRate, targetRate });
  }

  #flush(): void {
    if (this.#resampler) this.#pieces.push(this.#resampler.flush());
    this.#resampler = undefined;
  }
}

// Each piece is let go once it is copied, so that a long clip is not in memory twice.
function join(pieces: Float32Array[]): Float32Array {
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let start = whole.length;
  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    start -= piece.length;
    whole.set(piece, start);
  }
  return whole;
}

/**
 * Checks what has been decoded so far, or will be at least, against the limits.
 *
 * @param size.nFrames Samples of each channel.
 * @param size.nChannels How many channels.
 * @param size.sampleRate Hz, > 0.
 * @param limits.maxDurationMs Milliseconds.
 * @param limits.maxSamples Samples times channels.
 * @throws {AudioFormatError} `audio-too-long`.
 */
export function checkLimits(
  { nFrames, nChannels, sampleRate }: { nFrames: number; nChannels: number; sampleRate: number },
  { maxDurationMs, maxSamples }: ClipLimits,
): void {
  const durationMs = (nFrames / sampleRate) * 1000;
  if (durationMs > maxDurationMs) {
    throw new AudioFormatError(
      "audio-too-long",
      `decodeAudio: the audio is ${(durationMs / 1000).toFixed(1)} s or longer, the limit is ` +
        `${maxDurationMs / 1000} s (option maxDurationMs)`,
    );
  }
  if (nFrames * nChannels > maxSamples) {
    throw new AudioFormatError(
      "audio-too-long",
      `decodeAudio: the audio has ${nFrames * nChannels} samples on ${nChannels} channels or more, the limit is ` +
        `${maxSamples} (option maxSamples)`,
    );
  }
}

/** @returns The energy of what is added. */
function addInPlace(sum: Float64Array, samples: Float32Array, start: number): number {
  let energy = 0;
  for (let i = 0; i < sum.length; i++) {
    const sample = samples[start + i]!;
    sum[i]! += sample;
    energy += sample * sample;
  }
  return energy;
}
