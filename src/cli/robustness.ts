import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { InvalidArgumentError } from "../errors.ts";
import type { HeldOutMaterial } from "../evaluation/held-out-material.ts";
import type { LeftOutFigures, MeasuredFigures, ModelReport } from "../evaluation/model-report.ts";
import type { Report } from "../evaluation/report.ts";
import type { RobustnessGroup } from "../evaluation/robustness-conditions.ts";
import { asFileError } from "../file-error.ts";
import { loadClassifier, readNamedModel } from "../load-models.ts";
import type { Classifier } from "../model/classifier.ts";
import { resolveThreshold, type Threshold } from "../model/prediction.ts";
import { writeWhole } from "../write-whole.ts";
import { endOnInterrupt } from "./interruption.ts";
import { parseCount, parseSeed, parseThreshold } from "./option-values.ts";
import { createProgressBar } from "./progress-bar.ts";

const CODEC_GROUPS: ReadonlySet<RobustnessGroup> = new Set(["mp3", "opus"]);

const EXAMPLES = `
Tried are the speakers of Speech Commands' validation part and the official test part of the Free Spoken Digit Dataset, as
they are and under noise, at other levels and rates, in rooms, faster and slower, as they are and with noise reduced; and
what is no digit: words that training never hears, one-second windows of recorded noise held out of it, silence.

Examples:
  spoken-digits robustness --data FOLDER                  300 clips of each test a condition
  spoken-digits robustness --data FOLDER --limit 50       a first look
  spoken-digits robustness --data FOLDER --limit 100000 --only "clean,coloured noise"
                                                          all clips, under few conditions
  spoken-digits robustness --data FOLDER --codecs --out docs/results/robustness
  spoken-digits robustness --data FOLDER --codecs --report models/compact.report.json
                                                          what the model's card is made from

The folder holds fsdd/, speech-commands/, noise/esc10/ and other-speech/, or some of them (default: as \`spoken-digits
data\` finds them).`;

type RobustnessSettings = {
  data?: string;
  model: string;
  threshold?: Threshold;
  trim: boolean;
  limit: number;
  seed: number;
  only?: string;
  codecs?: boolean;
  leftOut?: string;
  out?: string;
  report?: string;
  json?: boolean;
};

type TriedSettings = RobustnessSettings & { groups?: RobustnessGroup[] };

/**
 * Adds `robustness`: how good a model is on damaged digits, and how many false accepts it has.
 *
 * @param program Is changed.
 */
export function addRobustnessCommand(program: Command): void {
  program
    .command("robustness")
    .description("Measure a model under noise, damage and other sounds.")
    .option("--data <folder>", "folder that holds the data sets")
    .option("--model <model>", "compact, standard, or the path of a model file", "compact")
    .option(
      "--threshold <p>",
      "least confidence for a digit: 0 to 1, strict, balanced or lenient (default: balanced)",
      parseThreshold,
    )
    .option("--no-trim", "leave silence at both ends in place")
    .option("--limit <n>", "most clips of each test under each condition", parseCount, 300)
    .option("--seed <n>", "of noise, rooms and the choice of clips", parseSeed, 1)
    .option(
      "--only <conditions>",
      'which, separated by commas, for example "clean,white noise" (default: all)',
    )
    .option("--codecs", "also through MP3 and Opus at low rates, where ffmpeg is installed")
    .option(
      "--left-out <file>",
      "report.json of `train --protocol all-loso` or `fsdd-loso`, kept with the rest",
    )
    .option("--out <folder>", "write the report there, as text and JSON, and its pictures")
    .option("--report <file>", "write the report there as JSON, for `card` and `publish`")
    .option("--json", "print the report as one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(measure);
}

async function measure(settings: RobustnessSettings): Promise<void> {
  const [{ locateCorpora }, { readHeldOutMaterial }, { formatModelReport }] = await Promise.all([
    import("../corpus/find-corpus.ts"),
    import("../evaluation/held-out-material.ts"),
    import("../evaluation/model-report-text.ts"),
  ]);
  const groups = settings.only === undefined ? undefined : await parseGroups(settings.only, settings);
  const material = await readHeldOutMaterial(await locateCorpora(settings));
  const leftOutSpeakers = await readLeftOut(settings.leftOut);
  const tried = { ...settings, groups, codecs: await checkCodecs(settings) };
  const report = await measureFile(tried, material);
  const whole = { ...report, ...(leftOutSpeakers && { leftOutSpeakers }) };
  const text = formatModelReport(whole);
  // First of all, so that a long measurement is not lost with a folder that cannot be written.
  process.stdout.write(settings.json ? `${JSON.stringify(whole)}\n` : text);
  if (settings.out !== undefined) await writeFiles(settings.out, whole, text);
  if (settings.report !== undefined) {
    const { writeModelReport } = await import("../evaluation/model-report.ts");
    await writeModelReport(settings.report, whole);
  }
}

/** The file is read once: one that is replaced meanwhile must not lend its name to the figures of the other. */
async function measureFile(settings: TriedSettings, material: HeldOutMaterial): Promise<ModelReport> {
  const { buildModelReport } = await import("../evaluation/model-report.ts");
  const { model, trim } = settings;
  const bytes = await readNamedModel(model);
  const classifier = await loadClassifier({ model: bytes, threshold: settings.threshold });
  try {
    const figures = await measureWith(classifier, settings, material);
    const { info } = classifier;
    const threshold = resolveThreshold(info, settings.threshold);
    return buildModelReport(bytes, { info, threshold, trim, figures });
  } finally {
    await classifier.release();
  }
}

async function measureWith(
  classifier: Classifier,
  settings: TriedSettings,
  material: HeldOutMaterial,
): Promise<MeasuredFigures> {
  const [{ measureModel }, { prepareRecording }] = await Promise.all([
    import("../evaluation/measure-model.ts"),
    import("../audio/prepare-recording.ts"),
  ]);
  const { trim, limit, seed, groups, codecs } = settings;
  const display = createStageDisplay();
  try {
    return await endOnInterrupt((signal) =>
      measureModel({
        classify: async (samples, { sampleRate }) =>
          classifier.classify(await prepareRecording(samples, { sampleRate, trim }), { sampleRate }),
        material,
        limit,
        seed,
        groups,
        codecs,
        onProgress: display.update,
        signal,
      }),
    );
  } finally {
    display.end();
  }
}

async function parseGroups(text: string, { codecs }: RobustnessSettings): Promise<RobustnessGroup[]> {
  const { ROBUSTNESS_GROUPS } = await import("../evaluation/robustness-conditions.ts");
  return text.split(",").map((name) => {
    const group = ROBUSTNESS_GROUPS.find((known) => known === name.trim());
    if (group && (codecs || !CODEC_GROUPS.has(group))) return group;
    if (group) throw new InvalidArgumentError(`--only: ${group} needs --codecs`);
    throw new InvalidArgumentError(
      `--only: must name some of ${ROBUSTNESS_GROUPS.join(", ")}, got "${name.trim()}"`,
    );
  });
}

async function checkCodecs({ codecs = false }: RobustnessSettings): Promise<boolean> {
  if (!codecs) return false;
  const { canEncodeSpeech } = await import("../evaluation/robustness-codecs.ts");
  if (await canEncodeSpeech()) return true;
  process.stderr.write("ffmpeg with libmp3lame and libopus is not installed: MP3 and Opus are left out.\n");
  return false;
}

async function readLeftOut(path: string | undefined): Promise<LeftOutFigures | undefined> {
  if (path === undefined) return undefined;
  const { leftOutFigures } = await import("../evaluation/model-report.ts");
  const read = async () => leftOutFigures(JSON.parse(await readFile(path, "utf8")) as Report);
  const expected = "report of `train --protocol all-loso` or `fsdd-loso`";
  return read().catch(asFileError(`robustness: ${path} is no ${expected}`));
}

async function writeFiles(folder: string, report: ModelReport, text: string): Promise<void> {
  const { reliabilitySvg, robustnessSvg } = await import("../evaluation/robustness-svg.ts");
  const reliability = Object.entries(report.digits).map(([name, figures]) => [name, figures.reliability]);
  const files: Record<string, string> = {
    "robustness.txt": text,
    "robustness.json": `${JSON.stringify(report, null, 1)}\n`,
    "reliability.svg": reliabilitySvg(Object.fromEntries(reliability)),
  };
  for (const [name, figures] of Object.entries(report.robustness)) {
    files[`${name}.svg`] = robustnessSvg(figures);
  }
  await mkdir(folder, { recursive: true }).catch(asFileError(`robustness: cannot write into ${folder}`));
  for (const [name, content] of Object.entries(files)) await writeWhole(join(folder, name), content);
}

/** A bar for each stage, one after the other. */
function createStageDisplay() {
  let stage: string | undefined;
  let bar: ReturnType<typeof createProgressBar> | undefined;
  const end = () => bar?.end();
  return {
    update(name: string, nDone: number, nTotal: number) {
      if (name !== stage) {
        end();
        stage = name;
        bar = createProgressBar({ label: name });
      }
      bar?.update(nDone, nTotal);
    },
    end,
  };
}
