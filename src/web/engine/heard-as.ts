import type { DigitEvent } from "../../live/digit-event.ts";
import type { Prediction } from "../../model/prediction.ts";
import type { HeardDigit } from "./protocol.ts";
import type { Rival } from "./utterance.ts";

/**
 * The answer to a digit in a stream. The stream model, which hears what is around a digit, says which it was and how sure
 * that is; the classifier, which hears the digit alone, says what else it might have been: the rest is shared out as the
 * classifier would.
 *
 * @param seen What the classifier says of the digit's samples.
 * @param event What the stream model heard.
 * @returns An answer whose probabilities sum to 1 and agree with its digit and confidence.
 */
export function heardAs(
  seen: Prediction,
  { digit, confidence }: Pick<DigitEvent, "digit" | "confidence">,
): HeardDigit {
  const others = 1 - seen.probs[digit]!;
  const share = others > 0 ? (1 - confidence) / others : 0;
  const probs = seen.probs.map((p, i) => (i === digit ? confidence : p * share));
  const noneProb = others > 0 ? seen.noneProb * share : 1 - confidence;
  return { ...seen, digit, topDigit: digit, confidence, none: null, probs, noneProb };
}

/** The likeliest other digits of a prediction. @param prediction Of one digit. */
export function rivalsIn(prediction: Prediction): Rival[] {
  const { probs, topDigit } = prediction;
  return probs
    .map((confidence, digit) => ({ digit, confidence }))
    .filter(({ digit }) => digit !== topDigit)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, 3);
}
