import {
  ANSWER_SHIFT,
  OTHER_SPEECH,
  OUTPUT_COUNT,
  RECEPTIVE_RADIUS,
  STATE_HOP,
  STATES_PER_DIGIT,
} from "../../live/stream-net.ts";

/** A digit's word in a window; its ends may lie outside. */
export type PlacedDigit = {
  /** Its place among `WORD_DIGITS`: the digit, or `OH_WORD`. */
  digit: number;
  /** First sample. */
  start: number;
  /** End, exclusive. */
  end: number;
};

/** An HMM state in a window, or other speech; its ends may lie outside. What no stretch covers is silence. */
export type StateStretch = {
  /** 1..STATE_COUNT - 1, OTHER_SPEECH, or {@link UNSURE}. */
  state: number;
  /** First sample. */
  start: number;
  /** End, exclusive. */
  end: number;
};

/** Whether a state is of a digit, or where one may be. @param state Of a {@link StateStretch}. */
export const isDigitState = (state: number): boolean => state !== OTHER_SPEECH;

/** In place of a state: nobody knows which is right, so frames that it reaches into have no target. */
export const UNSURE = -1;

// A frame's target is the share that each state has of this many samples around its middle: wider than a frame, so that
// neighbouring targets run into each other where the border between two states is anybody's guess.
const SPAN = 384;

// A digit shorter than this (300 ms) counts as one of this length does, or it would be worth a third of a long one; but no
// frame counts more than so many.
const USUAL_DIGIT = 2400;
const MOST_WEIGHT = 1.5;

/**
 * What the net is to answer to a window: for each frame the probability of each output. Frames whose receptive field reaches
 * beyond the window have no target.
 *
 * @param stretches Digits do not overlap; other speech is where no digit is.
 * @param options.length Of the window in samples.
 * @param options.smoothing Share of each target spread evenly over all outputs.
 * @param out Filled, [length / STATE_HOP, OUTPUT_COUNT]: a row sums to what the frame counts, 1, or more in short digits, or 0
 *   where there is no target.
 */
export function fillStreamTargets(
  stretches: readonly StateStretch[],
  { length, smoothing }: { length: number; smoothing: number },
  out: Float32Array,
): void {
  out.fill(0);
  const { first, end } = framesWithContext(length);
  for (let frame = first; frame < end; frame++) {
    const row = out.subarray(frame * OUTPUT_COUNT, (frame + 1) * OUTPUT_COUNT);
    const middle = (frame + 0.5 + ANSWER_SHIFT) * STATE_HOP;
    if (!fillRow(row, stretches, middle)) continue;
    const weight = weightAt(stretches, middle);
    for (let state = 0; state < OUTPUT_COUNT; state++) {
      row[state] = weight * (smoothing / OUTPUT_COUNT + (1 - smoothing) * row[state]!);
    }
  }
}

/**
 * Frames of a window's answer that depend on nothing outside of it.
 *
 * @param length Of the window in samples.
 */
export function framesWithContext(length: number): { first: number; end: number } {
  const edge = Math.ceil(RECEPTIVE_RADIUS / STATE_HOP - 0.5);
  return { first: edge, end: length / STATE_HOP - edge };
}

/**
 * The states of digits, each parted into thirds; digits that overlap, in the middle of the overlap.
 *
 * @param digits In their order.
 */
export function stateStretches(digits: readonly PlacedDigit[]): StateStretch[] {
  return digits.flatMap(({ digit, start, end }, i) => {
    const [before, after] = [digits[i - 1], digits[i + 1]];
    const from = before && before.end > start ? (before.end + start) / 2 : start;
    const to = after && after.start < end ? (after.start + end) / 2 : end;
    return Array.from({ length: STATES_PER_DIGIT }, (_, part) => ({
      state: 1 + STATES_PER_DIGIT * digit + part,
      start: from + ((to - from) * part) / STATES_PER_DIGIT,
      end: from + ((to - from) * (part + 1)) / STATES_PER_DIGIT,
    }));
  });
}

/** What a frame counts: by how short the digit is that its middle lies in. */
function weightAt(stretches: readonly StateStretch[], middle: number): number {
  const at = stretches.findIndex(({ state, start, end }) => state > 0 && start <= middle && middle < end);
  if (at < 0 || !isDigitState(stretches[at]!.state)) return 1;
  const first = at - ((stretches[at]!.state - 1) % STATES_PER_DIGIT);
  const [begin, last] = [stretches[first], stretches[first + STATES_PER_DIGIT - 1]];
  // Of a digit that the window cuts, a part is missing; how long it is then is not known.
  if (begin?.state !== stretches[at]!.state - (at - first) || last?.state !== begin.state + 2) return 1;
  return Math.min(MOST_WEIGHT, Math.max(1, USUAL_DIGIT / (last.end - begin.start)));
}

/** Whether the row has a target; else it stays empty. */
function fillRow(row: Float32Array, stretches: readonly StateStretch[], middle: number): boolean {
  let none = 1;
  let other = 0;
  for (const { state, start, end } of stretches) {
    const overlap = Math.min(end, middle + SPAN / 2) - Math.max(start, middle - SPAN / 2);
    if (overlap <= 0) continue;
    if (state === UNSURE) {
      row.fill(0);
      return false;
    }
    if (state === OTHER_SPEECH) {
      other += overlap / SPAN;
      continue;
    }
    row[state]! += overlap / SPAN;
    none -= overlap / SPAN;
  }
  row[OTHER_SPEECH] = Math.min(other, Math.max(0, none));
  row[0] = Math.max(0, none - other);
  return true;
}
