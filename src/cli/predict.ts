import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { pMapIterable } from "p-map";
import { listAudioInputs } from "./audio-inputs.ts";
import {
  addClassifierOptions,
  type ClassifierSettings,
  type FilePrediction,
  openFiles,
  PREDICTION_LINE,
} from "./file-models.ts";
import {
  addFormatOptions,
  createPrinter,
  type FileOutcome,
  type FormatSettings,
  outcomeOf,
  padToWidth,
  widestOf,
} from "./output-format.ts";

const EXAMPLES = `
Examples:
  spoken-digits predict seven.wav
  spoken-digits predict --json recordings/ > predictions.jsonl
  spoken-digits predict --format csv recordings/ > predictions.csv
  arecord -d 2 | spoken-digits predict -
  spoken-digits predict --threshold 0.9 --model standard *.mp3

Formats: WAV, AIFF, FLAC, MP3, M4A/AAC, Ogg Vorbis, Opus, WebM. The exit code is 1 when a file could not be read.`;

/** Files that wait in a process, so that it need not wait for the next. */
const READ_AHEAD = 3;

/** Results that may wait for that of an earlier file which takes longer. */
const MAX_AHEAD = 1000;

type PredictOptions = ClassifierSettings & FormatSettings;

/** Adds `predict`: one prediction for each recording, in the order given. @param program Is changed. */
export function addPredictCommand(program: Command): void {
  const command = program
    .command("predict")
    .description("Say which digit is spoken in each recording.")
    .argument(
      "<files...>",
      "recordings, folders of them, patterns such as calls/*.mp3, or - for standard input",
    );
  addFormatOptions(command);
  addClassifierOptions(command).addHelpText("after", EXAMPLES).action(predict);
}

async function predict(names: string[], { format, json, ...settings }: PredictOptions): Promise<void> {
  const files = await listAudioInputs(names);
  const { hear, close } = await openFiles(files, { task: "digit", model: settings });
  const outcomes = eachFile(files, (file) => outcomeOf(() => hear(file)));
  await print(outcomes, files, { format, json });
  await close();
}

async function print(
  outcomes: AsyncIterable<FileOutcome<FilePrediction>>,
  files: readonly string[],
  format: FormatSettings,
): Promise<void> {
  const width = widestOf(files);
  const printOne = createPrinter<FilePrediction>(format, {
    ...PREDICTION_LINE,
    text: (prediction, file) => `${padToWidth(file, width)}   ${describe(prediction)}\n`,
    json: (prediction) => ({ ...PREDICTION_LINE.json(prediction), ms: Number(prediction.ms.toFixed(3)) }),
  });
  let next = 0;
  for await (const outcome of outcomes) printOne(files[next++]!, outcome);
}

function describe({ digit, none, string, confidence, ms }: FilePrediction): string {
  if (string !== null) return `none (${none}: ${string}; spoken-digits transcribe says when)`;
  if (digit === null) return `none (${none})`;
  return `${digit}   ${(confidence * 100).toFixed(1).padStart(5)} %   ${ms.toFixed(1)} ms`;
}

/**
 * Works on files side by side.
 *
 * @param files In the order of the results.
 * @param work Has each of them done by a pool.
 */
export function eachFile<Result>(
  files: readonly string[],
  work: (file: string) => Promise<Result>,
): AsyncIterable<Result> {
  const concurrency = READ_AHEAD * availableParallelism();
  return pMapIterable(files, work, { concurrency, backpressure: concurrency + MAX_AHEAD });
}
