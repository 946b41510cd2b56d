// SpecAugment without time warping (Park et al., 2019): some bands and some stretches of time are blanked.

import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

/**
 * Draws the mask of one spectrogram. Widths are whole numbers drawn evenly from 0 to the stated share, rounded down;
 * masks may overlap.
 *
 * @param mask Filled, row-major [nMels, nFrames]: 0 where the spectrogram is blanked, 1 elsewhere.
 * @param options.nMels Rows, >= 1.
 * @param options.nFrames Columns, >= 1.
 * @param options.settings Number and widest share of the masks in either direction.
 */
export function drawMaskInto(
  mask: Float32Array,
  options: { nMels: number; nFrames: number; settings: AugmentationSettings; random: Random },
): void {
  const { nMels, nFrames, settings, random } = options;
  mask.fill(1);
  for (let i = 0; i < settings.bandMasks; i++) {
    const [start, end] = drawSpan(random, nMels, settings.bandMaskShare);
    mask.fill(0, start * nFrames, end * nFrames);
  }
  for (let i = 0; i < settings.stretchMasks; i++) {
    const [start, end] = drawSpan(random, nFrames, settings.stretchMaskShare);
    for (let row = 0; row < nMels; row++) mask.fill(0, row * nFrames + start, row * nFrames + end);
  }
}

function drawSpan(random: Random, length: number, share: number): [start: number, end: number] {
  // The small addition keeps 0.15 * 40 at 6.
  const width = random.integer(0, Math.floor(share * length + 1e-9) + 1);
  const start = random.integer(0, length - width + 1);
  return [start, start + width];
}
