import type { Command } from "commander";
import { InvalidArgumentError } from "../errors.ts";
import { loadClassifier, loadStreamModel } from "../load-models.ts";
import type { TaughtVoice } from "../model/teach-voice.ts";
import { readAudioInput } from "./audio-inputs.ts";

const EXAMPLES = `
Examples:
  spoken-digits teach --voice me.json --manifest takes.tsv
  spoken-digits predict --voice me.json seven.wav
  spoken-digits transcribe --voice me.json pin.wav

The list is a table, tab-separated or CSV, with columns path and label (0-9; rows of none are passed over). Three takes of each
digit are a good number. A take in which something is wrong is named and left out: say it again.`;

const PROBLEMS = {
  silent: "there is nothing to hear",
  clipped: "it is cut off at full scale; speak less loud or farther from the microphone",
  noisy: "there is too much noise",
  wrong: "it sounds like something else than its label",
} as const;

type TeachSettings = { voice: string; manifest: string; model: string; name?: string; json?: boolean };

/** Adds `teach`: a voice profile out of a speaker's own recordings. @param program Is changed. */
export function addTeachCommand(program: Command): void {
  program
    .command("teach")
    .description("Learn a speaker's voice from recordings of single digits.")
    .requiredOption("--voice <file>", "where the voice profile goes, JSON")
    .requiredOption("--manifest <list>", "table of the speaker's recordings")
    .option("--model <model>", "compact, standard, or the path of a model file", "compact")
    .option("--name <name>", "whose voice (default: the profile's file name)")
    .option("--json", "print what came of each take as one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(teach);
}

async function teach({ voice, manifest, model, name, json }: TeachSettings): Promise<void> {
  const [{ basename }, { readManifest }, { writeWhole }] = await Promise.all([
    import("node:path"),
    import("../evaluation/manifest.ts"),
    import("../write-whole.ts"),
  ]);
  const digits = (await readManifest(manifest)).filter(({ label }) => label !== "none");
  if (digits.length === 0) throw new InvalidArgumentError(`--manifest: ${manifest} lists no digit`);
  const paths = digits.map(({ path }) => path);
  const labels = digits.map(({ label }) => Number(label));
  const taught = await teachFrom({ paths, labels }, { model, name: name ?? basename(voice, ".json") });
  await writeWhole(voice, `${JSON.stringify(taught.profile)}\n`);
  process.stdout.write(json ? jsonOf(paths, taught) : textOf(paths, taught, voice));
}

async function teachFrom(
  { paths, labels }: { paths: readonly string[]; labels: readonly number[] },
  { model, name }: { model: string; name: string },
): Promise<TaughtVoice> {
  const [{ decodeAudio }, { teachVoice }] = await Promise.all([
    import("../audio/decode-audio.ts"),
    import("../model/teach-voice.ts"),
  ]);
  const takes = [];
  for (const [i, path] of paths.entries()) {
    takes.push({ ...(await decodeAudio(await readAudioInput(path))), label: labels[i]! });
  }
  const [classifier, streamModel] = await Promise.all([loadClassifier({ model }), loadStreamModel()]);
  return teachVoice(classifier, takes, { name, streamModel }).finally(() =>
    Promise.all([classifier.release(), streamModel.release()]),
  );
}

function jsonOf(paths: readonly string[], { profile, problems }: TaughtVoice): string {
  const takes = paths.map((path, i) => ({ path, problem: problems[i] }));
  return `${JSON.stringify({ name: profile.name, taught: profile.takes.length, takes })}\n`;
}

function textOf(paths: readonly string[], { profile, problems }: TaughtVoice, voice: string): string {
  const left = paths.flatMap((path, i) => {
    const problem = problems[i];
    return problem ? [`${path}: left out, ${PROBLEMS[problem]}\n`] : [];
  });
  return `${left.join("")}${voice}: ${profile.takes.length} of ${paths.length} takes\n`;
}
