import type { Command } from "commander";
import { parseNumberLength } from "../live/decoding.ts";
import type { RecordingTranscript } from "../recordings/recordings.ts";
import { fileInput, listAudioInputs, readPlainFile } from "./audio-inputs.ts";
import {
  addStreamModelOptions,
  createFileTranscriber,
  describeEvent,
  type StreamModelSettings,
  TRANSCRIPT_LINE,
  type TranscribeFileOptions,
} from "./file-models.ts";
import { startFilePool } from "./file-pool.ts";
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
  const hear = await createListener(files, settings);
  const print = createPrinter<RecordingTranscript>(
    { format, json },
    {
      ...TRANSCRIPT_LINE,
      text: (transcript, file) => describe(file, transcript, settings.length),
    },
  );
  for (const file of files) print(file, await outcomeOf(() => hearWithBar(file, hear)));
  await hear.close();
}

type Hear = (file: string, options: TranscribeFileOptions) => Promise<RecordingTranscript>;

/** In a process of its own, but for a single file that can be read here: that saves the start of another. */
async function createListener(
  files: readonly string[],
  settings: StreamModelSettings,
): Promise<Hear & { close(): Promise<void> }> {
  const read = files.length === 1 ? await readPlainFile(files[0]!).catch(() => undefined) : undefined;
  if (read && "plain" in read) {
    const transcriber = await createFileTranscriber(settings);
    const hear: Hear = (_file, options) => transcriber.transcribe(read.plain, options);
    return Object.assign(hear, { close: () => transcriber.release() });
  }
  const pool = await startFilePool("loadTranscriber", settings, { files: 1 });
  const hear: Hear = async (file, { onProgress, signal }) =>
    pool.call("transcribe", read?.input ?? (await fileInput(file)), {
      signal,
      onEvent: (progress) => onProgress?.(...progress),
    });
  return Object.assign(hear, { close: () => pool.close() });
}

async function hearWithBar(file: string, hear: Hear): Promise<RecordingTranscript> {
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
