// Has programs of this machine say digits, letters, words and numbers in many voices, for `train --synthesized FOLDER`.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { findActiveSpans } from "../audio/active-span.ts";
import { SAMPLE_RATE } from "../model/log-mel.ts";
import { createRandom } from "../random.ts";
import { loadSamples } from "./load-samples.ts";
import type { TimedWord } from "./recording.ts";
import { fluentTexts, type SynthesizedText, singleWords } from "./synthesized-texts.ts";
import { nameOfVoice, SYNTHETIC_VOICES, type SyntheticVoice } from "./synthetic-voices.ts";
import { makeWholeFolder } from "./whole-folder.ts";

const runFile = promisify(execFile);

/** Settings of {@link synthesizeVoices}. */
export type SynthesizeVoicesOptions = {
  /** Default: {@link SYNTHETIC_VOICES}. */
  voices?: readonly SyntheticVoice[];
  /** Called when a voice is done. */
  onVoice?: (name: string, recordings: number) => void;
  /** Ends the work and leaves nothing; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
};

/**
 * Makes a folder of synthetic speech, for `readSynthesizedSpeech`: `words.tsv` and a folder of WAV files for each voice. The
 * times of words in a text are estimates, from how long each lasts by itself: `train --realign` finds them anew.
 *
 * @param folder Is not there yet.
 * @param options See {@link SynthesizeVoicesOptions}.
 * @throws {InvalidArgumentError} The folder is there.
 * @throws {CorpusError} `corpus-download`: a program is missing or fails; nothing is left behind.
 */
export async function synthesizeVoices(folder: string, options: SynthesizeVoicesOptions = {}): Promise<void> {
  const { voices = SYNTHETIC_VOICES, onVoice, signal } = options;
  await makeWholeFolder(folder, { signal, reasonOf }, async (empty) => {
    const rows = ["file\tspeaker\tstart_ms\tend_ms\tword"];
    for (const [number, voice] of voices.entries()) {
      const ofVoice = await speakVoice(voice, number, empty, signal);
      rows.push(...ofVoice.rows);
      onVoice?.(nameOfVoice(voice), ofVoice.count);
    }
    await writeFile(join(empty, "words.tsv"), `${rows.join("\n")}\n`);
  });
}

function reasonOf(cause: unknown): string {
  const { code, message, path } = cause as NodeJS.ErrnoException;
  return code === "ENOENT" ? `there is no ${path} here; install it` : message.trim();
}

async function speakVoice(voice: SyntheticVoice, number: number, work: string, signal?: AbortSignal) {
  const name = nameOfVoice(voice);
  const random = createRandom(1, number);
  const texts = [...singleWords(random), ...fluentTexts(random)];
  await mkdir(join(work, name));
  const paths = texts.map((_, i) => join(work, name, `${String(i).padStart(3, "0")}.wav`));
  await speak(voice, texts, paths, signal);
  const lasts = await lengthsOfWords(voice, texts, work, signal);
  const samples = await loadSamples(paths.map((path) => ({ path })));
  const rows = texts.flatMap(({ text }, i) =>
    timesOf(text.split(" "), samples[i]!, lasts).map(({ word, startMs, endMs }) =>
      [`${name}/${basename(paths[i]!)}`, name, startMs, endMs, word.toLowerCase()].join("\t"),
    ),
  );
  return { rows, count: texts.length };
}

/** How long each word of the texts lasts by itself, in samples. */
async function lengthsOfWords(
  voice: SyntheticVoice,
  texts: readonly SynthesizedText[],
  work: string,
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  const words = [...new Set(texts.flatMap(({ text }) => text.split(" ")))];
  const folder = await mkdtemp(join(work, "alone-"));
  const paths = words.map((_, i) => join(folder, `${i}.wav`));
  const alone = words.map((text) => ({ text, rate: 1 }));
  await speak(voice, alone, paths, signal);
  const samples = await loadSamples(paths.map((path) => ({ path })));
  await rm(folder, { recursive: true });
  return new Map(words.map((word, i) => [word, lengthOf(spanOf(samples[i]!))]));
}

const spanOf = (samples: Float32Array) => {
  const spans = findActiveSpans(samples, { sampleRate: SAMPLE_RATE });
  return { start: spans[0]?.start ?? 0, end: spans.at(-1)?.end ?? samples.length };
};

const lengthOf = ({ start, end }: { start: number; end: number }) => end - start;

/** The words share what is heard of the text as they last by themselves. */
function timesOf(words: readonly string[], samples: Float32Array, lasts: Map<string, number>): TimedWord[] {
  const { start, end } = spanOf(samples);
  const total = words.reduce((sum, word) => sum + lasts.get(word)!, 0);
  let at = start;
  return words.map((word) => {
    const from = at;
    at += ((end - start) * lasts.get(word)!) / total;
    return { word, startMs: toMs(from), endMs: toMs(at) };
  });
}

const toMs = (at: number) => Math.round((at * 1000) / SAMPLE_RATE);

/** Speaks each text into its file. */
async function speak(
  { program, voice, pitch }: SyntheticVoice,
  texts: readonly SynthesizedText[],
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  if (program === "festival") {
    const script = texts.map(({ text, rate }, i) => inScheme(text, rate, paths[i]!));
    await runFile("festival", ["-b", `(begin (${voice}) ${script.join(" ")})`], { signal });
    return;
  }
  for (const [i, { text, rate }] of texts.entries()) {
    const path = paths[i]!;
    const given =
      program === "flite"
        ? ["-voice", voice, "--setf", `duration_stretch=${1 / rate}`, "-t", text, "-o", path]
        : ["-v", voice, "-p", `${pitch ?? 50}`, "-s", `${Math.round(165 * rate)}`, "-w", path, text];
    if (program === "flite" && pitch !== undefined) given.unshift("--setf", `int_f0_target_mean=${pitch}`);
    await runFile(program, given, { signal });
  }
}

const inScheme = (text: string, rate: number, path: string) =>
  `(Parameter.set 'Duration_Stretch ${(1 / rate).toFixed(3)}) ` +
  `(utt.save.wave (utt.synth (Utterance Text ${JSON.stringify(text)})) ${JSON.stringify(path)} 'riff)`;
