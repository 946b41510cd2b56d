import type { Command } from "commander";
import { listAudioInputs } from "./audio-inputs.ts";
import {
  addClassifierOptions,
  type ClassifierSettings,
  createFileClassifier,
  type FilePrediction,
} from "./file-classifier.ts";
import { type FileOutcome, outcomeOf, printJsonLine, printText } from "./file-outcome.ts";
import { eachFile, fileInput, readPlainFile, startFilePool } from "./file-pool.ts";

const EXAMPLES = `
Examples:
  spoken-digits predict seven.wav
  spoken-digits predict --json recordings/ > answers.jsonl
  arecord -d 2 | spoken-digits predict -
  spoken-digits predict --threshold 0.9 --model standard *.mp3

Formats: WAV, AIFF, FLAC, MP3, M4A/AAC, Ogg Vorbis, Opus, WebM. The exit code is 1 when a file could not be read.`;

type PredictOptions = ClassifierSettings & { json?: boolean };

/**
 * Adds `predict`: one answer for each recording, in the order given.
 *
 * @param program Is changed.
 */
export function addPredictCommand(program: Command): void {
  const command = program
    .command("predict")
    .description("Say which digit is spoken in each recording.")
    .argument("<files...>", "recordings, folders of them, or - for standard input")
    .option("--json", "print one line of JSON for each file");
  addClassifierOptions(command).addHelpText("after", EXAMPLES).action(predict);
}

async function predict(names: string[], { json, ...settings }: PredictOptions): Promise<void> {
  const files = await listAudioInputs(names);
  const [only] = files;
  if (files.length === 1) return print([await predictOnly(only!, settings)], files, json);
  const pool = await startFilePool("loadClassifier", settings, { files: files.length });
  const outcomes = eachFile(files, (file) =>
    outcomeOf(async () => pool.call("classify", await fileInput(file))),
  );
  await print(outcomes, files, json);
  await pool.close();
}

/** In this process, as long as that is safe: it saves the start of another. */
async function predictOnly(file: string, settings: ClassifierSettings): Promise<FileOutcome<FilePrediction>> {
  const read = await outcomeOf(() => readPlainFile(file));
  if ("error" in read) return read;
  const { result } = read;
  if ("input" in result) {
    const pool = await startFilePool("loadClassifier", settings, { files: 1 });
    return outcomeOf(() => pool.call("classify", result.input)).finally(() => pool.close());
  }
  const classifier = await createFileClassifier(settings);
  return outcomeOf(() => classifier.classify(result.plain)).finally(() => classifier.release());
}

async function print(
  outcomes: AsyncIterable<FileOutcome<FilePrediction>> | Iterable<FileOutcome<FilePrediction>>,
  files: readonly string[],
  json = false,
): Promise<void> {
  const width = widthOf(files);
  let next = 0;
  for await (const outcome of outcomes) {
    const file = files[next++]!;
    if (json) printJsonLine(file, outcome, jsonOf);
    else printText(file, outcome, (prediction) => `${file.padEnd(width)}   ${describe(prediction)}\n`);
  }
}

/** The length of the longest of names. @param names Any number: more than a call takes arguments. */
export function widthOf(names: readonly string[]): number {
  return names.reduce((width, { length }) => Math.max(width, length), 0);
}

function jsonOf({ digit, confidence, probs, none, ms }: FilePrediction) {
  return { digit, confidence, probs, none, ms: Number(ms.toFixed(3)) };
}

function describe({ digit, none, confidence, ms }: FilePrediction): string {
  if (digit === null) return `none (${none})`;
  return `${digit}   ${(confidence * 100).toFixed(1).padStart(5)} %   ${ms.toFixed(1)} ms`;
}
