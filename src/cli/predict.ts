import type { Command } from "commander";
import type { RecordingPrediction } from "../model/recording-classifier.ts";
import { listAudioInputs, readAudioInput } from "./audio-inputs.ts";
import { addClassifierOptions, type ClassifierSettings, createFileClassifier } from "./file-classifier.ts";
import { outcomeOf } from "./file-outcome.ts";
import { addFormatOptions, createPrinter, type FormatSettings } from "./output-format.ts";
import { padToWidth, widthOf } from "./text-width.ts";

const EXAMPLES = `
Examples:
  spoken-digits predict seven.wav
  spoken-digits predict --json recordings/ > predictions.jsonl
  spoken-digits predict --format csv recordings/ > predictions.csv
  arecord -d 2 | spoken-digits predict -
  spoken-digits predict --threshold 0.9 --model standard *.mp3

Formats: WAV, AIFF, FLAC, MP3, M4A/AAC, Ogg Vorbis, Opus, WebM. The exit code is 1 when a file could not be read.`;

type PredictOptions = ClassifierSettings & FormatSettings;

/**
 * Adds `predict`: one answer for each recording, in the order given.
 *
 * @param program Is changed.
 */
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
  const classifier = await createFileClassifier(settings);
  const width = Math.max(...files.map(widthOf));
  const print = createPrinter<RecordingPrediction>(
    { format, json },
    {
      text: (prediction, file) => `${padToWidth(file, width)}   ${describe(prediction)}\n`,
      json: jsonOf,
      csv: {
        columns: ["digit", "confidence", "none", "string"],
        cells: ({ digit, confidence, none, string }) => [digit, confidence.toFixed(4), none, string],
      },
    },
  );
  for (const file of files) {
    print(file, await outcomeOf(async () => classifier.classify(await readAudioInput(file))));
  }
  await classifier.release();
}

function jsonOf({ digit, confidence, probs, none, string, ms }: RecordingPrediction) {
  return { digit, confidence, probs, none, string, ms: Number(ms.toFixed(3)) };
}

function describe({ digit, none, string, confidence, ms }: RecordingPrediction): string {
  if (string !== null) return `none (${none}: ${string}; spoken-digits transcribe says when)`;
  if (digit === null) return `none (${none})`;
  return `${digit}   ${(confidence * 100).toFixed(1).padStart(5)} %   ${ms.toFixed(1)} ms`;
}
