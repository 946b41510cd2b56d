import type { Command } from "commander";
import { SpokenDigitsError } from "../errors.ts";
import type { Prediction } from "../model/prediction.ts";
import { listAudioInputs, readAudioInput } from "./audio-inputs.ts";
import { errorLine } from "./error-line.ts";
import { addClassifierOptions, type ClassifierSettings, createFileClassifier } from "./file-classifier.ts";

const EXAMPLES = `
Examples:
  spoken-digits predict seven.wav
  spoken-digits predict --json recordings/ > answers.jsonl
  arecord -d 2 | spoken-digits predict -
  spoken-digits predict --threshold 0.9 --model standard *.mp3

Formats: WAV, AIFF, FLAC, MP3, M4A/AAC, Ogg Vorbis, Opus, WebM. The exit code is 1 when a file could not be read.`;

type PredictOptions = ClassifierSettings & { json?: boolean };
type Outcome = { prediction: Prediction } | { error: SpokenDigitsError };

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

async function predict(names: string[], options: PredictOptions): Promise<void> {
  const files = await listAudioInputs(names);
  const classifier = await createFileClassifier(options);
  const print = options.json ? printJson : createPrinter(files);
  for (const file of files) {
    const outcome = await outcomeOf(async () => classifier.classify(await readAudioInput(file)));
    if ("error" in outcome) process.exitCode = 1;
    print(file, outcome);
  }
  await classifier.release();
}

async function outcomeOf(classify: () => Promise<Prediction>): Promise<Outcome> {
  try {
    return { prediction: await classify() };
  } catch (error) {
    if (error instanceof SpokenDigitsError) return { error };
    throw error;
  }
}

function printJson(file: string, outcome: Outcome): void {
  process.stdout.write(`${JSON.stringify({ file, ...jsonOf(outcome) })}\n`);
}

function jsonOf(outcome: Outcome) {
  if ("error" in outcome) {
    const { code, message } = outcome.error;
    return { error: { code, message } };
  }
  const { digit, confidence, probs, none, ms } = outcome.prediction;
  return { digit, confidence, probs, none, ms: Number(ms.toFixed(3)) };
}

function createPrinter(files: readonly string[]): (file: string, outcome: Outcome) => void {
  const width = Math.max(...files.map((file) => file.length));
  return (file, outcome) => {
    if ("error" in outcome) process.stderr.write(errorLine(outcome.error.message, file));
    else process.stdout.write(`${file.padEnd(width)}   ${describe(outcome.prediction)}\n`);
  };
}

function describe({ digit, none, confidence, ms }: Prediction): string {
  if (digit === null) return `none (${none})`;
  return `${digit}   ${(confidence * 100).toFixed(1).padStart(5)} %   ${ms.toFixed(1)} ms`;
}
