import { activePower } from "../../audio/active-power.ts";
import { WINDOW_SAMPLES } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import type { NoisePool } from "./noise-pool.ts";
import type { RoomResponse } from "./room-responses.ts";
import { createSpeedChanger } from "./speed-change.ts";
import { damageInPlace } from "./waveform-damage.ts";
import { createWordChannel } from "./word-channel.ts";
import { chooseStretch, drawStart } from "./word-placement.ts";

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
    const [slowest, fastest] = settings.speed;
    const factor = slowest * (fastest / slowest) ** random.next();
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
  let noiseEnergy = 0;
  for (let i = 0; i < noise.length; i++) noiseEnergy += noise[i]! * noise[i]!;
  if (noiseEnergy === 0) return;
  const gain = Math.sqrt(activePower(samples) / (noiseEnergy / noise.length) / 10 ** (snrDb / 10));
  for (let i = 0; i < samples.length; i++) samples[i]! += gain * noise[i]!;
}

/** A recording that ends soon after the word, padded with zeros; the edges are as hard as serving makes them. */
function silenceAroundInPlace({ start, length, centred }: Placed, random: Random, out: Float32Array): void {
  const before = random.integer(0, LONGEST_MARGIN);
  const after = centred ? before : random.integer(0, LONGEST_MARGIN);
  out.fill(0, 0, Math.max(0, start - before));
  out.fill(0, Math.max(0, start + length + after));
}
