// What synthetic voices are asked to say: digits, letters and words by themselves, numbers as people say them, sentences.

import { DIGIT_WORDS } from "../model/prediction.ts";
import type { Random } from "../random.ts";

/** A text and how fast it is said, a factor. */
export type SynthesizedText = { text: string; rate: number };

/** The letter O is left out: it is said for zero as well. "A" within a text would be read as the article. */
const LETTERS = [..."ABCDEFGHIJKLMNPQRSTUVWXYZ"];

/** Words like digits, first vowels between h and d, and common ones; none that sounds as a digit does ("to", "for", "ate"). */
const WORDS =
  "heed hid head had hard hod hawed hood hoed hud heard hoard hide hayed who'd tree free fry fire file find fine fight hive dive drive " +
  "live life nice night mine line wine nigh none known noon nun want wand when won't run gun fun sun son some sick sit fix mix sex " +
  "seek sake heaven oven eleven several sever savour hero zebra zeal sierra narrow arrow borrow ease easy eat it at late gate weight wait " +
  "date day play say may they aid age who do you shoe chew tooth true through blue new tool food force fort form more door floor fall phone " +
  "on off up down left right go stop yes no please thanks hello goodbye house water music lights alarm timer weather open close bed bird cat dog happy";

const OPENINGS = "my number is,it is,please call,the code is,dial,room,yes it's,that's,okay,".split(",");
const CLOSINGS = "please,thank you,is that right,in the morning,and that is all,,,".split(",");
const SENTENCES = [
  "could you tell me when the next train leaves",
  "I would like to change my address please",
  "the weather will be fine in the evening",
  "nobody knew where the key had been left",
  "please turn the music down in the kitchen",
  "she said that they had eaten late that night",
  "we may have to wait until the door is open",
  "I am afraid that is all we know about it",
  "the children ran through the wide green field",
  "call my mother and ask her how she is",
  "that sounds right to me so go ahead",
  "he has never been at home on a Sunday",
];

const WORDS_A_VOICE = 30;
const RATES = [0.85, 1.2] as const;
const NUMBERS_A_VOICE = 40;
const SENTENCES_A_VOICE = 6;
/** Share of the digits that are zero, and of the numbers in which it is "oh". */
const ZERO_SHARE = 0.25;
const OH_SHARE = 0.6;

/** Texts of one word, each to be a recording of its own. @param random Decides. */
export function singleWords(random: Random): SynthesizedText[] {
  const words = random.shuffle(WORDS.split(" ")).slice(0, WORDS_A_VOICE);
  const others = [...LETTERS, ...words].map((text) => ({ text, rate: random.uniform(...RATES) }));
  return [...DIGIT_WORDS.flatMap((text) => RATES.map((rate) => ({ text, rate }))), ...others];
}

/** Numbers, some with words or letters around them, and sentences without a digit. @param random Decides. */
export function fluentTexts(random: Random): SynthesizedText[] {
  const numbers = Array.from({ length: NUMBERS_A_VOICE }, () => drawNumber(random));
  const sentences = random.shuffle(SENTENCES).slice(0, SENTENCES_A_VOICE);
  return [...numbers, ...sentences].map((text) => ({ text, rate: random.uniform(0.8, 1.4) }));
}

function drawNumber(random: Random): string {
  const zero = random.chance(OH_SHARE) ? "oh" : "zero";
  const isSpelled = random.chance(0.25);
  const digits = Array.from({ length: random.integer(3, 9) }, () =>
    random.chance(ZERO_SHARE) ? zero : DIGIT_WORDS[random.integer(1, 10)]!,
  );
  if (isSpelled) return [...pick(LETTERS.slice(1), random.integer(1, 5), random), ...digits].join(" ");
  if (random.chance(0.5)) return digits.join(" ");
  return [...pick(OPENINGS, 1, random), ...digits, ...pick(CLOSINGS, 1, random)].filter(Boolean).join(" ");
}

const pick = (list: readonly string[], count: number, random: Random) =>
  Array.from({ length: count }, () => list[random.integer(0, list.length)]!);
