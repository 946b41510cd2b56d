// How loud samples are.

const FRAME_SECONDS = 0.016;
// Frames weaker than the loudest by more than 25 dB count as pauses.
const ACTIVE_SHARE = 10 ** -2.5;

/**
 * Mean power of the active part of a recording, so that silence around a word does not count. In the manner of ITU-T
 * P.56, with frames of 16 ms and a threshold 25 dB below the loudest.
 *
 * @param samples Mono, finite.
 * @param options.sampleRate Hz. Default: 8000.
 * @returns Mean square over the active frames, 0 for silence or no samples.
 */
export function activePower(samples: Float32Array, options: { sampleRate?: number } = {}): number {
  const frameLength = Math.max(1, Math.round(FRAME_SECONDS * (options.sampleRate ?? 8000)));
  const frames = Math.ceil(samples.length / frameLength);
  const energies = new Float64Array(frames);
  let loudest = 0;
  for (let frame = 0; frame < frames; frame++) {
    const energy = energyOf(samples.subarray(frame * frameLength, (frame + 1) * frameLength));
    energies[frame] = energy;
    loudest = Math.max(loudest, energy);
  }
  if (loudest === 0) return 0;
  let total = 0;
  let length = 0;
  for (let frame = 0; frame < frames; frame++) {
    if (energies[frame]! < ACTIVE_SHARE * loudest) continue;
    total += energies[frame]!;
    length += Math.min(frameLength, samples.length - frame * frameLength);
  }
  return total / length;
}

/** The sum of the squares of samples. @param samples Any number. */
export function energyOf(samples: Float32Array): number {
  let energy = 0;
  for (let i = 0; i < samples.length; i++) energy += samples[i]! * samples[i]!;
  return energy;
}

/** The mean of the squares of samples, 0 of none. @param samples Any number. */
export function meanPower(samples: Float32Array): number {
  return energyOf(samples) / Math.max(1, samples.length);
}

/** The largest magnitude among samples, 0 of none. @param samples Any number. */
export function peakOf(samples: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < samples.length; i++) peak = Math.max(peak, Math.abs(samples[i]!));
  return peak;
}
