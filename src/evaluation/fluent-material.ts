// What the recognition of fluent speech is measured on: numbers by people, numbers among words, and speech without a digit.

import { meanPower, peakOf } from "../audio/level.ts";
import type { CorpusFolders } from "../corpus/corpora.ts";
import type { DataPart } from "../corpus/data-part.ts";
import {
  digitsInText,
  type FluentRecording,
  readConnectedSpeech,
  readSpeech,
} from "../corpus/fluent-speech.ts";
import { loadSamples } from "../corpus/load-samples.ts";
import { CorpusError } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Said } from "./listening-report.ts";

/** A recording, or one made of several. */
export type FluentTestRecording = Said & {
  /** Mono, 8 kHz. */
  samples: Float32Array;
};

/**
 * Recordings with digits: nothing but digits; digits in a row among other words; digits of which one stands between other
 * words; the first in the middle of other people's sentences.
 */
type NumberSet = "digits alone" | "among words" | "one among words" | "in sentences";

/** Recordings without a digit. */
type NegativeSet = "sentences" | "calls" | "spelled names" | "wake words";

/** Everything by the speakers of one part. */
export type FluentTestMaterial = {
  numbers: Record<NumberSet, FluentTestRecording[]>;
  negatives: Record<NegativeSet, FluentTestRecording[]>;
};

const NEGATIVE_SETS: Readonly<Record<string, NegativeSet>> = {
  speechocean762: "sentences",
  librispeech: "sentences",
  wuw2: "calls",
  "spelled-names": "spelled names",
  "wake-words": "wake words",
};
// From the end of what is before a number to its first sample, and back.
const SPLICE_GAP_MS = [100, 300] as const;
const SPLICE_SEED = 1;
const SAMPLES_PER_MS = 8;

/**
 * Reads the recordings of one part.
 *
 * @param folders From `locateCorpora`; `connected` and `speech` are needed.
 * @param part Whose speakers.
 * @throws {CorpusError} `corpus-missing`: one of the two is not there; `corpus-format`: a table is damaged.
 * @throws {FileError} A file cannot be read.
 * @throws {AudioFormatError} A recording cannot be decoded.
 */
export async function readFluentTestMaterial(
  folders: CorpusFolders,
  part: DataPart,
): Promise<FluentTestMaterial> {
  const { connected, speech } = folders;
  if (!connected || !speech) {
    throw new CorpusError(
      "corpus-missing",
      "fluent speech: needs the folders connected and speech; name the folder above with --data or SPOKEN_DIGITS_DATA",
    );
  }
  const ofPart = (recordings: FluentRecording[]) => recordings.filter((recording) => recording.part === part);
  const withDigits = await load(ofPart(await readConnectedSpeech(connected)));
  const without = await load(ofPart(await readSpeech(speech)));
  const alone = withDigits.filter(({ text }) => text.split(" ").every(isPartOfNumber));
  const among = withDigits.filter((recording) => recording.digits !== "" && !alone.includes(recording));
  const [oneAmong, rowAmong] = [true, false].map((is) =>
    among.filter(({ text }) => hasLoneDigit(text) === is),
  );
  const setOf = (name: NegativeSet) => without.filter(({ corpus }) => NEGATIVE_SETS[corpus] === name);
  const sentences = setOf("sentences");
  return {
    numbers: {
      "digits alone": alone,
      "among words": rowAmong!,
      "one among words": oneAmong!,
      "in sentences": sentences.length === 0 ? [] : alone.map((number, i) => splice(number, sentences, i)),
    },
    negatives: {
      sentences,
      calls: setOf("calls"),
      "spelled names": setOf("spelled names"),
      "wake words": setOf("wake words"),
    },
  };
}

type Loaded = FluentTestRecording & { text: string };

async function load(recordings: readonly FluentRecording[]): Promise<Loaded[]> {
  const samples = await loadSamples(recordings);
  return recordings.map(({ path, text, speaker, corpus }, i) => ({
    path,
    text,
    digits: digitsInText(text),
    speaker,
    corpus,
    samples: samples[i]!,
    durationMs: samples[i]!.length / SAMPLES_PER_MS,
  }));
}

const isPartOfNumber = (word: string) => digitsInText(word) !== "" || word === "double" || word === "triple";

/** Whether a digit has no other one beside it. @param text Words between spaces. */
function hasLoneDigit(text: string): boolean {
  const isDigit = text.split(" ").map(isPartOfNumber);
  return isDigit.some((is, i) => is && !isDigit[i - 1] && !isDigit[i + 1]);
}

/** A number between two sentences of others, at the level of the first. */
function splice(
  number: FluentTestRecording,
  sentences: readonly FluentTestRecording[],
  index: number,
): FluentTestRecording {
  const random = createRandom(SPLICE_SEED, index);
  const draw = () => sentences[random.integer(0, sentences.length)]!.samples;
  const gap = () => new Float32Array(Math.round(random.uniform(...SPLICE_GAP_MS) * 8));
  const [before, after] = [draw(), draw()];
  const parts = [before, gap(), atLevelOf(before, number.samples), gap(), atLevelOf(before, after)];
  const samples = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    samples.set(part, place);
    place += part.length;
  }
  return { ...number, samples, durationMs: samples.length / SAMPLES_PER_MS };
}

function atLevelOf(other: Float32Array, samples: Float32Array): Float32Array {
  const gain = Math.sqrt(meanPower(other) / Math.max(1e-12, meanPower(samples)));
  const peak = peakOf(samples);
  const limited = Math.min(gain, 1 / Math.max(1e-6, peak));
  return samples.map((value) => limited * value);
}
