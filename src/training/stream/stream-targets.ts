import {
  ANSWER_SHIFT,
  RECEPTIVE_RADIUS,
  STATE_COUNT,
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

/** An HMM state in a window; its ends may lie outside. What no stretch covers is none. */
export type StateStretch = {
  /** 1..STATE_COUNT - 1, or {@link UNSURE}. */
  state: number;
  /** First sample. */
  start: number;
  /** End, exclusive. */
  end: number;
};

/** In place of a state: nobody knows which is right, so frames that it reaches into have no target. */
export const UNSURE = -1;

// A frame's target is the share that each state has of this many samples around its middle: wider than a frame, so that
// neighbouring targets run into each other where the border between two states is anybody's guess.
const SPAN = 384;

/**
 * What the net is to answer to a window: for each frame the probability of each state. Frames whose receptive field reaches
 * beyond the window have no target.
 *
 * @param stretches In their order, none overlapping another.
 * @param options.length Of the window in samples.
 * @param options.smoothing Share of each target spread evenly over all states.
 * @param out Filled, [length / STATE_HOP, STATE_COUNT]: rows sum to 1, or to 0 where there is no target.
 */
export function fillStreamTargets(
  stretches: readonly StateStretch[],
  { length, smoothing }: { length: number; smoothing: number },
  out: Float32Array,
): void {
  out.fill(0);
  const { first, end } = framesWithContext(length);
  for (let frame = first; frame < end; frame++) {
    const row = out.subarray(frame * STATE_COUNT, (frame + 1) * STATE_COUNT);
    const middle = (frame + 0.5 + ANSWER_SHIFT) * STATE_HOP;
    if (!fillRow(row, stretches, middle)) continue;
    for (let state = 0; state < STATE_COUNT; state++) {
      row[state] = smoothing / STATE_COUNT + (1 - smoothing) * row[state]!;
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

/** Whether the row has a target; else it stays empty. */
function fillRow(row: Float32Array, stretches: readonly StateStretch[], middle: number): boolean {
  let none = 1;
  for (const { state, start, end } of stretches) {
    const overlap = Math.min(end, middle + SPAN / 2) - Math.max(start, middle - SPAN / 2);
    if (overlap <= 0) continue;
    if (state === UNSURE) {
      row.fill(0);
      return false;
    }
    row[state]! += overlap / SPAN;
    none -= overlap / SPAN;
  }
  row[0] = Math.max(0, none);
  return true;
}
