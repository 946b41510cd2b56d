// What a classifier makes of its net's output: which digit, how sure, and when that is not sure enough.

import { InvalidArgumentError } from "../errors.ts";

/** The words that are classes, each at the place of its digit. What else is said is the class behind them. */
export const DIGIT_WORDS: readonly string[] = "zero one two three four five six seven eight nine".split(" ");

/** The class of what is none of the words. */
export const NONE_CLASS = DIGIT_WORDS.length;

/**
 * Why a recording got no digit: nothing to hear; something else than a digit; a digit, but not clear enough which; more
 * than one digit.
 */
export type NoneReason = "silence" | "not-a-digit" | "uncertain" | "several-digits";

/** What the net saw: row-major [nMels, nFrames], lowest band first. */
export type Spectrogram = { data: Float32Array; nMels: number; nFrames: number };

/** The prediction for one recording. */
export type Prediction = {
  /** The digit spoken, or null where `none` says why not. */
  digit: number | null;
  /** Probability of the most likely digit, 0..1. */
  confidence: number;
  /** The most likely digit, whether or not it was accepted. */
  topDigit: number;
  /** Probabilities of the ten digits; with `noneProb` they sum to 1. */
  probs: number[];
  /** Probability that it is no digit. */
  noneProb: number;
  /** Why `digit` is null, else null. */
  none: NoneReason | null;
  /** What the net saw, where it was asked for. */
  logMel?: Spectrogram;
  /** Time from samples to prediction, in ms; for a batch, its share. */
  ms: number;
};

/** The part of a prediction that follows from the logits. */
export type Decision = Omit<Prediction, "logMel" | "ms">;

/** Names of the operating points. `balanced` is the threshold that a model applies by itself. */
export const OPERATING_POINT_NAMES = ["strict", "balanced", "lenient"] as const;

/** One of them. */
export type OperatingPointName = (typeof OPERATING_POINT_NAMES)[number];

/** A threshold, and what it was measured to do on speakers who did not train. Shares are in 0..1. */
export type OperatingPoint = {
  /** Least confidence for a digit. */
  threshold: number;
  /** Share of the digits that are kept. */
  digitsKept: number;
  /** Share of the negatives (other words, pieces of sentences) that are false accepts. */
  falseAccepts: number;
};

/** All of a model's. */
export type OperatingPoints = Record<OperatingPointName, OperatingPoint>;

/** A least confidence, 0..1, or the name of an operating point. */
export type Threshold = number | OperatingPointName;

/**
 * Decides on a prediction.
 *
 * @param logits Of 0-9 and none.
 * @param options.threshold Least confidence for a digit, 0..1.
 * @param options.isSilent Whether there was nothing to hear.
 */
export function decide(
  logits: ArrayLike<number>,
  { threshold, isSilent }: { threshold: number; isSilent: boolean },
): Decision {
  const all = softmax(logits);
  const probs = all.slice(0, NONE_CLASS);
  const noneProb = all[NONE_CLASS]!;
  const confidence = Math.max(...probs);
  const topDigit = probs.indexOf(confidence);
  const none = noneReason({ isSilent, confidence, noneProb, threshold });
  return { digit: none ? null : topDigit, confidence, topDigit, probs, noneProb, none };
}

function noneReason(of: {
  isSilent: boolean;
  confidence: number;
  noneProb: number;
  threshold: number;
}): NoneReason | null {
  if (of.isSilent) return "silence";
  if (of.noneProb > of.confidence) return "not-a-digit";
  return of.confidence < of.threshold ? "uncertain" : null;
}

/** Probabilities of all classes. @param logits One number a class. */
export function softmax(logits: ArrayLike<number>): number[] {
  const highest = Math.max(...Array.from(logits));
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

/**
 * Digits by how likely they are, the likeliest first.
 *
 * @param probs Of each digit.
 */
export function likeliestDigits(probs: readonly number[]): { digit: number; confidence: number }[] {
  return probs
    .map((confidence, digit) => ({ digit, confidence }))
    .sort((a, b) => b.confidence - a.confidence);
}

/**
 * The least confidence that is meant.
 *
 * @param info Of the model.
 * @param threshold Default: the model's own.
 * @throws {InvalidArgumentError} It is neither 0..1 nor a name, or the model has no operating points.
 */
export function resolveThreshold(
  info: { threshold: number; operatingPoints?: OperatingPoints },
  threshold: Threshold = info.threshold,
): number {
  if (typeof threshold === "number" && threshold >= 0 && threshold <= 1) return threshold;
  if (!isOperatingPoint(threshold)) {
    throw new InvalidArgumentError(
      `threshold must be 0..1, ${OPERATING_POINT_NAMES.join(", ")}, got ${String(threshold)}`,
    );
  }
  const point = info.operatingPoints?.[threshold];
  if (point) return point.threshold;
  throw new InvalidArgumentError(`the model has no operating points; give the threshold as a number, 0..1`);
}

/** Whether a value is the name of an operating point. @param value Anything. */
export const isOperatingPoint = (value: unknown): value is OperatingPointName =>
  OPERATING_POINT_NAMES.includes(value as OperatingPointName);
