import type { Label } from "../engine/utterance.ts";

const WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
// As the Free Spoken Digit Dataset names its files: 7_theo_0.wav.
const DIGIT_FIRST = /^(\d)_/;

/**
 * What the name of a recording says that it is: `7_theo_0.wav`, or a file in a folder `seven` or `7`, as Speech Commands
 * has them.
 *
 * @param path Of the file, with slashes.
 * @returns The digit, or null where the name says nothing.
 */
export function labelInName(path: string): Label | null {
  const parts = path.split("/");
  const first = DIGIT_FIRST.exec(parts.at(-1)!)?.[1];
  if (first !== undefined) return Number(first);
  const folder = parts.at(-2)?.toLowerCase() ?? "";
  if (/^\d$/.test(folder)) return Number(folder);
  const word = WORDS.indexOf(folder);
  return word < 0 ? null : word;
}
