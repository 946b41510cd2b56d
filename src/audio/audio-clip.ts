import { AudioFormatError } from "../errors.ts";

/** One channel of sound in memory. */
export type AudioClip = {
  /** Mono, nominally -1..1, finite. */
  samples: Float32Array;
  /** Hz, a whole number, 1..768000. */
  sampleRate: number;
  /** What was odd about the file and was read all the same, in English, for people. Default: nothing was. */
  note?: string;
};

/** The highest sample rate read, in Hz: twice what any converter on sale records. */
export const MAX_SAMPLE_RATE = 768_000;

// Beyond this a sample is no sound in any scale, and its square, summed over a clip, would leave float32.
const MAX_MAGNITUDE = 1e9;

/**
 * Checks a sample rate read from a file.
 *
 * @param sampleRate Hz, as read.
 * @throws {AudioFormatError} `audio-damaged`: not in 1..768000 Hz.
 */
export function checkSampleRate(sampleRate: number): void {
  if (Number.isInteger(sampleRate) && sampleRate >= 1 && sampleRate <= MAX_SAMPLE_RATE) return;
  throw new AudioFormatError(
    "audio-damaged",
    `decodeAudio: the header gives a sample rate of ${sampleRate} Hz, expected 1..${MAX_SAMPLE_RATE}`,
  );
}

/**
 * Checks decoded samples: the last gate before a clip is handed out.
 *
 * @param samples Mono.
 * @throws {AudioFormatError} `audio-no-samples`: none; further as {@link checkMagnitudes}.
 */
export function checkSamples(samples: Float32Array): void {
  if (samples.length === 0) {
    throw new AudioFormatError("audio-no-samples", "decodeAudio: the audio holds no samples");
  }
  checkMagnitudes("decodeAudio", samples);
}

/**
 * Checks that samples are sound in some scale.
 *
 * @param caller Named in the message.
 * @param samples Any number.
 * @throws {AudioFormatError} `audio-non-finite`: NaN or infinite; `audio-damaged`: so far outside -1..1 (beyond 1e9) that
 *   it is no sound.
 */
export function checkMagnitudes(caller: string, samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    if (!(Math.abs(samples[i]!) <= MAX_MAGNITUDE)) throw badSample(caller, samples[i]!, i);
  }
}

function badSample(caller: string, value: number, index: number): AudioFormatError {
  if (!Number.isFinite(value)) {
    return new AudioFormatError("audio-non-finite", `${caller}: sample ${index} is ${value}`);
  }
  return new AudioFormatError(
    "audio-damaged",
    `${caller}: sample ${index} is ${value.toExponential(1)}, expected about -1..1`,
  );
}
