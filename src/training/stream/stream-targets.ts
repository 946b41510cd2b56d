import {
  ANSWER_SHIFT,
  RECEPTIVE_RADIUS,
  STATE_COUNT,
  STATE_HOP,
  STATES_PER_DIGIT,
} from "../../live/stream-net.ts";

/** A digit in a window; its ends may lie outside. */
export type PlacedDigit = {
  digit: number;
  /** First sample. */
  start: number;
  /** End, exclusive. */
  end: number;
};

// A frame's target is the share that each state has of this many samples around its middle: wider than a frame, so that
// neighbouring targets run into each other where the border between two states is anybody's guess.
const SPAN = 384;

/**
 * What the net is to answer to a window: for each frame the probability of each state. Each digit is parted into thirds;
 * digits that overlap, in the middle of the overlap. Frames whose receptive field reaches beyond the window have no target.
 *
 * @param digits In their order.
 * @param options.length Of the window in samples.
 * @param options.smoothing Share of each target spread evenly over all states.
 * @param out Filled, [length / STATE_HOP, STATE_COUNT]: rows sum to 1, or to 0 where there is no target.
 */
export function fillStreamTargets(
  digits: readonly PlacedDigit[],
  { length, smoothing }: { length: number; smoothing: number },
  out: Float32Array,
): void {
  const stretches = stateStretches(digits);
  out.fill(0);
  const { first, end } = framesWithContext(length);
  for (let frame = first; frame < end; frame++) {
    const row = out.subarray(frame * STATE_COUNT, (frame + 1) * STATE_COUNT);
    const middle = (frame + 0.5 + ANSWER_SHIFT) * STATE_HOP;
    fillRow(row, stretches, middle);
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

type Stretch = { state: number; start: number; end: number };

function stateStretches(digits: readonly PlacedDigit[]): Stretch[] {
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

function fillRow(row: Float32Array, stretches: readonly Stretch[], middle: number): void {
  let none = 1;
  for (const { state, start, end } of stretches) {
    const overlap = Math.min(end, middle + SPAN / 2) - Math.max(start, middle - SPAN / 2);
    if (overlap <= 0) continue;
    row[state]! += overlap / SPAN;
    none -= overlap / SPAN;
  }
  row[0] = Math.max(0, none);
}
