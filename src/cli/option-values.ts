import { InvalidArgumentError } from "commander";
import { isOperatingPoint, OPERATING_POINT_NAMES, type Threshold } from "../model/prediction.ts";

/**
 * Reads a number given on the command line.
 *
 * @param text For example `1e-3`.
 * @returns A finite number.
 * @throws {InvalidArgumentError} Commander's: the text is no such number.
 */
export function parseNumber(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError("It must be a number.");
}

/**
 * Reads a count given on the command line.
 *
 * @param text For example `400`.
 * @returns A whole number, >= 1.
 * @throws {InvalidArgumentError} Commander's: the text is no such number.
 */
export function parseCount(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError("It must be a whole number from 1.");
}

/**
 * Reads a seed given on the command line.
 *
 * @param text For example `-3`.
 * @returns A whole number.
 * @throws {InvalidArgumentError} Commander's: the text is no such number.
 */
export function parseSeed(text: string): number {
  const value = parseNumber(text);
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("It must be a whole number.");
}

/**
 * Reads a probability given on the command line.
 *
 * @param text For example `0.8`.
 * @returns A number in 0..1.
 * @throws {InvalidArgumentError} Commander's: the text is no such number.
 */
export function parseProbability(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}

/**
 * Reads a threshold given on the command line.
 *
 * @param text For example `0.8` or `strict`.
 * @returns A number in 0..1, or the name of an operating point.
 * @throws {InvalidArgumentError} Commander's: the text is neither.
 */
export function parseThreshold(text: string): Threshold {
  if (isOperatingPoint(text)) return text;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(`It must be a number from 0 to 1, ${OPERATING_POINT_NAMES.join(", ")}.`);
}

/**
 * The threshold of a stream model, which has no operating points.
 *
 * @param threshold As {@link parseThreshold} read it.
 * @throws {InvalidArgumentError} Commander's: it is a name.
 */
export function streamThreshold(threshold: Threshold | undefined): number | undefined {
  if (typeof threshold !== "string") return threshold;
  throw new InvalidArgumentError(
    "--threshold: a stream model has no operating points; give a number, 0 to 1",
  );
}
