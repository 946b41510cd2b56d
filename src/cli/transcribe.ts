import type { Command } from "commander";
import type { DigitEvent } from "../live/digit-event.ts";
import { listAudioInputs, readAudioInput } from "./audio-inputs.ts";
import { outcomeOf } from "./file-outcome.ts";
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
import { addFormatOptions, createPrinter, type FormatSettings } from "./output-format.ts";
import { createProgressBar } from "./progress-bar.ts";

const EXAMPLES = `
Examples:
  spoken-digits transcribe pin.wav
  spoken-digits transcribe --json calls/ > calls.jsonl
  ffmpeg -i talk.mp4 -f wav - | spoken-digits transcribe -

Recordings may be two hours long. Formats: as of predict. The exit code is 1 when a file could not be read.`;

// A bar for less than that would only flicker.
const LONG_MS = 20_000;

type TranscribeOptions = StreamModelSettings & FormatSettings;

/**
 * Adds `transcribe`: the digits said one after another in each recording, with their times.
 *
 * @param program Is changed.
 */
export function addTranscribeCommand(program: Command): void {
  const command = program
    .command("transcribe")
    .description("Say which digits are spoken in each recording, one after another, and when.")
    .argument("<files...>", "recordings, folders of them, patterns such as calls/*.mp3, or - for standard input");
  addFormatOptions(command);
  addStreamModelOptions(command).addHelpText("after", EXAMPLES).action(transcribe);
}

async function transcribe(names: string[], { format, json, ...settings }: TranscribeOptions): Promise<void> {
  const files = await listAudioInputs(names);
  const transcriber = await createFileTranscriber(settings);
  const print = createPrinter<Transcript>(
    { format, json },
    {
      text: ({ events }, file) => describe(file, events),
      json: ({ events }) => ({ digits: digitString(events), events }),
      csv: {
        columns: ["string", "duration_ms"],
        cells: ({ events, durationMs }) => [digitString(events), Math.round(durationMs)],
      },
    },
  );
  for (const file of files) {
    print(file, await outcomeOf(() => hear(file, transcriber)));
  }
  await transcriber.release();
}

async function hear(file: string, transcriber: FileTranscriber): Promise<Transcript> {
  const bar = createProgressBar({ label: file, format: minutesAndSeconds });
  const onProgress = (doneMs: number, totalMs: number) => {
    if (totalMs >= LONG_MS) bar.update(doneMs, totalMs);
  };
  try {
    const bytes = await readAudioInput(file);
    return await endOnInterrupt((signal) => transcriber.transcribe(bytes, { onProgress, signal }));
  } finally {
    bar.end();
  }
}

function describe(file: string, events: readonly DigitEvent[]): string {
  const lines = events.map((event) => `  ${describeEvent(event)}\n`);
  return `${file}   ${digitString(events) || "no digit"}\n${lines.join("")}`;
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
