import { colouredNoise } from "../audio/coloured-noise.ts";
import { createRandom, type Random } from "../random.ts";

/**
 * Digital silence; dither of one and two steps of 16-bit audio; white noise as of a converter, at -80 dB of full scale, and
 * pink noise as of a quiet room, at -65 dB; hum of the mains at 50 and 60 Hz with its harmonics, over a converter's noise;
 * a converter's constant offset, with dither.
 */
export const SILENCE_KINDS = [
  "digital silence",
  "dither of 1 step",
  "dither of 2 steps",
  "converter noise",
  "quiet room",
  "hum of 50 Hz",
  "hum of 60 Hz",
  "offset",
] as const;

/** One of {@link SILENCE_KINDS}. */
export type SilenceKind = (typeof SILENCE_KINDS)[number];

const SAMPLE_RATE = 8000;
const LENGTHS_MS = [100, 500, 1000, 3000];
const TAKES = 10;
const STEP = 1 / 32768;
const SILENCE_STREAM = 42;
const CONVERTER_DB = -80;
const ROOM_DB = -65;
const HUM_DB = -55;
const OFFSET = 100 * STEP;

/**
 * Makes silence of one kind, ten takes of each of four lengths (0.1 to 3 s), rounded to 16 bits.
 *
 * @param kind What sort of silence.
 * @param options.seed A whole number; the same gives the same samples.
 * @returns Mono, 8 kHz, with the kind beside each.
 */
export function makeSilences(
  kind: SilenceKind,
  options: { seed: number },
): { samples: Float32Array; kind: SilenceKind }[] {
  const kindIndex = SILENCE_KINDS.indexOf(kind);
  return LENGTHS_MS.flatMap((lengthMs) =>
    Array.from({ length: TAKES }, (_, take) => {
      const random = createRandom(options.seed, SILENCE_STREAM, kindIndex, lengthMs, take);
      const length = Math.round((lengthMs / 1000) * SAMPLE_RATE);
      const samples = MAKERS[kind](length, random).map((value) => Math.round(value / STEP) * STEP);
      return { samples, kind };
    }),
  );
}

const MAKERS: Record<SilenceKind, (length: number, random: Random) => Float32Array> = {
  "digital silence": (length) => new Float32Array(length),
  "dither of 1 step": (length, random) => dither(length, 1, random),
  "dither of 2 steps": (length, random) => dither(length, 2, random),
  "converter noise": (length, random) => noise(length, { levelDb: CONVERTER_DB, tilt: 0, random }),
  "quiet room": (length, random) => noise(length, { levelDb: ROOM_DB, tilt: 1, random }),
  "hum of 50 Hz": (length, random) => hum(length, 50, random),
  "hum of 60 Hz": (length, random) => hum(length, 60, random),
  offset: (length, random) => dither(length, 1, random).map((value) => value + OFFSET),
};

/** Whole steps from -nSteps to nSteps, each as likely. */
function dither(length: number, nSteps: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => STEP * random.integer(-nSteps, nSteps + 1));
}

function noise(length: number, options: { levelDb: number; tilt: number; random: Random }): Float32Array {
  const { levelDb, tilt, random } = options;
  const size = Math.max(8, 2 ** Math.ceil(Math.log2(length)));
  const gain = 10 ** (levelDb / 20);
  return colouredNoise(size, { tilt, random })
    .subarray(0, length)
    .map((value) => gain * value);
}

/** Odd harmonics, each weaker than the one before, as a power supply gives them. */
function hum(length: number, frequency: number, random: Random): Float32Array {
  const base = noise(length, { levelDb: CONVERTER_DB, tilt: 0, random });
  const gain = Math.SQRT2 * 10 ** (HUM_DB / 20);
  const harmonics = [1, 3, 5, 7].map((number) => ({
    step: (2 * Math.PI * number * frequency) / SAMPLE_RATE,
    amplitude: (gain * random.uniform(0.3, 1)) / number,
    phase: random.uniform(0, 2 * Math.PI),
  }));
  return base.map((value, i) =>
    harmonics.reduce(
      (sum, { step, amplitude, phase }) => sum + amplitude * Math.sin(step * i + phase),
      value,
    ),
  );
}
