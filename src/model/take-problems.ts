import { activePower, meanPower } from "../audio/level.ts";
import { softmax } from "./prediction.ts";
import type { HeardTake } from "./teach-voice.ts";
import { nearnessOf } from "./voice-profile.ts";

/** Why a take is to be said again: nothing to hear; cut off at full scale; too much noise; something else was said. */
export type TakeProblem = "silent" | "clipped" | "noisy" | "wrong";

const LEAST_POWER = 1e-6; // -60 dB
const CLIPPED_LEVEL = 0.99;
const CLIPPED_SHARE = 0.01;
/** Of the spoken part over the quietest tenth of the recording, as powers: 6 dB, for clips cut close to a word have no pause. */
const LEAST_RATIO = 4;
/** So sure is the net of another digit that only other takes like this one speak for the label. */
const SURE = 0.9;
/** Other takes of the label within this cosine are like it. */
const ALIKE = 0.8;

/**
 * Looks for what is wrong with a take.
 *
 * @param take As heard by the net.
 * @param others The speaker's other takes: another digit predicted is right where they agree.
 * @returns Null where nothing is.
 */
export function findTakeProblem(take: HeardTake, others: readonly HeardTake[]): TakeProblem | null {
  const { samples, sampleRate } = take;
  const power = activePower(samples, { sampleRate });
  if (power < LEAST_POWER) return "silent";
  const nClipped = samples.reduce((count, sample) => count + (Math.abs(sample) >= CLIPPED_LEVEL ? 1 : 0), 0);
  if (nClipped > CLIPPED_SHARE * samples.length) return "clipped";
  if (power < LEAST_RATIO * quietPower(take)) return "noisy";
  return isOtherDigit(take, others) ? "wrong" : null;
}

/** Mean square of the quietest tenth of the frames of 16 ms. */
function quietPower({ samples, sampleRate }: HeardTake): number {
  const length = Math.max(1, Math.round(0.016 * sampleRate));
  const count = Math.max(1, Math.floor(samples.length / length));
  const powers = Array.from({ length: count }, (_, frame) =>
    meanPower(samples.subarray(frame * length, (frame + 1) * length)),
  ).sort((a, b) => a - b);
  return powers[Math.floor(count / 10)]!;
}

function isOtherDigit({ logits, label, direction }: HeardTake, others: readonly HeardTake[]): boolean {
  const probs = softmax(logits);
  const surest = probs.indexOf(Math.max(...probs));
  if (surest === label || probs[surest]! < SURE) return false;
  return !others.some((other) => other.label === label && nearnessOf(other.direction, direction, ALIKE) > 0);
}
