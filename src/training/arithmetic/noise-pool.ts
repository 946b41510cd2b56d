import { createRandom, type Random } from "../../random.ts";
import { activePower } from "./active-power.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";
import { colouredNoise } from "./coloured-noise.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";
import { chooseWeighted } from "./weighted-choice.ts";

/** Where noise comes from. */
export type NoisePool = {
  /**
   * Fills a buffer with noise of a kind drawn by `noiseWeights`, at whatever level it has.
   *
   * @param noise Filled completely.
   */
  drawInto(noise: Float32Array, random: Random): void;
};

const BUFFER_COUNT = 24;
const BUFFER_LENGTH = 65536;
const LONGEST_PAUSE = 2000;

/**
 * Prepares noise of every kind there is material for.
 *
 * @param options.seed Of the training: the same coloured noise every time.
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
  const { seed, clips, recordings, settings } = options;
  const buffers = Array.from({ length: BUFFER_COUNT }, (_, index) => {
    const random = createRandom(seed, RANDOM_STREAMS.colouredNoise, index);
    return colouredNoise(BUFFER_LENGTH, { tilt: random.uniform(...settings.noiseTilt), random });
  });
  const levels = clips.map((clip) => Math.sqrt(activePower(clip)));
  const weights = weightsWithMaterial(settings, { clips: clips.length, recordings: recordings.length });
  const [fewest, most] = settings.babbleTalkers;
  return {
    drawInto(noise, random) {
      const kind = chooseWeighted(weights, random);
      noise.fill(0);
      if (kind === "coloured")
        addLoop(buffers[random.integer(0, BUFFER_COUNT)]!, { gain: 1, pause: 0 }, noise, random);
      if (kind === "recorded")
        addLoop(recordings[random.integer(0, recordings.length)]!, { gain: 1, pause: 0 }, noise, random);
      if (kind === "babble")
        for (let left = random.integer(Math.ceil(fewest), Math.floor(most) + 1); left > 0; left--)
          addTalker(random.integer(0, clips.length), noise, random);
    },
  };

  function addTalker(index: number, noise: Float32Array, random: Random): void {
    const gain = levels[index]! > 0 ? 1 / levels[index]! : 0;
    addLoop(clips[index]!, { gain, pause: random.integer(0, LONGEST_PAUSE) }, noise, random);
  }
}

function weightsWithMaterial(
  { noiseWeights }: AugmentationSettings,
  count: { clips: number; recordings: number },
): AugmentationSettings["noiseWeights"] {
  const weights = {
    coloured: noiseWeights.coloured,
    babble: count.clips > 0 ? noiseWeights.babble : 0,
    recorded: count.recordings > 0 ? noiseWeights.recorded : 0,
  };
  const some = weights.coloured + weights.babble + weights.recorded > 0;
  return some ? weights : { coloured: 1, babble: 0, recorded: 0 };
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
