import { activePower } from "../audio/active-power.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { Random } from "../random.ts";

const LONGEST_PAUSE_SECONDS = 0.25;

/**
 * Babble: several talkers at the same level, each saying a clip again and again with pauses of up to a quarter of a second.
 *
 * @param clips Speech, mono, one rate, at least one; empty and silent ones are passed over.
 * @param options.length Samples wanted, >= 0.
 * @param options.nTalkers How many speak at once, >= 1. Default: 6.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns [length] samples.
 * @throws {InvalidArgumentError} No clip holds speech, or `nTalkers` is out of range.
 */
export function makeBabble(
  clips: readonly Float32Array[],
  options: { length: number; random: Random; nTalkers?: number; sampleRate?: number },
): Float32Array {
  const { length, random, nTalkers = 6, sampleRate = 8000 } = options;
  if (!(Number.isInteger(nTalkers) && nTalkers >= 1)) {
    throw new InvalidArgumentError(`makeBabble: nTalkers must be a whole number >= 1, got ${nTalkers}`);
  }
  const voices = clips.filter((clip) => activePower(clip, { sampleRate }) > 0);
  if (voices.length === 0) throw new InvalidArgumentError("makeBabble: expected clips of speech, got none");
  const babble = new Float32Array(length);
  for (let talker = 0; talker < nTalkers; talker++) {
    const clip = voices[random.integer(0, voices.length)]!;
    const gain = 1 / Math.sqrt(activePower(clip, { sampleRate }));
    const period = clip.length + random.integer(0, Math.round(LONGEST_PAUSE_SECONDS * sampleRate) + 1);
    for (let start = -random.integer(0, period); start < length; start += period) {
      addInPlace(babble, clip, { start, gain });
    }
  }
  return babble;
}

function addInPlace(
  sum: Float32Array,
  clip: Float32Array,
  { start, gain }: { start: number; gain: number },
): void {
  const end = Math.min(clip.length, sum.length - start);
  for (let i = Math.max(0, -start); i < end; i++) sum[start + i]! += gain * clip[i]!;
}
