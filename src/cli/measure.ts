import { type Command, Option } from "commander";
import type { ListeningRecording } from "../evaluation/listening-material.ts";
import type { ListeningReport, ListeningSets } from "../evaluation/listening-report.ts";
import { EXPECTATIONS, type Expectation } from "../live/decoding.ts";
import type { StreamModel } from "../live/stream-model.ts";
import { loadClassifier, loadStreamModel, readNamedModel } from "../load-models.ts";
import { parseCount } from "./option-values.ts";

const EXAMPLES = `
Examples:
  spoken-digits measure people                    numbers as people say them, by speakers that no training has
  spoken-digits measure people --expect digits --speakers
  spoken-digits measure people --report models/stream.report.json
  spoken-digits measure people --part dev --model runs/mine/model.onnx
  spoken-digits measure streams --streams 200     streams made of single digits, noise and other words
  spoken-digits measure clips                     clips of one digit, by both kinds of model alone and together
  spoken-digits measure negatives voices-held-out false accepts in speech without a digit, by speaker
  spoken-digits measure voices --part dev --grid  what three takes a digit teach, with other fits too
  spoken-digits measure voices --numbers          the same, and in numbers`;

type PeopleOptions = {
  model?: string;
  data?: string;
  part: "dev" | "test";
  expect?: Expectation;
  speakers?: boolean;
  report?: string;
  curve?: string;
  json?: boolean;
};
type VoicesOptions = {
  model: string;
  data?: string;
  part: "dev" | "test";
  grid?: boolean;
  numbers?: boolean;
  json?: boolean;
};
type ClipsOptions = { model: string; streamModel?: string; data?: string; json?: boolean };
type NegativesOptions = { model: string; streamModel?: string; json?: boolean };
type StreamsOptions = { model?: string; data?: string; streams: number; minutes: number; json?: boolean };

/** Adds `measure`: how good models are on the corpora at hand. @param program Is changed. */
export function addMeasureCommand(program: Command): void {
  const command = program
    .command("measure")
    .description("Measure models on the held-out speakers of the corpora at hand.")
    .addHelpText("after", EXAMPLES);
  addModelAndData(
    command.command("people").description("Numbers as people say them, and false digits where none is said."),
  )
    .addOption(partOption())
    .addOption(new Option("--expect <way>", "one way of listening (default: all)").choices(EXPECTATIONS))
    .option("--speakers", "a line for each speaker as well")
    .addOption(
      new Option("--report <file>", "also write what the model's card is made from").conflicts([
        "part",
        "expect",
      ]),
    )
    .option("--curve <file>", "also draw errors against false alarms by threshold, as SVG")
    .action(measurePeople);
  addModelAndData(command.command("streams").description("Streams made of clips, condition by condition."))
    .option("--streams <n>", "streams of each condition", parseCount, 100)
    .option("--minutes <n>", "minutes of noise, and of speech without a digit", parseCount, 30)
    .action(measureStreams);
  command
    .command("clips")
    .description("Clips of one digit or none, by both kinds of model alone and together.")
    .option("--model <model>", "a classifier", "compact")
    .option("--stream-model <file>", "a stream model (default: the one that ships)")
    .option("--data <folder>", DATA_HELP)
    .option("--json", "print one JSON object")
    .action(measureClips);
  command
    .command("negatives")
    .description("False accepts of both kinds of model in speech without a digit.")
    .argument("<folder>", "with a folder for each voice")
    .option("--model <model>", "a classifier", "compact")
    .option("--stream-model <file>", "a stream model (default: the one that ships)")
    .option("--json", "print one JSON array")
    .action(measureNegatives);
  command
    .command("voices")
    .description("What voice profiles of three takes a digit change.")
    .option("--model <model>", "a classifier", "compact")
    .option("--data <folder>", DATA_HELP)
    .addOption(partOption())
    .option("--grid", "other fits instead of the one as shipped")
    .option("--numbers", "numbers made of the speakers' other takes as well")
    .option("--json", "print one JSON object")
    .action(measureVoices);
}

const DATA_HELP = "folder that holds the corpora (default: as `spoken-digits data` finds them)";
const partOption = () =>
  new Option("--part <part>", "whose speakers").choices(["dev", "test"]).default("test");

const addModelAndData = (command: Command) =>
  command
    .option("--model <file>", "a stream model (default: the one that ships)")
    .option("--data <folder>", DATA_HELP)
    .option("--json", "print one JSON object");

async function measurePeople({
  part,
  expect,
  speakers,
  report: reportPath,
  curve,
  json,
  ...options
}: PeopleOptions): Promise<void> {
  const { model, folders } = await load(options);
  const [{ readListeningMaterial }, { formatListeningReport, measureListening }, { transcribe }] =
    await Promise.all([
      import("../evaluation/listening-material.ts"),
      import("../evaluation/listening-report.ts"),
      import("../live/transcribe.ts"),
    ]);
  const sets = await readListeningMaterial(folders, part);
  const reports: Record<string, ListeningReport> = {};
  for (const way of expect ? [expect] : EXPECTATIONS) {
    const report = await measureListening(
      sets,
      async ({ samples }) => (await transcribe(model, samples, { sampleRate: 8000, expect: way })).digits,
      (set) => process.stderr.write(`${way}: ${set}\n`),
    );
    reports[way] = report;
    if (json) continue;
    process.stdout.write(
      `Expecting ${way}, ${part} speakers\n\n${formatListeningReport(report, { speakers })}\n\n`,
    );
  }
  if (json) process.stdout.write(`${JSON.stringify(reports)}\n`);
  if (reportPath !== undefined) await writeReport(reportPath, reports, options.model);
  if (curve !== undefined) await writeCurve(curve, model, sets);
  await model.release();
}

async function writeReport(path: string, people: Record<string, ListeningReport>, model = "stream") {
  const { buildStreamReport, writeModelReport } = await import("../evaluation/model-report.ts");
  await writeModelReport(path, buildStreamReport(await readNamedModel(model), people));
}

async function writeCurve(path: string, model: StreamModel, sets: ListeningSets<ListeningRecording>) {
  const [{ hearFrames }, { operatingCurveSvg }, { writeWhole }] = await Promise.all([
    import("../evaluation/heard-frames.ts"),
    import("../evaluation/operating-curve.ts"),
    import("../write-whole.ts"),
  ]);
  await writeWhole(path, await operatingCurveSvg(await hearFrames(model, sets), model.info.decoding));
}

async function measureStreams({ streams, minutes, json, ...options }: StreamsOptions): Promise<void> {
  const { model, folders } = await load(options);
  const [{ readHeldOutClips }, { formatClipStreamReport, measureClipStreams }] = await Promise.all([
    import("../evaluation/clip-stream-material.ts"),
    import("../evaluation/measure-clip-streams.ts"),
  ]);
  const report = await measureClipStreams(model, await readHeldOutClips(folders), { streams, minutes });
  process.stdout.write(`${json ? JSON.stringify(report) : formatClipStreamReport(report)}\n`);
  await model.release();
}

async function measureClips({ data, json, ...names }: ClipsOptions): Promise<void> {
  const [{ locateCorpora }, { readHeldOutMaterial }, clips] = await Promise.all([
    import("../corpus/find-corpus.ts"),
    import("../evaluation/held-out-material.ts"),
    import("../evaluation/measure-clips.ts"),
  ]);
  const material = await readHeldOutMaterial(await locateCorpora({ data }));
  const models = await loadBoth(names);
  const report = await clips.measureClips(models, material);
  process.stdout.write(`${json ? JSON.stringify(report) : clips.formatClips(report)}\n`);
  await models.release();
}

async function measureNegatives(folder: string, { json, ...names }: NegativesOptions): Promise<void> {
  const [{ readVoices }, negatives] = await Promise.all([
    import("../corpus/voices.ts"),
    import("../evaluation/measure-negatives.ts"),
  ]);
  const recordings = await readVoices(folder);
  const models = await loadBoth(names);
  const rows = await negatives.measureNegatives(recordings, models);
  process.stdout.write(`${json ? JSON.stringify(rows, null, 2) : negatives.formatNegatives(rows)}\n`);
  await models.release();
}

async function loadBoth({ model, streamModel: path }: { model: string; streamModel?: string }) {
  const classifier = await loadClassifier({ model });
  const streamModel = await loadStreamModel({ model: path });
  const release = () => Promise.all([classifier.release(), streamModel.release()]);
  return { classifier, streamModel, release };
}

async function measureVoices({ model, data, part, grid, numbers, json }: VoicesOptions): Promise<void> {
  const [{ locateCorpora }, { readHeldOutMaterial }, voices] = await Promise.all([
    import("../corpus/find-corpus.ts"),
    import("../evaluation/held-out-material.ts"),
    import("../evaluation/measure-voices.ts"),
  ]);
  const folders = await locateCorpora({ data });
  const classifier = await loadClassifier({ model });
  const { lessons, ...report } = await voices.measureVoices(classifier, await readHeldOutMaterial(folders), {
    part,
    grid,
  });
  if (!json) process.stdout.write(`${voices.formatVoices(report)}\n`);
  if (numbers) {
    const strings = await import("../evaluation/measure-voice-strings.ts");
    const { model: streamModel } = await load({ data });
    const material = await strings.readVoiceStringsMaterial(folders, part);
    const found = await strings.measureVoiceStrings({ model: streamModel, classifier }, lessons, material);
    if (json) process.stdout.write(`${JSON.stringify({ ...report, numbers: found })}\n`);
    else process.stdout.write(`\n${strings.formatVoiceStrings(found)}\n`);
    await streamModel.release();
  } else if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  await classifier.release();
}

async function load({ model, data }: { model?: string; data?: string }) {
  const { locateCorpora } = await import("../corpus/find-corpus.ts");
  return { model: await loadStreamModel({ model }), folders: await locateCorpora({ data }) };
}
