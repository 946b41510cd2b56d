import { NONE_CLASS } from "../model/prediction.ts";

/** What a recording says: a digit, or "none" for anything else (other words, noise, silence). */
export type Label = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | "none";

/** A word of a recording. */
export type TimedWord = { word: string; startMs: number; endMs: number };

/** One labelled audio file of a corpus. */
export type Recording = {
  /** Path of the audio file, readable from the working directory. */
  path: string;
  label: Label;
  /** Who speaks, unique within the corpus. */
  speaker: string;
  /** Name of the corpus, for example `fsdd`. */
  corpus: string;
  /** Which repetition of the same word by the same speaker this is, from 0. */
  take?: number;
  /** What is said, where the label is "none" and the corpus tells it. */
  word?: string;
  /** The words of fluent speech in their order, where their times are known. What is between them is silence. */
  words?: readonly TimedWord[];
};

/** Class of a label, 0..10. @param recording Whose label. */
export const classOf = ({ label }: Pick<Recording, "label">): number =>
  label === "none" ? NONE_CLASS : label;
