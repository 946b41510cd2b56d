// Which words sound like a digit or have one within them.

// "oh" and the letter "o" are said for zero.
const SAME_AS_DIGIT = new Set(["oh", "o", "won", "too", "ate"]);
// Beginnings that are a digit as it is said: also of eighteen, fourth, ninth, ninety, sixty, seventeenth, fortieth.
const BEGINS_WITH_DIGIT = /^(zero|one|two|three|four|fort(y|ie)|five|six|seven|eight|nin(e|t))/;
const ENDS_WITH_DIGIT = new Set(["anyone", "everyone", "someone"]);
// Said in passing these are weak and sound otherwise; alone, or where a phrase ends with them, they are "two" and "four".
const DIGIT_WHEN_STRESSED = new Set(["to", "for"]);

/**
 * Whether a digit is heard in a text: as a word, within another (eighteen, ninety, fourth, twenty-one), or as a word that
 * sounds the same (oh, won; to and for where they are stressed). Not within thirty, fifty, third or fifth, which are said
 * otherwise. Written digits count too.
 *
 * @param text English words between spaces, hyphens or underscores, in any case.
 */
export function holdsDigitWord(text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/[^a-z0-9']+/)
    .filter((word) => word !== "");
  return words.some(isDigitLike) || DIGIT_WHEN_STRESSED.has(words.at(-1) ?? "");
}

function isDigitLike(word: string): boolean {
  return (
    /\d/.test(word) || SAME_AS_DIGIT.has(word) || ENDS_WITH_DIGIT.has(word) || BEGINS_WITH_DIGIT.test(word)
  );
}
