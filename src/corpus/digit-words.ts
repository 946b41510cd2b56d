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

/**
 * Voice prompts of Asterisk that are tones or silence, by the names of their files. Source: the list of texts published with
 * the prompts, core-sounds-en.txt.
 */
export const PROMPTS_WITHOUT_SPEECH: ReadonlySet<string> = namesOf(`
  ascending-2tone descending-2tone beep beeperr confbridge-join confbridge-leave silence-1 silence-2 silence-3`);

/**
 * Prompts with a digit, a word that holds one or one that sounds like one (the rule of `holdsDigitWord`): numbers from 14
 * on, phrases of the kind "press 3 to", folders 5 to 9, "for" alone, "saved to".
 */
export const PROMPTS_WITH_DIGIT_WORDS: ReadonlySet<string> = namesOf(`
  digits-14 digits-16 digits-17 digits-18 digits-19 digits-40 digits-60 digits-70 digits-80 digits-90
  digits-h-4 digits-h-6 digits-h-7 digits-h-8 digits-h-9 digits-h-14 digits-h-16 digits-h-17 digits-h-18 digits-h-19
  digits-h-40 digits-h-60 digits-h-70 digits-h-80 digits-h-90 digits-oh letters-o phonetic-9_p
  conf-onlyone confbridge-only-one dictate-forhelp dir-multi2 dir-multi9 followme-options for is-set-to one-moment-please
  spy-h323 spy-iax2 vm-advopts vm-calldiffnum vm-Cust1 vm-Cust2 vm-Cust3 vm-Cust4 vm-Cust5 vm-delete vm-for vm-leavemsg
  vm-next vm-onefor vm-onefor-full vm-prev vm-reachoper vm-repeat vm-review-urgent vm-savedto vm-savemessage
  vm-tempgreeting vm-tocallback vm-tocallnum vm-toenternumber vm-toforward vm-tohearenv vm-tomakecall vm-toreply
  vm-torerecord vm-undelete`);

function namesOf(list: string): Set<string> {
  return new Set(list.split(/\s+/).filter((name) => name !== ""));
}
