import { loudestWindow, loudestWindowStart } from "../../audio/window.ts";
import { WINDOW_SAMPLES } from "../../model/log-mel.ts";
import type { Random } from "../../random.ts";
import type { AugmentationSettings } from "./augmentation-settings.ts";

const BLOCK_LENGTH = 128;

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
