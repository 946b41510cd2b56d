// From what is heard frame by frame to events: each digit is mentioned when it first shows, and again when it is decided on.

import type { DecodedDigit } from "./digit-decoder.ts";
import type { DigitEvent, LiveDigitEvent } from "./digit-event.ts";
import type { Heard } from "./listener.ts";

/** Makes events of one stream. */
export type DigitReporter = {
  /** @param heard At one frame. @returns What is new: withdrawn digits first, then firm, then tentative ones. */
  report(heard: Heard): LiveDigitEvent[];
};

/** How {@link createDigitReporter} reports. */
export type DigitReporterOptions = {
  /** Whether to mention digits that are not decided on. */
  tentative: boolean;
  /** Time of a frame's beginning, in ms. */
  toMs: (frame: number) => number;
};

type Mentioned = { id: number; digit: DecodedDigit };

/** While paths compete, the beginning of a digit moves by some frames. */
const SAME_START = 4;
const N_RIVALS = 2;

/** Makes a reporter for one stream. @param options See {@link DigitReporterOptions}. */
export function createDigitReporter({ tentative, toMs }: DigitReporterOptions): DigitReporter {
  let mentioned: Mentioned[] = [];
  let nextId = 0;
  const take = (digit: DecodedDigit): Mentioned | undefined => {
    const found = mentioned.find((other) => isSame(other.digit, digit));
    mentioned = mentioned.filter((other) => other !== found);
    return found;
  };
  const event = (id: number, status: LiveDigitEvent["status"], digit: DecodedDigit): LiveDigitEvent => ({
    id,
    status,
    ...describeDigit(digit, toMs),
  });
  return {
    report({ firm, open }) {
      const made = firm.map((digit) => event(take(digit)?.id ?? nextId++, "firm", digit));
      if (!tentative) return made.filter(isInStream);
      const kept = open.map((digit) => ({ digit, known: take(digit) }));
      // What is left was on the best path and is no more.
      const gone = mentioned.map(({ id, digit }) => event(id, "withdrawn", digit));
      const shown: LiveDigitEvent[] = [];
      mentioned = kept.map(({ digit, known }) => {
        if (known) return { id: known.id, digit };
        shown.push(event(nextId, "tentative", digit));
        return { id: nextId++, digit };
      });
      return [...gone, ...made, ...shown].filter(isInStream);
    },
  };
}

/**
 * A digit as an event tells it.
 *
 * @param digit See {@link DecodedDigit}.
 * @param toMs Time of a frame's beginning, in ms.
 */
export function describeDigit(
  { digit, start, end, probs }: DecodedDigit,
  toMs: (frame: number) => number,
): DigitEvent {
  const rivals = probs
    .map((confidence, other) => ({ digit: other, confidence }))
    .filter((other) => other.digit !== digit)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, N_RIVALS);
  return { digit, confidence: probs[digit]!, rivals, startMs: toMs(start), endMs: toMs(end) };
}

const isSame = (a: DecodedDigit, b: DecodedDigit) =>
  a.digit === b.digit && Math.abs(a.start - b.start) <= SAME_START;

/** Of a digit in the silence that is thought before the stream, nothing is left. */
const isInStream = ({ startMs, endMs }: DigitEvent) => endMs > startMs;
