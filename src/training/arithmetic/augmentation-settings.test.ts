import { expect, test } from "vitest";
import { NO_AUGMENTATION } from "../../../test/support/no-augmentation.ts";
import { InvalidArgumentError } from "../../errors.ts";
import { DEFAULT_AUGMENTATION } from "../recipe.ts";
import { type AugmentationSettings, checkAugmentationSettings } from "./augmentation-settings.ts";

test("the settings that come with the package are within their bounds", () => {
  checkAugmentationSettings(DEFAULT_AUGMENTATION);
  checkAugmentationSettings(NO_AUGMENTATION);
});

test.each<Partial<AugmentationSettings>>([
  { speed: [0.4, 1] },
  { speed: [1.2, 1.1] },
  { warp: [1.1, 1.2] },
  { warpCount: 4 },
  { warpCount: 0 },
  { centredShare: 1.1 },
  { cutShare: -0.1 },
  { jitterShare: 2 },
  { equaliserProbability: -1 },
  { equaliserGainDb: -3 },
  { lowEdgeHz: [-1, 5] },
  { highEdgeHz: [3000, 9000] },
  { reverbProbability: Number.NaN },
  { reverbTimeMs: [0, 100] },
  { directToReverbDb: [Number.NEGATIVE_INFINITY, 0] },
  { roomCount: 1.5 },
  { noiseProbability: 2 },
  { snrDb: [10, 5] },
  { noiseWeights: { coloured: -1, babble: 1, recorded: 1, music: 0 } },
  { noiseTilt: [0, 9] },
  { babbleTalkers: [0, 2] },
  { babbleTalkers: [1.5, 2] },
  { noiseSpanShare: 3 },
  { clippingProbability: 5 },
  { clippingDriveDb: [0, Number.NaN] },
  { peakDb: [-10, 1] },
  { muLawProbability: 1.01 },
  { noneShare: -0.01 },
  { noneWeights: { ...DEFAULT_AUGMENTATION.noneWeights, half: Number.POSITIVE_INFINITY } },
  { noneNoiseWeights: { coloured: 1, babble: Number.NaN, recorded: 1, music: 0 } },
  { halfShare: [0.5, 1.5] },
  { bandMasks: -1 },
  { bandMaskShare: 1.5 },
  { stretchMasks: 0.5 },
  { stretchMaskShare: -1 },
  { mixupProbability: 9 },
  { mixupAlpha: 0 },
  { mixupAlpha: 3 },
  { labelSmoothing: -0.2 },
])("refuses %o and names it", (bad) => {
  const check = () => checkAugmentationSettings({ ...DEFAULT_AUGMENTATION, ...bad });
  expect(check).toThrow(InvalidArgumentError);
  expect(check).toThrow(Object.keys(bad)[0]);
});
