import { join } from "node:path";
import { type Command, Option } from "commander";
import { InvalidArgumentError } from "../errors.ts";
import { asFileError } from "../file-error.ts";
import type { ProtocolName } from "../training/protocol-folds.ts";
import type { Recipe } from "../training/recipe.ts";
import type { TrainingRecord } from "../training/trainer.ts";
import { commandLine, endTrainingOnInterrupt } from "./keep-training.ts";
import { parseCount, parseNumber } from "./option-values.ts";
import { createProgressBar } from "./progress-bar.ts";
import type { TrainFlags, TrainSettings } from "./train-model.ts";

const EXAMPLES = `
Protocols:
  fsdd-official  takes 5-49 train, takes 0-4 test (the default)
  fsdd-random    a stratified random 80 % train, 20 % test
  fsdd-loso      six trainings, each tested on the speaker it left out
  all            as fsdd-official, with the voices, words and noises of all other corpora at hand; tests their held-out
                 parts as well
  all-loso       as fsdd-loso, with the other corpora in each training

Examples:
  spoken-digits train                              trains compact and tests it
  spoken-digits train --steps 1500 --augmentation gentle
                                                   a quick one, about three minutes
  spoken-digits train --resume                     goes on where an ended run was
  spoken-digits train --overwrite                  begins anew where a run is, which is lost
  spoken-digits train --from runs/compact-all/checkpoint.onnx --steps 500 --learning-rate 1e-3 --folder runs/more
                                                   a little more, from what another run came to
  spoken-digits train --protocol fsdd-loso         how good the recipe is on unseen voices
  spoken-digits train --protocol all-loso --shared-steps 5000 --steps 1000
                                                   the same with the other corpora, the six going on from one training
  spoken-digits train --architecture standard --out models/standard.onnx
  spoken-digits train --architecture stream --voices voices --out models/stream.onnx
                                                   digits one after another; learns from all corpora

The folder of a run (runs/ARCHITECTURE-PROTOCOL) holds its log.jsonl, curves.svg and model.onnx; that of compact and standard
report.txt, report.json and confusion.svg as well.`;

/** One training of several. */
type TrainingFold = { name: string; number: number; count: number; steps: number };

/** Adds `train`: trains by the recipe, tests on what was left out, and writes the model. @param program Is changed. */
export function addTrainCommand(program: Command): void {
  program
    .command("train")
    .description("Train a model and test it.")
    .addOption(choice("--architecture <name>", "which net", ["compact", "standard", "stream"]))
    .addOption(
      new Option(
        "--protocol <name>",
        "what trains and what tests (default: fsdd-official; of stream: all)",
      ).choices(["fsdd-official", "fsdd-random", "fsdd-loso", "all", "all-loso"]),
    )
    .option("--data <folder>", "folder that holds the corpora (default: as `spoken-digits data` finds them)")
    .option(
      "--voices <folder>",
      "speech of many voices without a digit, a folder for each voice; protocols all and all-loso learn from it too",
    )
    .option(
      "--synthesized <folder>",
      "synthetic speech by `voices speak`; protocols all and all-loso learn from it too",
    )
    .option("--folder <path>", "where the run is kept (default: runs/ARCHITECTURE-PROTOCOL)")
    .option(
      "--out <file>",
      "copy the finished model, its log and its curves here, for example models/compact.onnx",
    )
    .option("--steps <n>", "optimizer steps (default: the recipe's)", parseCount)
    .addOption(
      new Option("--augmentation <strength>", "full or gentle (default: the recipe's)").choices([
        "full",
        "gentle",
      ]),
    )
    .option("--batch-size <n>", "examples a step, a multiple of 32 (default: the recipe's)", parseCount)
    .option("--learning-rate <r>", "highest learning rate (default: the recipe's)", parseNumber)
    .option("--seed <n>", "another seed gives another run (default: 1)", parseNumber)
    .option(
      "--shared-steps <n>",
      "all-loso: train so many steps without FSDD first, and go on from there for each speaker",
      parseCount,
    )
    .option("--teacher <model>", "learn from this classifier's predictions as well as from the labels")
    .option("--from <file>", "start from the weights of another run's checkpoint.onnx, or of a model")
    .option("--realign", "stream: the net of --from tells first where the digits of fluent speech are")
    .option("--workers <n>", "threads (default: one a core); does not change the result", parseCount)
    .option("--resume", "go on from the folder's checkpoint")
    .option("--overwrite", "begin anew where the folder holds a run, which is lost")
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXAMPLES)
    .action(runTrain);
}

/** An option with a few values, the first of them its default. */
function choice(flags: string, description: string, values: string[]): Option {
  return new Option(flags, description).choices(values).default(values[0]);
}

async function runTrain(given: TrainFlags): Promise<void> {
  const settings = { ...given, protocol: given.protocol ?? defaultProtocol(given) };
  checkSettings(settings);
  const [{ copyModel, recipeOf, trainModel }, { checkRunFolder }] = await Promise.all([
    import("./train-model.ts"),
    import("../training/run-folder.ts"),
  ]);
  const recipe = await recipeOf(settings);
  if (settings.out) await checkFolder(settings.out);
  const { architecture, protocol, folder = `runs/${architecture}-${protocol}` } = settings;
  checkRunFolder(folder, settings);
  const { end, onFold, onRecord } = createTrainingDisplay(recipe);
  let runFolder = folder;
  const display = {
    folder,
    onFold(fold: TrainingFold) {
      if (fold.count > 1) runFolder = join(folder, fold.name);
      onFold(fold);
    },
    onRecord,
  };
  const { report, model } = await endTrainingOnInterrupt(
    (signal) => trainModel(recipe, settings, { ...display, signal }).finally(end),
    { folder: () => runFolder, command: commandLine("spoken-digits", process.argv.slice(2)) },
  );
  if (report) {
    const { formatReport } = await import("../evaluation/report-text.ts");
    process.stdout.write(settings.json ? `${JSON.stringify(report)}\n` : formatReport(report));
  } else process.stdout.write(settings.json ? `${JSON.stringify({ folder })}\n` : `${folder}/model.onnx\n`);
  if (settings.out && model) await copyModel(model, { folder, out: settings.out });
}

const defaultProtocol = ({ architecture }: TrainFlags): ProtocolName =>
  architecture === "stream" ? "all" : "fsdd-official";

function checkSettings(settings: TrainSettings): void {
  const { out, protocol, architecture, voices, synthesized } = settings;
  if (out && protocol.endsWith("loso")) {
    throw new InvalidArgumentError(
      `--out: ${protocol} trains several models; they stay in the folder of the run`,
    );
  }
  for (const [name, folder] of Object.entries({ voices, synthesized })) {
    if (folder === undefined || protocol.startsWith("all")) continue;
    throw new InvalidArgumentError(
      `--${name}: ${protocol} trains on FSDD alone; all and all-loso take voices`,
    );
  }
  if (settings.realign && (architecture !== "stream" || settings.from === undefined)) {
    throw new InvalidArgumentError("--realign: needs --architecture stream and a net to start from, --from");
  }
  if (architecture !== "stream") return;
  if (protocol !== "all") {
    throw new InvalidArgumentError(`--protocol: stream is trained on all corpora, not by ${protocol}`);
  }
  const { augmentation, sharedSteps, teacher } = settings;
  for (const [name, value] of Object.entries({ augmentation, "shared-steps": sharedSteps, teacher })) {
    if (value !== undefined) throw new InvalidArgumentError(`--${name}: stream is trained without it`);
  }
}

/** Before the training, not after it. */
async function checkFolder(out: string): Promise<void> {
  const [{ access, constants }, { dirname }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const folder = dirname(out);
  const fail = asFileError(`--out: cannot write into the folder ${folder}`, "there is none");
  await access(folder, constants.W_OK).catch(fail);
}

/** A bar on a terminal; elsewhere, a line now and then. */
function createTrainingDisplay({ batchSize }: Recipe) {
  let name = "";
  let steps = 0;
  let bar = createProgressBar({ label: "Training" });
  return {
    onFold(fold: TrainingFold) {
      bar.end();
      name = fold.count > 1 ? `${fold.name} (${fold.number} of ${fold.count})` : fold.name;
      steps = fold.steps;
      bar = createProgressBar({ label: `Training ${name}` });
    },
    onRecord(record: TrainingRecord) {
      bar.update(record.step, steps);
      if (record.validationAccuracy === undefined) return;
      bar.end();
      process.stderr.write(`${name}  ${describeRecord(record, { steps, batchSize })}\n`);
    },
    end: () => bar.end(),
  };
}

function describeRecord(
  { step, loss, validationAccuracy = 0, examplesPerSecond }: TrainingRecord,
  { steps, batchSize }: Pick<Recipe, "steps" | "batchSize">,
): string {
  const percent = (100 * validationAccuracy).toFixed(1).padStart(5);
  const left = Math.round(((steps - step) * batchSize) / examplesPerSecond);
  return `step ${String(step).padStart(5)}/${steps}  loss ${loss.toFixed(3)}  validation ${percent} %  ${examplesPerSecond} examples/s  ${left} s left`;
}
