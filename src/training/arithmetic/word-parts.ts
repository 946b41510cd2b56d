import { activePower } from "../../audio/active-power.ts";

const FRAME_LENGTH = 128;
// A word reaches from the first to the last frame within 30 dB of the loudest.
const AUDIBLE_SHARE = 10 ** -3;
// Cuts are faded over 4 ms, or they would click.
const FADE_LENGTH = 32;

/**
 * The beginning of a word, with what comes before it, faded out at the cut.
 *
 * @param word Mono, 8 kHz, not empty.
 * @param share How much of the word's duration, in [0, 1].
 * @returns A new array of at least one sample.
 */
export function firstPart(word: Float32Array, share: number): Float32Array {
  const [begin, end] = audibleSpan(word);
  const wanted = begin + Math.round(share * (end - begin));
  const part = word.slice(0, Math.max(1, wanted));
  fadeOutInPlace(part);
  return part;
}

/**
 * The end of a word, with what comes after it, faded in at the cut.
 *
 * @param word Mono, 8 kHz, not empty.
 * @param share As in `firstPart`.
 * @returns A new array of at least one sample.
 */
export function lastPart(word: Float32Array, share: number): Float32Array {
  return backwards(firstPart(backwards(word), share));
}

/**
 * The samples in reverse order.
 *
 * @param samples Any number.
 * @returns A new array.
 */
export function backwards(samples: Float32Array): Float32Array {
  return samples.slice().reverse();
}

/**
 * Two sounds in a row, the second brought to the level of the first, with a cross-fade of 4 ms.
 *
 * @param first Fades out at its end already.
 * @param second Fades in at its beginning already.
 * @returns A new array, shorter than both together by the cross-fade.
 */
export function join(first: Float32Array, second: Float32Array): Float32Array {
  const [wanted, given] = [activePower(first), activePower(second)];
  const gain = wanted > 0 && given > 0 ? Math.sqrt(wanted / given) : 1;
  const overlap = Math.min(FADE_LENGTH, first.length, second.length);
  const start = first.length - overlap;
  const joined = new Float32Array(start + second.length);
  joined.set(first);
  for (let i = 0; i < second.length; i++) joined[start + i]! += gain * second[i]!;
  return joined;
}

function audibleSpan(word: Float32Array): [begin: number, end: number] {
  const energies: number[] = [];
  for (let at = 0; at < word.length; at += FRAME_LENGTH)
    energies.push(energyOf(word.subarray(at, at + FRAME_LENGTH)));
  const threshold = AUDIBLE_SHARE * energies.reduce((most, energy) => Math.max(most, energy), 0);
  const audible = (energy: number) => energy >= threshold;
  const end = (energies.findLastIndex(audible) + 1) * FRAME_LENGTH;
  return [energies.findIndex(audible) * FRAME_LENGTH, Math.min(word.length, end)];
}

function energyOf(samples: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < samples.length; i++) energy += samples[i]! * samples[i]!;
  return energy;
}

function fadeOutInPlace(samples: Float32Array): void {
  const length = Math.min(FADE_LENGTH, samples.length);
  for (let i = 0; i < length; i++) samples[samples.length - 1 - i]! *= (i + 0.5) / length;
}
