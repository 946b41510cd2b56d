// Streams without a digit: recorded noise, and speech that is none.

import { changeTempo } from "../audio/change-tempo.ts";
import { activePower, peakOf } from "../audio/level.ts";
import { InvalidArgumentError } from "../errors.ts";
import { createRandom, type Random } from "../random.ts";
import { addNoise } from "./noise-mix.ts";

/** What streams without digits are made from. All mono, 8 kHz, finite, none of them empty. */
export type NegativeMaterial = {
  /** Words and phrases without a digit. */
  speech: readonly Float32Array[];
  /** Recorded noise. */
  noises: readonly Float32Array[];
};

/** What is heard in such a stream. */
export type NegativeKind = "noise" | "speech";

const SAMPLE_RATE = 8000;
const PAUSE_MS = [100, 900] as const;
const TEMPO = [0.85, 1.2] as const;
const SNR_DB = [10, 35] as const;
const PEAK_DB = [-25, -3] as const;
const FADE = 80;

/**
 * Makes a stream without a digit: one recording after another, drawn at random. Speech is at a random rate (0.85 to 1.2) with
 * pauses of 0.1 to 0.9 s and noise 10 to 35 dB below it; either has a random level.
 *
 * @param material Must hold some of what is asked for.
 * @param options.kind What is heard.
 * @param options.seconds Length, > 0.
 * @param options.seed Of all streams.
 * @param options.index Which stream; the same index always gives the same.
 * @returns Mono, 8 kHz, within -1..1.
 * @throws {InvalidArgumentError} There is no noise, or no speech where it is asked for.
 */
export function makeNegativeStream(
  material: NegativeMaterial,
  options: { kind: NegativeKind; seconds: number; seed: number; index: number },
): Float32Array {
  const { kind, seconds, seed, index } = options;
  const { speech, noises } = material;
  if (noises.length === 0 || (kind === "speech" && speech.length === 0)) {
    throw new InvalidArgumentError(`makeNegativeStream: there is nothing to make ${kind} from`);
  }
  const random = createRandom(seed, kind === "noise" ? 1 : 2, index);
  const samples = new Float32Array(Math.round(seconds * SAMPLE_RATE));
  if (kind === "noise") fillInPlace(samples, noises, { pauseMs: [0, 0], tempo: [1, 1], random });
  else fillInPlace(samples, speech, { pauseMs: PAUSE_MS, tempo: TEMPO, random });
  const noise = noises[random.integer(0, noises.length)]!;
  const mixed =
    kind === "noise" ? samples : addNoise(samples, { noise, snrDb: random.uniform(...SNR_DB), random });
  return toPeak(mixed, random.uniform(...PEAK_DB));
}

function fillInPlace(
  samples: Float32Array,
  recordings: readonly Float32Array[],
  how: { pauseMs: readonly [number, number]; tempo: readonly [number, number]; random: Random },
): void {
  const { pauseMs, tempo, random } = how;
  for (let start = 0; start < samples.length; ) {
    const drawn = recordings[random.integer(0, recordings.length)]!;
    const recording = changeTempo(drawn, { rate: random.uniform(...tempo), sampleRate: SAMPLE_RATE });
    const gain = 10 ** (random.uniform(-6, 6) / 20) / Math.sqrt(activePower(recording) || 1);
    addFadedInPlace(samples, recording, { start, gain });
    start += recording.length + Math.round((random.uniform(...pauseMs) * SAMPLE_RATE) / 1000);
  }
}

function addFadedInPlace(
  sum: Float32Array,
  recording: Float32Array,
  { start, gain }: { start: number; gain: number },
): void {
  const length = recording.length;
  for (let i = 0; i < length && start + i < sum.length; i++) {
    const fade = Math.min(1, (i + 0.5) / FADE, (length - i - 0.5) / FADE);
    sum[start + i]! += gain * fade * recording[i]!;
  }
}

function toPeak(samples: Float32Array, peakDb: number): Float32Array {
  const peak = peakOf(samples);
  const gain = peak === 0 ? 0 : 10 ** (peakDb / 20) / peak;
  return samples.map((value) => gain * value);
}
