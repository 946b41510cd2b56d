import type { DigitEvent } from "../../live/digit-event.ts";
import { likeliestDigits, type Prediction } from "../../model/prediction.ts";
import type { HeardDigit } from "./protocol.ts";
import type { Rival } from "./utterance.ts";

/**
 * The answer to a digit in a stream: the stream model, which hears what is around a digit, says which it was, how sure that
 * is and what else it might have been; the classifier, which looks at the digit alone, what it looks like.
 *
 * @param seen What the classifier says of the digit's samples.
 * @param event.digit What the stream model heard.
 * @param event.confidence How sure it is, 0..1.
 * @param event.rivals What else it might have been, and how likely that is.
 * @returns Its probabilities are the stream model's: of the digit and its rivals; what is left is none.
 */
export function heardAs(
  seen: Prediction,
  { digit, confidence, rivals }: Pick<DigitEvent, "digit" | "confidence"> & { rivals: readonly Rival[] },
): HeardDigit {
  const probs = new Array<number>(seen.probs.length).fill(0);
  for (const named of [...rivals, { digit, confidence }]) probs[named.digit] = named.confidence;
  const noneProb = Math.max(0, 1 - probs.reduce((sum, prob) => sum + prob, 0));
  return { ...seen, digit, topDigit: digit, confidence, none: null, probs, noneProb };
}

/** The likeliest other digits of a prediction. @param prediction Of one digit. */
export function rivalsIn(prediction: Prediction): Rival[] {
  return likeliestDigits(prediction.probs)
    .filter(({ digit }) => digit !== prediction.topDigit)
    .slice(0, 3);
}
