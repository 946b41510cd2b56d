import { type AudioClip, checkSampleRate } from "./audio-clip.ts";
import { ClipBuilder } from "./clip-builder.ts";
import { type ClipLimits, checkLimits } from "./clip-limits.ts";
import type { DecodedBlock } from "./codecs/codec.ts";

// Channels that have nothing in common add up to their mean power over their number; where less than this share of
// that (12 dB) is left, they cancel each other.
const CANCELLED_SHARE = 0.06;

/** Which part of a track makes the clip. */
export type MixOptions = ClipLimits & {
  /** Seconds left out at the start. Default: 0. */
  skipSeconds?: number | undefined;
  /** Samples left out at the start at least. Default: 0. */
  leastSkipped?: number | undefined;
  /** Seconds kept after that. Default: all. */
  durationSeconds?: number | undefined;
  /** The one channel to take, from 0. Default: the mean of all. */
  channel?: number | undefined;
};

/** Mixes decoded blocks to one channel, cuts off what is not to be heard, and holds the limits while it does. */
export class ClipMixer {
  readonly #options: MixOptions;
  #clip: ClipBuilder | undefined;
  #toSkip = 0;
  #toKeep = Number.POSITIVE_INFINITY;
  #nFrames = 0;
  #mixPower = 0;
  readonly #channelPowers: number[] = [];

  /** @param options Limits, rate and part. */
  constructor(options: MixOptions) {
    this.#options = options;
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

  /**
   * Takes in the next block.
   *
   * @param block Its first channel says how long it is.
   * @throws {AudioFormatError} `audio-too-long`; `audio-damaged`: the sample rate is out of range.
   */
  add({ channels, sampleRate }: DecodedBlock): void {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    if (!this.#clip) this.#begin(sampleRate);
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

  #begin(sampleRate: number): void {
    checkSampleRate(sampleRate);
    const {
      targetRate,
      skipSeconds = 0,
      leastSkipped = 0,
      durationSeconds = Number.POSITIVE_INFINITY,
    } = this.#options;
    this.#clip = new ClipBuilder(sampleRate, targetRate);
    this.#toSkip = Math.max(leastSkipped, Math.round(skipSeconds * sampleRate));
    this.#toKeep = Math.round(durationSeconds * sampleRate);
  }

  #mix(channels: readonly Float32Array[], start: number, end: number): Float32Array {
    const { channel } = this.#options;
    if (channel !== undefined) return (channels[channel] ?? channels[0]!).slice(start, end);
    if (channels.length === 1) return channels[0]!.slice(start, end);
    const mono = mean(channels, start, end);
    this.#mixPower += power(mono, 0, mono.length);
    for (const [i, samples] of channels.entries()) {
      this.#channelPowers[i] = (this.#channelPowers[i] ?? 0) + power(samples, start, end);
    }
    return mono;
  }
}

function mean(channels: readonly Float32Array[], start: number, end: number): Float32Array {
  const sum = new Float64Array(end - start);
  for (const channel of channels) addInPlace(sum, channel, start);
  const mono = new Float32Array(sum.length);
  for (let i = 0; i < mono.length; i++) mono[i] = sum[i]! / channels.length;
  return mono;
}

function addInPlace(sum: Float64Array, samples: Float32Array, start: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += samples[start + i]!;
}

function power(samples: Float32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += samples[i]! * samples[i]!;
  return sum;
}
