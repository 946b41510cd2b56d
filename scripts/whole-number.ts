/**
 * Reads the value of an option that counts something.
 *
 * @param option As it is written, for example `--streams`.
 * @param text Its value.
 * @throws {RangeError} It is no whole number from 1.
 */
export function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new RangeError(`${option} must be a whole number from 1, got "${text}"`);
}
