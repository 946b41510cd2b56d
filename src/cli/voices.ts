import { type Command, Option } from "commander";
import type { Recording } from "../corpus/recording.ts";
import { endOnInterrupt } from "./interruption.ts";

const EXAMPLES = `
Examples:
  spoken-digits voices gather voices
  spoken-digits train --protocol all --voices voices
  spoken-digits voices gather voices-held-out --held-out
  spoken-digits voices measure voices-held-out   false accepts of the models in it`;

/**
 * Adds `voices`: gathers speech of many voices without a digit, and counts false accepts in such speech.
 *
 * @param program Is changed.
 */
export function addVoicesCommand(program: Command): void {
  const command = program
    .command("voices")
    .description("Gather speech of many voices without a digit, or measure models on it.")
    .addHelpText("after", EXAMPLES);
  command
    .command("gather")
    .description("Make a folder of voices out of packages of Debian; takes apt-get and dpkg-deb.")
    .argument("<folder>", "is not there yet")
    .option("--held-out", "the voices that no training has")
    .action(gather);
  command
    .command("measure")
    .description("Count the false accepts of both kinds of model.")
    .argument("<folder>", "with a folder for each voice")
    .addOption(new Option("--model <model>", "classifier").default("compact"))
    .option("--stream-model <file>", "stream model (default: the shipped one)")
    .option("--json", "print one JSON array")
    .action(measure);
}

async function gather(folder: string, { heldOut }: { heldOut?: boolean }): Promise<void> {
  const { gatherVoices } = await import("../corpus/gather-voices.ts");
  await endOnInterrupt((signal) =>
    gatherVoices(folder, {
      heldOut,
      signal,
      onPackage: (credit) => void process.stdout.write(`${credit}\n`),
    }),
  );
}

type MeasureOptions = { model: string; streamModel?: string; json?: boolean };

async function measure(folder: string, { model, streamModel, json }: MeasureOptions): Promise<void> {
  const [{ readVoices }, { loadClassifier }, { loadStreamModel }] = await Promise.all([
    import("../corpus/voices.ts"),
    import("../model/load-classifier.ts"),
    import("../live/load-stream-model.ts"),
  ]);
  const recordings = await readVoices(folder);
  const models = {
    classifier: await loadClassifier({ model }),
    streamModel: await loadStreamModel({ model: streamModel }),
  };
  const { countDigits } = await import("../evaluation/count-digits.ts");
  const counts = [];
  for (const [voice, ofVoice] of groupBySpeaker(recordings)) {
    counts.push({ voice, ...(await countDigits(ofVoice, models)) });
  }
  const total = counts.reduce(addCounts, {
    voice: "all",
    recordings: 0,
    minutes: 0,
    predicted: 0,
    emitted: 0,
  });
  const rows = [...counts, total];
  process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : await formatCounts(rows));
}

type VoiceCounts = {
  voice: string;
  recordings: number;
  minutes: number;
  predicted: number;
  emitted: number;
};

function addCounts(sum: VoiceCounts, one: VoiceCounts): VoiceCounts {
  return {
    voice: sum.voice,
    recordings: sum.recordings + one.recordings,
    minutes: sum.minutes + one.minutes,
    predicted: sum.predicted + one.predicted,
    emitted: sum.emitted + one.emitted,
  };
}

function groupBySpeaker(recordings: readonly Recording[]): Map<string, Recording[]> {
  const voices = new Map<string, Recording[]>();
  for (const recording of recordings) {
    const voice = voices.get(recording.speaker);
    if (voice) voice.push(recording);
    else voices.set(recording.speaker, [recording]);
  }
  return voices;
}

async function formatCounts(counts: readonly VoiceCounts[]): Promise<string> {
  const { formatTable } = await import("../evaluation/text-table.ts");
  const heading = ["voice", "recordings", "minutes", "false accepts", "digits emitted", "in an hour"];
  const rows = counts.map(({ voice, recordings, minutes, predicted, emitted }) => [
    voice,
    String(recordings),
    minutes.toFixed(1),
    `${((100 * predicted) / recordings).toFixed(1)} %`,
    String(emitted),
    ((60 * emitted) / minutes).toFixed(0),
  ]);
  return `${formatTable([heading, ...rows], ["left", "right", "right", "right", "right", "right"])}\n`;
}
