// How the text of a setting becomes its value. Each throws an InvalidArgumentError that says what was expected.

import { isIP } from "node:net";
import { InvalidArgumentError } from "../errors.ts";
import { isOperatingPoint, type Threshold } from "../model/prediction.ts";

/**
 * A reader of whole numbers.
 *
 * @param min Smallest value taken.
 * @param max Largest value taken. Default: none is too large.
 * @returns Reads the text of one; throws `InvalidArgumentError` on anything else.
 */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `${min}..${max}`;
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`must be a whole number ${range}, got ${JSON.stringify(text)}`);
  };
}

/**
 * Reads a threshold, or nothing.
 *
 * @param text A number 0..1, or the name of an operating point; empty for none.
 * @throws {InvalidArgumentError} It is neither.
 */
export function thresholdOrNone(text: string): Threshold | undefined {
  if (text === "") return undefined;
  if (isOperatingPoint(text)) return text;
  const value = /^[\d.e-]+$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError(
    `must be a number 0..1, strict, balanced or lenient, got ${JSON.stringify(text)}`,
  );
}

/**
 * Reads a port, or nothing.
 *
 * @param text A whole number 0..65535; empty for none.
 * @throws {InvalidArgumentError} It is neither.
 */
export function portOrNone(text: string): number | undefined {
  return text === "" ? undefined : wholeNumber(0, 65_535)(text);
}

/**
 * A reader of one word out of a few.
 *
 * @param choices The words.
 * @returns Reads one of them; throws `InvalidArgumentError` on anything else.
 */
export function oneOf<Choice extends string>(choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    if (choice !== undefined) return choice;
    throw new InvalidArgumentError(`must be ${choices.join(", ")}, got ${JSON.stringify(text)}`);
  };
}

/**
 * Reads text that must not be empty.
 *
 * @param text What was given.
 * @throws {InvalidArgumentError} It is empty.
 */
export function someText(text: string): string {
  if (text.trim() !== "") return text.trim();
  throw new InvalidArgumentError("must not be empty");
}

function list(text: string): readonly string[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/**
 * Reads the origins that pages of other sites may have.
 *
 * @param text `https://example.org`, several with commas between, `*` for all; empty for none.
 * @throws {InvalidArgumentError} An entry is no origin.
 */
export function origins(text: string): readonly string[] {
  const entries = list(text);
  const wrong = entries.find(
    (entry) => entry !== "*" && !(URL.canParse(entry) && new URL(entry).origin === entry),
  );
  if (wrong === undefined) return entries;
  throw new InvalidArgumentError(`must be origins like https://example.org, got ${JSON.stringify(wrong)}`);
}

/**
 * Reads the names under which clients may ask.
 *
 * @param text `digits.example.org`, several with commas between, `.example.org` for all names below it, `*` for any;
 *   empty for none.
 * @returns In small letters.
 * @throws {InvalidArgumentError} An entry is no name, for example one with a port.
 */
export function hostNames(text: string): readonly string[] {
  const entries = list(text.toLowerCase());
  const wrong = entries.find((entry) => entry !== "*" && !/^\.?[a-z\d_-]+(\.[a-z\d_-]+)*$/.test(entry));
  if (wrong === undefined) return entries;
  throw new InvalidArgumentError(`must be names like digits.example.org, got ${JSON.stringify(wrong)}`);
}

/** Names of networks that stand for themselves. */
const NETWORK_NAMES = ["loopback", "linklocal", "uniquelocal"];

/**
 * Reads the proxies that are believed.
 *
 * @param text Addresses, networks such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`, with commas between;
 *   empty for none.
 * @throws {InvalidArgumentError} An entry is neither.
 */
export function proxies(text: string): readonly string[] {
  const entries = list(text);
  const wrong = entries.find((entry) => !NETWORK_NAMES.includes(entry) && !isNetwork(entry));
  if (wrong === undefined) return entries;
  throw new InvalidArgumentError(
    `must be addresses or networks like 10.0.0.0/8, got ${JSON.stringify(wrong)}`,
  );
}

function isNetwork(text: string): boolean {
  const [address = "", bits = "0", ...rest] = text.split("/");
  const maxBits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= maxBits;
}

/**
 * Reads a token that requests have to carry.
 *
 * @param text At least 16 characters of those that a header may hold; empty for none.
 * @throws {InvalidArgumentError} It is shorter, or holds others. The message does not repeat it.
 */
export function tokenOrNone(text: string): string {
  // RFC 6750: what follows "Bearer ".
  if (text === "" || /^[\w.~+/-]{16,}=*$/.test(text)) return text;
  throw new InvalidArgumentError(
    "must be 16 or more of the characters A-Z a-z 0-9 - . _ ~ + / and = at its end",
  );
}
