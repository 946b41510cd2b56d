/** A digit heard in a stream. Times are milliseconds of audio since the stream began. */
export type DigitEvent = {
  /** 0-9. */
  digit: number;
  /** Mean probability of the digit while it lasts, 0..1. */
  confidence: number;
  /** The digits that it would be if not this one, the likeliest first, with their mean probabilities. */
  rivals: { digit: number; confidence: number }[];
  /** Where the digit begins. */
  startMs: number;
  /** Where it ends, > startMs. */
  endMs: number;
};

/**
 * What a recognizer says of a digit: it may be tentative first, and is then made firm or taken back (withdrawn). A firm digit
 * stays.
 */
export type LiveDigitEvent = DigitEvent & {
  /** The same for all that is said of one digit; rises with the order in which digits are first mentioned. */
  id: number;
  status: "tentative" | "firm" | "withdrawn";
};
