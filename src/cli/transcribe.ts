import type { Command } from "commander";
import { parseNumberLength } from "../live/decoding.ts";
import type { RecordingTranscript } from "../recordings/recordings.ts";
import { listAudioInputs } from "./audio-inputs.ts";
import {
  addStreamModelOptions,
  describeEvent,
  type OpenFiles,
  openFiles,
  type StreamModelSettings,
  TRANSCRIPT_LINE,
} from "./file-models.ts";
import { parseCount } from "./option-values.ts";
import { addFormatOptions, createPrinter, type FormatSettings, outcomeOf } from "./output-format.ts";
import { withProgress } from "./progress-bar.ts";

const EXAMPLES = `
Examples:
  spoken-digits transcribe pin.wav
  spoken-digits transcribe --expect digits --length 3-3-4 --alternatives 3 phone.wav
  spoken-digits transcribe --expect numbers --json calls/ > calls.jsonl
  ffmpeg -i talk.mp4 -f wav - | spoken-digits transcribe -

Recordings may be two hours long. Formats: as of predict. The exit code is 1 when a file could not be read.`;

// A bar for less than that would only flicker.
const LONG_MS = 20_000;

type TranscribeOptions = StreamModelSettings & FormatSettings;

/** Adds `transcribe`: the digits said one after another in each recording, with their times. @param program Is changed. */
export function addTranscribeCommand(program: Command): void {
  const command = program
    .command("transcribe")
    .description("Say which digits are spoken in each recording, one after another, and when.")
    .argument(
      "<files...>",
      "recordings, folders of them, patterns such as calls/*.mp3, or - for standard input",
    )
    .option("--alternatives <n>", "list the likeliest strings, at most 20", parseCount);
  addFormatOptions(command);
  addStreamModelOptions(command).addHelpText("after", EXAMPLES).action(transcribe);
}

async function transcribe(names: string[], { format, json, ...settings }: TranscribeOptions): Promise<void> {
  const files = await listAudioInputs(names);
  const { hear, close } = await openFiles(files, { task: "number", model: settings }, 1);
  const print = createPrinter<RecordingTranscript>(
    { format, json },
    {
      ...TRANSCRIPT_LINE,
      text: (transcript, file) => describe(file, transcript, settings.length),
    },
  );
  for (const file of files) print(file, await outcomeOf(() => hearWithBar(file, hear)));
  await close();
}

async function hearWithBar(
  file: string,
  hear: OpenFiles<RecordingTranscript>["hear"],
): Promise<RecordingTranscript> {
  return withProgress({ label: file, format: minutesAndSeconds }, (signal, update) => {
    const onProgress = (doneMs: number, totalMs: number) => {
      if (totalMs >= LONG_MS) update(doneMs, totalMs);
    };
    return hear(file, { onProgress, signal });
  });
}

function describe(file: string, transcript: RecordingTranscript, length: string | undefined): string {
  const { digits, events, alternatives } = transcript;
  const lines = events.map((event) => `  ${describeEvent(event)}\n`);
  const strings = alternatives.length > 1 ? alternatives.map(describeString) : [];
  return `${file}   ${grouped(digits, length) || "no digit"}\n${lines.join("")}${strings.join("")}`;
}

function describeString({ digits, confidence }: { digits: string; confidence: number }): string {
  return `  ${(100 * confidence).toFixed(1).padStart(5)} %   ${digits || "no digit"}\n`;
}

/** The digits in the groups of a length; as they are where there are more or fewer. */
function grouped(digits: string, length: string | undefined): string {
  const { nDigits, groups } = length === undefined ? { nDigits: 0, groups: [] } : parseNumberLength(length);
  if (digits.length !== nDigits) return digits;
  let start = 0;
  return groups
    .map((group) => {
      start += group;
      return digits.slice(start - group, start);
    })
    .join("-");
}

function minutesAndSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
