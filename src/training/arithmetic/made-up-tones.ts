// Tones as telephones and machines make them, for training: one or two frequencies that sound and rest by turns.

import { createRandom, drawLogUniform, type Random } from "../../random.ts";
import { RANDOM_STREAMS } from "./random-streams.ts";

const SAMPLE_RATE = 8000;
const LENGTH = 4 * SAMPLE_RATE;
const HZ = [300, 3000] as const;
const ON_MS = [40, 1500] as const;
const OFF_MS = [40, 1500] as const;
/** Shares of tones of two frequencies, of those that never rest, and of those that change from sound to sound. */
const PAIR_SHARE = 0.7;
const STEADY_SHARE = 0.3;
const MELODY_SHARE = 0.4;
const FADE = 16;

/**
 * Makes tones.
 *
 * @param options.seed Of the training: the same tones every time.
 * @param options.count How many.
 * @returns Each of four seconds, mono, 8 kHz, within -1..1.
 */
export function madeUpTones({ seed, count }: { seed: number; count: number }): Float32Array[] {
  return Array.from({ length: count }, (_, i) => makeTone(createRandom(seed, RANDOM_STREAMS.tones, i)));
}

function makeTone(random: Random): Float32Array {
  const samples = new Float32Array(LENGTH);
  const isSteady = random.chance(STEADY_SHARE);
  const changes = random.chance(MELODY_SHARE);
  const onMs = isSteady && !changes ? LENGTH / 8 : drawLogUniform(ON_MS, random);
  const offMs = isSteady ? 0 : drawLogUniform(OFF_MS, random);
  let frequencies = drawFrequencies(random);
  for (let start = 0; start < LENGTH; start += Math.round(8 * (onMs + offMs))) {
    addSoundInPlace(samples, { start, end: Math.round(start + 8 * onMs), frequencies });
    if (changes) frequencies = drawFrequencies(random);
  }
  return samples;
}

const drawFrequencies = (random: Random): number[] =>
  Array.from({ length: random.chance(PAIR_SHARE) ? 2 : 1 }, () => drawLogUniform(HZ, random));

function addSoundInPlace(
  samples: Float32Array,
  { start, end, frequencies }: { start: number; end: number; frequencies: readonly number[] },
): void {
  for (let n = start; n < Math.min(end, samples.length); n++) {
    const fade = Math.min(1, (n - start + 0.5) / FADE, (end - n - 0.5) / FADE);
    for (const hz of frequencies)
      samples[n]! += (fade / frequencies.length) * Math.sin((2 * Math.PI * hz * n) / SAMPLE_RATE);
  }
}
