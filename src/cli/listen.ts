import { addAbortSignal, type Readable } from "node:stream";
import { type Command, Option } from "commander";
import { InvalidArgumentError } from "../errors.ts";
import type { LiveDigitEvent } from "../live/digit-event.ts";
import type { Recognizer } from "../live/recognizer.ts";
import { loadStreamModel } from "../load-models.ts";
import {
  addStreamModelOptions,
  describeEvent,
  readVoiceFile,
  type StreamModelSettings,
} from "./file-models.ts";
import { endOnInterrupt } from "./interruption.ts";
import { parseCount } from "./option-values.ts";
import { createPcmReader, type PcmFormat, type PcmReader } from "./pcm-reader.ts";

const MICROPHONE = "arecord -q -f S16_LE -r 16000 -c 1 | spoken-digits listen";

const EXAMPLES = `
Examples:
  ${MICROPHONE}
  rec -q -t raw -e signed -b 16 -r 16000 -c 1 - | spoken-digits listen --json
  ${MICROPHONE} --expect numbers --tentative
  ffmpeg -v error -i talk.mp4 -f f32le -ac 1 -ar 8000 - | spoken-digits listen --format f32le --rate 8000

Each digit is printed as soon as it is certain: what it is, how sure that is, and when it was said. Input is one channel;
a WAV header before it is passed over. It ends with its input, or by Ctrl+C, which counts as done.`;

type ListenOptions = StreamModelSettings & {
  rate: number;
  format: PcmFormat;
  json?: boolean;
  tentative?: boolean;
};

/** Adds `listen`: digits as they are spoken into standard input. @param program Is changed. */
export function addListenCommand(program: Command): void {
  const command = program
    .command("listen")
    .description("Print digits as they are spoken, from raw samples on standard input.")
    .option("--rate <hz>", "sample rate of the input", parseCount, 16_000)
    .addOption(
      new Option("--format <format>", "16-bit whole numbers or 32-bit floats")
        .choices(["s16le", "f32le"])
        .default("s16le"),
    )
    .option("--tentative", "print digits before they are certain, too, and which are taken back")
    .option("--json", "print one line of JSON for each digit");
  addStreamModelOptions(command).addHelpText("after", EXAMPLES).action(listen);
}

async function listen(options: ListenOptions): Promise<void> {
  const { rate: sampleRate, format, threshold, expect, length, tentative } = options;
  if (process.stdin.isTTY) {
    throw new InvalidArgumentError(
      `listen: expected samples on standard input, got a terminal; pipe a recorder into it: ${MICROPHONE}`,
    );
  }
  const { createRecognizer } = await import("../live/recognizer.ts");
  const voice = await readVoiceFile(options.voice);
  const model = await loadStreamModel({ model: options.model, voice });
  try {
    const recognizer = createRecognizer(model, { sampleRate, threshold, expect, length, tentative });
    const reader = createPcmReader({ sampleRate, format });
    await hear(process.stdin, { recognizer, reader, print: options.json ? printJson : printText });
  } finally {
    await model.release();
  }
}

type Ears = { recognizer: Recognizer; reader: PcmReader; print: (events: readonly LiveDigitEvent[]) => void };

async function hear(input: Readable, { recognizer, reader, print }: Ears): Promise<void> {
  await endOnInterrupt(async (signal) => {
    try {
      for await (const bytes of addAbortSignal(signal, input)) {
        print(await recognizer.push(reader.push(bytes)));
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    print(await recognizer.end());
  });
}

function printJson(events: readonly LiveDigitEvent[]): void {
  for (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`);
}

function printText(events: readonly LiveDigitEvent[]): void {
  for (const event of events) {
    const mark = event.status === "firm" ? "" : `   ${event.status}`;
    process.stdout.write(`${describeEvent(event)}${mark}\n`);
  }
}
