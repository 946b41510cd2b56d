import type { Command } from "commander";
import { SpokenDigitsError } from "../errors.ts";
import { listAudioInputs, readAudioInput } from "./audio-inputs.ts";
import { errorLine } from "./error-line.ts";
import {
  addStreamModelOptions,
  createFileTranscriber,
  describeEvent,
  digitString,
  type FileTranscriber,
  type StreamModelSettings,
  type Transcript,
} from "./file-transcriber.ts";
import { endOnInterrupt } from "./interruption.ts";
import { createProgressBar } from "./progress-bar.ts";

const EXAMPLES = `
Examples:
  spoken-digits transcribe pin.wav
  spoken-digits transcribe --json calls/ > calls.jsonl
  ffmpeg -i talk.mp4 -f wav - | spoken-digits transcribe -

Recordings may be two hours long. Formats: as of predict. The exit code is 1 when a file could not be read.`;

// A bar for less than that would only flicker.
const LONG_MS = 20_000;

type TranscribeOptions = StreamModelSettings & { json?: boolean };
type Outcome = { transcript: Transcript } | { error: SpokenDigitsError };

/**
 * Adds `transcribe`: the digits said one after another in each recording, with their times.
 *
 * @param program Is changed.
 */
export function addTranscribeCommand(program: Command): void {
  const command = program
    .command("transcribe")
    .description("Say which digits are spoken in each recording, one after another, and when.")
    .argument("<files...>", "recordings, folders of them, or - for standard input")
    .option("--json", "print one line of JSON for each file");
  addStreamModelOptions(command).addHelpText("after", EXAMPLES).action(transcribe);
}

async function transcribe(names: string[], options: TranscribeOptions): Promise<void> {
  const files = await listAudioInputs(names);
  const transcriber = await createFileTranscriber(options);
  const print = options.json ? printJson : printText;
  for (const file of files) print(file, await outcomeOf(file, transcriber));
  await transcriber.release();
}

async function outcomeOf(file: string, transcriber: FileTranscriber): Promise<Outcome> {
  const bar = createProgressBar({ label: file, format: minutesAndSeconds });
  const onProgress = (doneMs: number, totalMs: number) => {
    if (totalMs >= LONG_MS) bar.update(doneMs, totalMs);
  };
  try {
    const bytes = await readAudioInput(file);
    const hear = (signal: AbortSignal) => transcriber.transcribe(bytes, { onProgress, signal });
    return { transcript: await endOnInterrupt(hear) };
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    process.exitCode = 1;
    return { error };
  } finally {
    bar.end();
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
  const { events } = outcome.transcript;
  return { digits: digitString(events), events };
}

function printText(file: string, outcome: Outcome): void {
  if ("error" in outcome) {
    process.stderr.write(errorLine(outcome.error.message, file));
    return;
  }
  const { events } = outcome.transcript;
  const lines = events.map((event) => `  ${describeEvent(event)}\n`);
  process.stdout.write(`${file}   ${digitString(events) || "no digit"}\n${lines.join("")}`);
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
