import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Recording } from "../corpus/recording.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { EvaluateOptions as RunOptions } from "../evaluation/evaluate-recordings.ts";
import type { SpokenString } from "../evaluation/manifest.ts";
import type { Report, StringReport, StringRow } from "../evaluation/report.ts";
import { asFileError } from "../file-error.ts";
import { modelPath, readNamedModel } from "../load-models.ts";
import { writeWhole } from "../write-whole.ts";
import { readAudioInput } from "./audio-inputs.ts";
import { locateRecordings } from "./data.ts";
import {
  addClassifierOptions,
  addStreamModelOptions,
  type ClassifierSettings,
  createFileClassifier,
  createFileTranscriber,
  type StreamModelSettings,
} from "./file-models.ts";
import { streamThreshold } from "./option-values.ts";
import { withProgress } from "./progress-bar.ts";

const EXAMPLES = `
Examples:
  spoken-digits evaluate                      on the official test part of the Free Spoken Digit Dataset
  spoken-digits evaluate --manifest list.tsv  on your own recordings
  spoken-digits evaluate --manifest list.tsv --json > report.json
  spoken-digits evaluate --model standard --svg pictures/
  spoken-digits evaluate --model stream       the same recordings as strings of one digit

A list is a table, tab-separated or CSV, with columns path, label (0-9 or none) and, if you like, speaker and corpus; paths
start at the list's own folder. Files that cannot be read are listed under "failed" and do not stop the run;
where none can be read, the exit code is 1.`;

const STRING_EXAMPLES = `
Examples:
  spoken-digits evaluate-strings --manifest list.tsv
  spoken-digits evaluate-strings --manifest list.tsv --json > report.json

A list is a table, tab-separated or CSV, with columns path, digits (for example 0451; empty: none is said) and, if you like,
speaker and corpus; paths start at the list's own folder. The digit error rate counts digits predicted as another one
(substitutions), missed (deletions) and made up (insertions), over those spoken; where none is spoken it is null and
the insertions tell. Files that cannot be read are listed under "failed", do not stop the run, and the exit code is 1.`;

type EvaluateOptions = ClassifierSettings & {
  manifest?: string;
  data?: string;
  svg?: string;
  json?: boolean;
};

type EvaluateStringsOptions = StreamModelSettings & { manifest: string; json?: boolean };

/** Adds `evaluate`: how good a model is on labelled recordings. @param program Is changed. */
export function addEvaluateCommand(program: Command): void {
  const command = program
    .command("evaluate")
    .description("Measure a model on labelled recordings.")
    .addOption(new Option("--manifest <list>", "table of your own recordings").conflicts("data"))
    .option("--data <folder>", "folder that holds the Free Spoken Digit Dataset")
    .option("--json", "print the report as one JSON object")
    .option("--svg <folder>", "write the confusion matrix as a picture into this folder");
  addClassifierOptions(command).addHelpText("after", EXAMPLES).action(evaluate);
}

async function evaluate(options: EvaluateOptions): Promise<void> {
  const recordings = await readRecordings(options);
  const { isStreamModelFile } = await import("../model/model-metadata.ts");
  if (isStreamModelFile(await readNamedModel(options.model))) return evaluateStream(recordings, options);
  const report = await measure(recordings, options);
  const { formatReport } = await import("../evaluation/report-text.ts");
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : formatReport(report));
  if (report.n === 0) process.exitCode = 1;
  if (options.svg !== undefined) await writePictures(report, options.svg);
}

/** For a stream model, each recording is a string of one digit, or of none. */
async function evaluateStream(
  recordings: readonly Recording[],
  { model, threshold, json, svg }: EvaluateOptions,
): Promise<void> {
  if (svg !== undefined) throw new InvalidArgumentError("--svg: a stream model has no confusion matrix");
  const strings = recordings.map(({ path, label, speaker, corpus }) => ({
    path,
    digits: label === "none" ? "" : String(label),
    speaker,
    corpus,
  }));
  await printStringReport(strings, { model: modelPath(model), threshold: streamThreshold(threshold), json });
}

async function readRecordings({ manifest, data }: EvaluateOptions): Promise<readonly Recording[]> {
  if (manifest !== undefined) {
    const { readManifest } = await import("../evaluation/manifest.ts");
    return readManifest(manifest);
  }
  const { officialSplit } = await import("../corpus/splits.ts");
  return officialSplit(await locateRecordings(data)).test;
}

async function measure(recordings: readonly Recording[], settings: ClassifierSettings): Promise<Report> {
  const { evaluateRecordings } = await import("../evaluation/evaluate-recordings.ts");
  const classifier = await createFileClassifier(settings);
  const classify = async ({ path }: Recording) => classifier.hear(await readAudioInput(path));
  const { report } = await withBar(classifier, (options) =>
    evaluateRecordings(recordings, classify, options),
  );
  return report;
}

/** Shows how far an evaluation is, ends it on Ctrl+C, and frees the model. */
async function withBar<Result>(
  model: { release(): Promise<void> },
  run: (options: RunOptions) => Promise<Result>,
): Promise<Result> {
  const options = { label: "Evaluating" };
  try {
    return await withProgress(options, (signal, onProgress) => run({ onProgress, signal }));
  } finally {
    await model.release();
  }
}

async function writePictures(report: Report, folder: string): Promise<void> {
  const { confusionSvg } = await import("../evaluation/confusion-svg.ts");
  await mkdir(folder, { recursive: true }).catch(asFileError(`evaluate: cannot write into ${folder}`));
  await writeWhole(join(folder, "confusion.svg"), confusionSvg(report.digits.confusion));
}

/** Adds `evaluate-strings`: how well digits said one after another are recognized. @param program Is changed. */
export function addEvaluateStringsCommand(program: Command): void {
  const command = program
    .command("evaluate-strings")
    .description("Measure a model on recordings of digits said one after another.")
    .requiredOption("--manifest <list>", "table of the recordings and what is said in them")
    .option("--json", "print the report as one JSON object");
  addStreamModelOptions(command).addHelpText("after", STRING_EXAMPLES).action(evaluateStrings);
}

async function evaluateStrings(options: EvaluateStringsOptions): Promise<void> {
  const { readStringManifest } = await import("../evaluation/manifest.ts");
  await printStringReport(await readStringManifest(options.manifest), options);
}

async function printStringReport(
  recordings: readonly SpokenString[],
  options: StreamModelSettings & { json?: boolean },
): Promise<void> {
  const { formatStringReport } = await import("../evaluation/report-text.ts");
  const { report, rows } = await measureStrings(recordings, options);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : formatStringReport(report, rows));
  if (report.failed.n > 0) process.exitCode = 1;
}

async function measureStrings(
  recordings: readonly SpokenString[],
  settings: StreamModelSettings,
): Promise<{ report: StringReport; rows: StringRow[] }> {
  const { evaluateStrings: evaluateAll } = await import("../evaluation/evaluate-recordings.ts");
  const transcriber = await createFileTranscriber(settings);
  return withBar(transcriber, (options) => {
    const recognise = async ({ path }: SpokenString) => {
      const { digits, durationMs } = await transcriber.hear(await readAudioInput(path), {
        signal: options.signal,
      });
      return { heard: digits, durationMs };
    };
    return evaluateAll(recordings, recognise, options);
  });
}
