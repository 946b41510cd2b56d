import { InvalidArgumentError } from "../errors.ts";
import type { ModelInfo } from "./model-metadata.ts";

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
 * The least confidence that is meant.
 *
 * @param info Of the model.
 * @param threshold Default: the model's own.
 * @throws {InvalidArgumentError} It is neither 0..1 nor a name, or the model has no operating points.
 */
export function resolveThreshold(
  info: Pick<ModelInfo, "threshold" | "operatingPoints">,
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
