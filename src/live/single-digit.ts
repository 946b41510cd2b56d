// One digit or none: what a clip holds of which it is known that it holds one digit at most.

import { resample } from "../audio/resample.ts";
import type { DecoderSettings } from "./digit-decoder.ts";
import type { StreamModel } from "./stream-model.ts";
import { noneLogProb, STATES_PER_DIGIT, WORD_DIGITS } from "./stream-net.ts";

/** How paths are scored; see {@link DecoderSettings}. */
export type SingleDigitSettings = Pick<
  DecoderSettings,
  "digitBias" | "endBias" | "digitPenalty" | "otherPenalty"
>;

/** The classes of {@link singleDigitLogProbs}: ten digits, then none. */
const SINGLE_DIGIT_CLASSES = 11;

const NONE = SINGLE_DIGIT_CLASSES - 1;
/** Frames say much the same as their neighbours: the sum of their logarithms is worth less than its number of terms. */
const SCALE = 0.2;

/**
 * How likely it is that a clip holds each digit alone, or none: best paths through none, one digit's states, none.
 *
 * @param rows Logarithms of the outputs' probabilities, [OUTPUT_COUNT] for each frame, at least three.
 * @param settings How paths are scored.
 * @returns [11], logarithms of the probabilities of the ten digits, then of none; they sum to 1.
 */
export function singleDigitLogProbs(
  rows: readonly Float32Array[],
  settings: SingleDigitSettings,
): Float32Array {
  const scores = new Float64Array(SINGLE_DIGIT_CLASSES).fill(-Infinity);
  scores[NONE] = rows.reduce((sum, row) => sum + noneLogProb(row, settings.otherPenalty), 0);
  WORD_DIGITS.forEach((digit, word) => {
    scores[digit] = Math.max(scores[digit]!, bestPath(rows, 1 + word * STATES_PER_DIGIT, settings));
  });
  const most = Math.max(...scores);
  const scaled = scores.map((score) => SCALE * (score - most));
  const total = Math.log(scaled.reduce((sum, score) => sum + Math.exp(score), 0));
  return Float32Array.from(scaled, (score) => score - total);
}

/**
 * Says which single digit a recording holds, or that none is in it.
 *
 * @param model See `loadStreamModel`.
 * @param samples Mono, nominally -1..1, finite, any length; silence is thought around them.
 * @param options.sampleRate Hz, a whole number, 1..768000.
 * @returns Logarithms of probabilities: of the ten digits, then of none.
 * @throws {InvalidArgumentError} The rate is out of range.
 */
export async function hearSingleDigit(
  model: StreamModel,
  samples: Float32Array,
  options: { sampleRate: number },
): Promise<Float32Array> {
  const stream = model.openFrames();
  const atModelRate = resample(samples, {
    sourceRate: options.sampleRate,
    targetRate: model.info.sampleRate,
  });
  const frames = [...(await stream.push(atModelRate)), ...(await stream.end())];
  return singleDigitLogProbs(
    frames.map(({ logProbs }) => logProbs),
    model.info.decoding.any,
  );
}

/** Score of the best path: none, the three states from `first` on, none. */
function bestPath(
  rows: readonly Float32Array[],
  first: number,
  { digitBias, endBias, digitPenalty, otherPenalty }: SingleDigitSettings,
): number {
  // Before the digit, in each of its states, after it.
  let path = [0, -Infinity, -Infinity, -Infinity, -Infinity];
  for (const row of rows) {
    const [before, begin, middle, end, after] = path as [number, number, number, number, number];
    const none = noneLogProb(row, otherPenalty);
    path = [
      before + none,
      Math.max(before - digitPenalty, begin) + row[first]! + digitBias,
      Math.max(begin, middle) + row[first + 1]! + digitBias,
      Math.max(middle, end) + row[first + 2]! + endBias,
      Math.max(end, after) + none,
    ];
  }
  return Math.max(path[3]!, path[4]!);
}
