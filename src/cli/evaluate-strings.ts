import type { Command } from "commander";
import type { SpokenString } from "../evaluation/manifest.ts";
import type { StringReport, StringRow } from "../evaluation/string-report.ts";
import { readAudioInput } from "./audio-inputs.ts";
import {
  addStreamModelOptions,
  createFileTranscriber,
  type StreamModelSettings,
} from "./file-transcriber.ts";
import { endOnInterrupt } from "./interruption.ts";
import { createProgressBar } from "./progress-bar.ts";

const EXAMPLES = `
Examples:
  spoken-digits evaluate-strings --manifest list.tsv
  spoken-digits evaluate-strings --manifest list.tsv --json > report.json

A list is a table, tab-separated or CSV, with columns path, digits (for example 0451; empty: none is said) and, if you like,
speaker and corpus; paths start at the list's own folder. The digit error rate counts digits predicted as another one
(substitutions), missed (deletions) and made up (insertions), over those spoken; where none is spoken it is null and
the insertions tell. Files that cannot be read are listed under "failed", do not stop the run, and the exit code is 1.`;

type EvaluateStringsOptions = StreamModelSettings & { manifest: string; json?: boolean };

/** Adds `evaluate-strings`: how well digits said one after another are recognized. @param program Is changed. */
export function addEvaluateStringsCommand(program: Command): void {
  const command = program
    .command("evaluate-strings")
    .description("Measure a model on recordings of digits said one after another.")
    .requiredOption("--manifest <list>", "table of the recordings and what is said in them")
    .option("--json", "print the report as one JSON object");
  addStreamModelOptions(command).addHelpText("after", EXAMPLES).action(evaluateStrings);
}

async function evaluateStrings(options: EvaluateStringsOptions): Promise<void> {
  const { readStringManifest } = await import("../evaluation/manifest.ts");
  await printStringReport(await readStringManifest(options.manifest), options);
}

/**
 * Recognizes recordings and prints how well.
 *
 * @param recordings What is said in each.
 * @param options.model Path of the model.
 * @param options.threshold Least confidence of a digit, 0..1. Default: the model's own.
 * @param options.json Whether the report is printed as JSON.
 * @throws {ModelFormatError} The file is no model for streams of this package.
 * @throws {FileError} The model file cannot be read.
 */
export async function printStringReport(
  recordings: readonly SpokenString[],
  options: StreamModelSettings & { json?: boolean },
): Promise<void> {
  const { formatStringReport } = await import("../evaluation/string-report-text.ts");
  const { report, rows } = await measure(recordings, options);
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : formatStringReport(report, rows));
  if (report.failed.n > 0) process.exitCode = 1;
}

async function measure(
  recordings: readonly SpokenString[],
  settings: StreamModelSettings,
): Promise<{ report: StringReport; rows: StringRow[] }> {
  const evaluation = await import("../evaluation/evaluate-recordings.ts");
  const transcriber = await createFileTranscriber(settings);
  const bar = createProgressBar({ label: "Evaluating" });
  const recognise = async ({ path }: SpokenString, signal: AbortSignal) => {
    const { digits, durationMs } = await transcriber.transcribe(await readAudioInput(path), { signal });
    return { heard: digits, durationMs };
  };
  try {
    return await endOnInterrupt((signal) =>
      evaluation.evaluateStrings(recordings, (recording) => recognise(recording, signal), {
        onProgress: (nDone, nTotal) => bar.update(nDone, nTotal),
        signal,
      }),
    );
  } finally {
    bar.end();
    await transcriber.release();
  }
}
