import { muLawInPlace } from "../../audio/mu-law.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

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

function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) {
    const magnitude = Math.abs(samples[i]!);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}

function scaleInPlace(samples: Float32Array, factor: number): void {
  for (let i = 0; i < samples.length; i++) samples[i]! *= factor;
}
