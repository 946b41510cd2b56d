import type { Range } from "./augmentation-settings.ts";

/**
 * The factors that a warp index stands for: the frequency axis of the mel filter bank is stretched by one of them, as
 * a longer or shorter vocal tract would (Jaitly and Hinton, Vocal Tract Length Perturbation, 2013).
 *
 * @param options.warp Lowest and highest factor, around 1.
 * @param options.warpCount How many, odd.
 * @returns [warpCount] rising factors; the one in the middle is exactly 1, evenly spaced in the logarithm on either side.
 */
export function warpFactors(options: { warp: Range; warpCount: number }): number[] {
  const { warp, warpCount } = options;
  const middle = (warpCount - 1) / 2;
  return Array.from({ length: warpCount }, (_, i) => {
    if (i === middle) return 1;
    const edge = i < middle ? warp[0] : warp[1];
    return edge ** (Math.abs(i - middle) / middle);
  });
}
