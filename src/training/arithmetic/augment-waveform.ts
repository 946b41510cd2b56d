// From a clip to a training example, in the waveform: its speed, its place in the window, the channel, noise, damage.

import { activePower, meanPower, peakOf } from "../../audio/level.ts";
import { BLOCK_LENGTH, loudestWindow, loudestWindowStart } from "../../audio/loudest-window.ts";
import { muLawInPlace } from "../../audio/mu-law.ts";
import { createSpeedChanger } from "../../audio/speed-change.ts";
import { WINDOW_SAMPLES } from "../../model/log-mel.ts";
import { drawLogUniform, type Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { createChannelFilter, drawEqualiserInto, EQUALISER_POINTS } from "./channel-filter.ts";
import type { NoisePool } from "./noise-pool.ts";
import type { RoomResponse } from "./room-responses.ts";

/** Turns clips into training examples. Its buffers are its own and reused. */
export type WaveformAugmenter = {
  /**
   * Draws one example: the word at some speed, somewhere in the window, through some channel and room, with noise, damaged.
   *
   * @param word A clip of any length but 0, mono, 8 kHz, finite.
   * @param options.random Decides everything; the same stream gives the same bits.
   * @param options.out Filled, [8192]: finite, within -1..1.
   */
  augmentInto(word: Float32Array, options: { random: Random; out: Float32Array }): void;
};

/** Where the recording lies that the word was cut from: outside of it there is digital silence. */
type Placed = { start: number; length: number; centred: boolean };

// Such a recording goes on for up to a quarter of a second before and after the word.
const LONGEST_MARGIN = 2000;

/**
 * Prepares augmentation of waveforms.
 *
 * @param options.settings Checked by `checkAugmentationSettings`.
 * @param options.noise From `createNoisePool`.
 * @param options.rooms From `createRooms`, at least one.
 */
export function createWaveformAugmenter(options: {
  settings: AugmentationSettings;
  noise: NoisePool;
  rooms: readonly RoomResponse[];
}): WaveformAugmenter {
  const { settings, noise, rooms } = options;
  const speedChanger = createSpeedChanger();
  const channel = createWordChannel({ settings, rooms });
  const sped = new Float32Array(WINDOW_SAMPLES);
  const noiseWindow = new Float32Array(WINDOW_SAMPLES);

  function placeWord(word: Float32Array, random: Random, out: Float32Array): Placed {
    const factor = drawLogUniform(settings.speed, random);
    const centred = random.chance(settings.centredShare);
    const stretch = chooseStretch(word, { factor, centred, settings, random });
    const length = speedChanger.changeInto(stretch, factor, sped);
    const start = drawStart(length, { centred, settings, random });
    channel.passInto(sped.subarray(0, length), { start, random, out });
    return { start, length, centred };
  }

  return {
    augmentInto(word, { random, out }) {
      const placed = placeWord(word, random, out);
      if (random.chance(settings.noiseProbability)) {
        noise.drawInto(noiseWindow, random);
        addAtSnrInPlace(out, noiseWindow, random.uniform(...settings.snrDb));
        if (random.chance(settings.noiseSpanShare)) silenceAroundInPlace(placed, random, out);
      }
      damageInPlace(out, { settings, random });
    },
  };
}

/**
 * Adds noise at a given ratio of the power of the active part of the signal to the mean power of the noise.
 *
 * @param samples Changed. To silence nothing is added.
 * @param noise As long as `samples`; silence adds nothing.
 * @param snrDb The ratio in dB.
 */
export function addAtSnrInPlace(samples: Float32Array, noise: Float32Array, snrDb: number): void {
  const noisePower = meanPower(noise);
  if (noisePower === 0) return;
  const gain = Math.sqrt(activePower(samples) / noisePower / 10 ** (snrDb / 10));
  for (let i = 0; i < samples.length; i++) samples[i]! += gain * noise[i]!;
}

/** A recording that ends soon after the word, padded with zeros; the edges are as hard as serving makes them. */
function silenceAroundInPlace({ start, length, centred }: Placed, random: Random, out: Float32Array): void {
  const before = random.integer(0, LONGEST_MARGIN);
  const after = centred ? before : random.integer(0, LONGEST_MARGIN);
  out.fill(0, 0, Math.max(0, start - before));
  out.fill(0, Math.max(0, start + length + after));
}

/** What lies between a speaker and the samples: a room, a microphone, a line. Its buffers are its own and reused. */
export type WordChannel = {
  /**
   * Draws an equaliser and a room, each by its probability, and writes the word into the window through them.
   *
   * @param word At most a window, not empty.
   * @param options.start Sample of the window at which the word begins; negative when its beginning is cut off.
   * @param options.out The window, filled completely.
   */
  passInto(word: Float32Array, options: { start: number; random: Random; out: Float32Array }): void;
};

/**
 * Prepares the channel.
 *
 * @param options.settings Probabilities and ranges.
 * @param options.rooms From `createRooms`, at least one.
 */
export function createWordChannel(options: {
  settings: AugmentationSettings;
  rooms: readonly RoomResponse[];
}): WordChannel {
  const { settings, rooms } = options;
  const filter = createChannelFilter();
  const gains = new Float32Array(EQUALISER_POINTS);
  return {
    passInto(word, { start, random, out }) {
      const equalised = random.chance(settings.equaliserProbability);
      const room = random.chance(settings.reverbProbability)
        ? rooms[random.integer(0, rooms.length)]
        : undefined;
      out.fill(0);
      if (!equalised && !room) {
        out.set(word.subarray(Math.max(0, -start), WINDOW_SAMPLES - start), Math.max(0, start));
        return;
      }
      if (equalised) drawEqualiserInto(gains, { settings, random });
      const wet = room && 10 ** (-random.uniform(...settings.directToReverbDb) / 20);
      filter.addFiltered(word, { gains: equalised ? gains : undefined, room, wet, start }, out);
    },
  };
}

/**
 * The part of a clip that is worth a window: all of a short one; of a longer one the loudest stretch, or one near it.
 *
 * @param word Mono.
 * @param options.factor Speed that will be applied: more of the clip fits into a window the higher it is.
 * @param options.centred Whether it must be the loudest stretch itself, as in serving.
 * @returns A view on the clip, or a copy filled up with zeros, of at most 128 samples more than a window holds at that speed.
 */
export function chooseStretch(
  word: Float32Array,
  options: { factor: number; centred: boolean; settings: AugmentationSettings; random: Random },
): Float32Array {
  const { factor, centred, settings, random } = options;
  const length = BLOCK_LENGTH * Math.ceil((WINDOW_SAMPLES * factor) / BLOCK_LENGTH);
  if (word.length <= length) return word;
  if (centred) return loudestWindow(word, { length });
  const jitter = Math.round(settings.jitterShare * length * random.uniform(-1, 1));
  const start = loudestWindowStart(word, { length }) + jitter;
  const first = Math.min(Math.max(start, 0), word.length - length);
  return word.subarray(first, first + length);
}

/**
 * Where a word begins in the window.
 *
 * @param length Samples of the word, at most a window.
 * @param options.centred Whether it must be in the middle, as in serving.
 * @returns Sample of the window at which the word begins; negative when its beginning is cut off.
 */
export function drawStart(
  length: number,
  options: { centred: boolean; settings: AugmentationSettings; random: Random },
): number {
  const free = WINDOW_SAMPLES - length;
  if (options.centred || free === 0) return Math.floor(free / 2);
  const cut = Math.floor(options.settings.cutShare * length);
  return options.random.integer(-cut, free + cut + 1);
}

/**
 * What amplifiers, converters and telephone lines do: soft clipping, a level, coarse quantisation; each by its
 * probability.
 *
 * @param samples Changed. Silence stays silence.
 * @param options.settings Probabilities and ranges.
 * @param options.random Decides, by the same number of draws whatever comes of them.
 */
export function damageInPlace(
  samples: Float32Array,
  options: { settings: AugmentationSettings; random: Random },
): void {
  const { settings, random } = options;
  const peak = peakOf(samples);
  const clipped = random.chance(settings.clippingProbability);
  const drive = 10 ** (random.uniform(...settings.clippingDriveDb) / 20);
  const level = 10 ** (random.uniform(...settings.peakDb) / 20);
  const muLaw = random.chance(settings.muLawProbability);
  if (peak === 0) return;
  if (clipped) softClipInPlace(samples, drive / peak);
  scaleInPlace(samples, level / (clipped ? drive / Math.sqrt(1 + drive * drive) : peak));
  if (muLaw) muLawInPlace(samples);
}

/**
 * Soft clipping: x / sqrt(1 + x^2), which is x for small x and approaches 1.
 *
 * @param samples Changed, to values within -1..1.
 * @param gain Factor before clipping, > 0.
 */
export function softClipInPlace(samples: Float32Array, gain: number): void {
  for (let i = 0; i < samples.length; i++) {
    const x = samples[i]! * gain;
    samples[i] = x / Math.sqrt(1 + x * x);
  }
}

function scaleInPlace(samples: Float32Array, factor: number): void {
  for (let i = 0; i < samples.length; i++) samples[i]! *= factor;
}
