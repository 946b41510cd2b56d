// What the step of the stream model's training is fed: windows, their targets and masks.

import type { ClipsByRole } from "../../corpus/dataset.ts";
import { OUTPUT_COUNT, STREAM_LOG_MEL, STREAM_WINDOW } from "../../live/stream-net.ts";
import { createRandom } from "../../random.ts";
import { RANDOM_STREAMS } from "../arithmetic/random-streams.ts";
import { drawMaskInto } from "../arithmetic/spectrogram-masks.ts";
import { createStringDrawer } from "./draw-string.ts";
import type { StreamRecipe } from "./stream-recipe.ts";
import { SPECTROGRAM_FRAMES, WINDOW_FRAMES } from "./stream-step.ts";
import { fillStreamTargets } from "./stream-targets.ts";
import { createStringSource } from "./string-source.ts";

/**
 * What the step's graph is fed, drawn afresh for each step and group into the same arrays.
 *
 * @param recipe The training's settings.
 * @param data Recordings to draw from.
 * @returns From the step and its group, both from 0, to the graph's inputs.
 */
export function createGroupDrawer(recipe: StreamRecipe, data: ClipsByRole) {
  const { groupSize, batchSize, seed, augmentation: settings, strings } = recipe;
  const { nMels } = STREAM_LOG_MEL;
  const drawer = createStringDrawer(createStringSource(recipe, data));
  const batch = {
    samples: new Float32Array(groupSize * STREAM_WINDOW),
    gains: new Float32Array(groupSize),
    warp_index: new Int32Array(groupSize),
    masks: new Float32Array(groupSize * nMels * SPECTROGRAM_FRAMES),
    targets: new Float32Array(groupSize * WINDOW_FRAMES * OUTPUT_COUNT),
  };
  const rowOf = (values: Float32Array, row: number) =>
    values.subarray((row * values.length) / groupSize, ((row + 1) * values.length) / groupSize);
  return (step: number, group: number) => {
    for (let row = 0; row < groupSize; row++) {
      const random = createRandom(seed, RANDOM_STREAMS.example, step, (group * groupSize + row) % batchSize);
      const stretches = drawer.drawInto(random, rowOf(batch.samples, row));
      const targets = { length: STREAM_WINDOW, smoothing: strings.labelSmoothing };
      fillStreamTargets(stretches, targets, rowOf(batch.targets, row));
      batch.gains[row] = 10 ** (random.uniform(...strings.raisedDb) / 20);
      batch.warp_index[row] = random.integer(0, settings.warpCount);
      drawMaskInto(rowOf(batch.masks, row), { nMels, nFrames: SPECTROGRAM_FRAMES, settings, random });
    }
    return batch;
  };
}
