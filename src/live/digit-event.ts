/** A digit heard in a stream. Times are milliseconds of audio since the stream began. */
export type DigitEvent = {
  /** 0-9. */
  digit: number;
  /** How sure the answer is, 0..1. */
  confidence: number;
  /** Where the digit begins. */
  startMs: number;
  /** Where it ends, > startMs. */
  endMs: number;
};
