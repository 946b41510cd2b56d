// Noise of every kind that is mixed into examples: coloured, babble, recorded, music.

import { colouredNoise } from "../../audio/coloured-noise.ts";
import { activePower } from "../../audio/level.ts";
import { chooseWeighted, createRandom, type Random } from "../../random.ts";
import type { AugmentationSettings, NoiseWeights } from "./augmentation-settings.ts";
import { madeUpMusic } from "./made-up-music.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";

/** Where noise comes from. */
export type NoisePool = {
  /**
   * Fills a buffer with noise of one kind, at whatever level it has.
   *
   * @param noise Filled completely.
   * @param options.weights Of the kinds. Default: the settings' `noiseWeights`.
   */
  drawInto(noise: Float32Array, random: Random, options?: { weights?: NoiseWeights }): void;
};

const BUFFER_COUNT = 24;
const BUFFER_LENGTH = 32768;
/** Pieces of music; a worker makes one in a few hundredths of a second. */
const MUSIC_COUNT = 96;
const LONGEST_PAUSE = 2000;

/**
 * Prepares noise of every kind there is material for. Coloured noise and music are made when they are first drawn.
 *
 * @param options.seed Of the training: the same coloured noise and music every time.
 * @param options.clips Speech for babble, none of them empty; without any there is no babble.
 * @param options.recordings Recorded noise, mono, 8 kHz, none of them empty; without any there is none.
 * @param options.settings Kinds and their weights. Should these leave nothing, noise is coloured.
 */
export function createNoisePool(options: {
  seed: number;
  clips: readonly Float32Array[];
  recordings: readonly Float32Array[];
  settings: AugmentationSettings;
}): NoisePool {
  const { clips, recordings, settings } = options;
  const colouredBuffer = colouredBuffers(options);
  const musicPiece = remembered((index) => madeUpMusic({ seed: options.seed, index }));
  const levels = clips.map((clip) => Math.sqrt(activePower(clip)));
  const count = { clips: clips.length, recordings: recordings.length };
  const [fewest, most] = settings.babbleTalkers;
  const addKind: Record<keyof NoiseWeights, (noise: Float32Array, random: Random) => void> = {
    coloured: (noise, random) =>
      addLoop(colouredBuffer(random.integer(0, BUFFER_COUNT)), { gain: 1, pause: 0 }, noise, random),
    recorded: (noise, random) =>
      addLoop(recordings[random.integer(0, recordings.length)]!, { gain: 1, pause: 0 }, noise, random),
    music: (noise, random) =>
      addLoop(musicPiece(random.integer(0, MUSIC_COUNT)), { gain: 1, pause: 0 }, noise, random),
    babble: (noise, random) => {
      for (let left = random.integer(fewest, most + 1); left > 0; left--) {
        const talker = random.integer(0, clips.length);
        const gain = levels[talker]! > 0 ? 1 / levels[talker]! : 0;
        addLoop(clips[talker]!, { gain, pause: random.integer(0, LONGEST_PAUSE) }, noise, random);
      }
    },
  };
  return {
    drawInto(noise, random, { weights = settings.noiseWeights } = {}) {
      noise.fill(0);
      addKind[chooseWeighted(weightsWithMaterial(weights, count), random)](noise, random);
    },
  };
}

function colouredBuffers(options: {
  seed: number;
  settings: AugmentationSettings;
}): (index: number) => Float32Array {
  return remembered((index) => {
    const random = createRandom(options.seed, RANDOM_STREAMS.colouredNoise, index);
    const tilt = random.uniform(...options.settings.noiseTilt);
    return colouredNoise(BUFFER_LENGTH, { tilt, random });
  });
}

/** Makes each when it is first asked for. */
function remembered(make: (index: number) => Float32Array): (index: number) => Float32Array {
  const made = new Map<number, Float32Array>();
  return (index) => {
    const samples = made.get(index) ?? make(index);
    made.set(index, samples);
    return samples;
  };
}

function weightsWithMaterial(
  wanted: NoiseWeights,
  count: { clips: number; recordings: number },
): NoiseWeights {
  const weights = {
    coloured: wanted.coloured,
    babble: count.clips > 0 ? wanted.babble : 0,
    recorded: count.recordings > 0 ? wanted.recorded : 0,
    music: wanted.music,
  };
  const some = Object.values(weights).some((weight) => weight > 0);
  return some ? weights : { ...weights, coloured: 1 };
}

/** Adds the samples again and again with a pause between, beginning somewhere in them. */
function addLoop(
  samples: Float32Array,
  { gain, pause }: { gain: number; pause: number },
  noise: Float32Array,
  random: Random,
): void {
  const period = samples.length + pause;
  for (let start = -random.integer(0, period); start < noise.length; start += period) {
    const first = Math.max(0, -start);
    const last = Math.min(samples.length, noise.length - start);
    for (let i = first; i < last; i++) noise[start + i]! += gain * samples[i]!;
  }
}
