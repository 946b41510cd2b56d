import { join } from "node:path";
import { type Command, Option } from "commander";
import { FileError, InvalidArgumentError } from "../errors.ts";
import type { ArchitectureName } from "../model/architectures.ts";
import type { OtherCorpora } from "../training/other-corpora.ts";
import type { ProtocolCorpora, ProtocolName, ProtocolResult } from "../training/protocols.ts";
import type { Recipe } from "../training/recipe.ts";
import type { TrainingRecord } from "../training/trainer.ts";
import { locateRecordings } from "./data.ts";
import { commandLine, endTrainingOnInterrupt } from "./keep-training.ts";
import { parseCount, parseNumber } from "./option-values.ts";
import { createProgressBar } from "./progress-bar.ts";
import { readModelFile } from "./published-model.ts";

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
  spoken-digits train --protocol fsdd-loso         how good the recipe is on voices it never heard
  spoken-digits train --protocol all-loso --shared-steps 5000 --steps 1000
                                                   the same with the other corpora, the six going on from one training
  spoken-digits train --architecture standard --out models/standard.onnx

The folder of a run (runs/ARCHITECTURE-PROTOCOL) holds its log.jsonl, curves.svg, model.onnx, report.txt, report.json and
confusion.svg.`;

type TrainOptions = {
  architecture: ArchitectureName;
  protocol: ProtocolName;
  data?: string;
  voices?: string;
  folder?: string;
  out?: string;
  steps?: number;
  augmentation?: "full" | "gentle";
  seed?: number;
  sharedSteps?: number;
  teacher?: string;
  from?: string;
  learningRate?: number;
  batchSize?: number;
  workers?: number;
  resume?: boolean;
  overwrite?: boolean;
  json?: boolean;
};

/** One training of several. */
type TrainingFold = { name: string; number: number; count: number; steps: number };

/**
 * Adds `train`: trains by the recipe, tests on what was left out, and writes the model.
 *
 * @param program Is changed.
 */
export function addTrainCommand(program: Command): void {
  program
    .command("train")
    .description("Train a model and test it.")
    .addOption(choice("--architecture <name>", "which net", ["compact", "standard"]))
    .addOption(
      choice("--protocol <name>", "what trains and what tests", [
        "fsdd-official",
        "fsdd-random",
        "fsdd-loso",
        "all",
        "all-loso",
      ]),
    )
    .option("--data <folder>", "folder that holds the corpora (default: as `spoken-digits data` finds them)")
    .option(
      "--voices <folder>",
      "speech of many voices without a digit, a folder for each voice; protocols all and all-loso learn from it too",
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
    .option("--teacher <model>", "learn from this classifier's answers as well as from the labels")
    .option("--from <checkpoint>", "start from the weights of another run's checkpoint.onnx")
    .option("--workers <n>", "threads (default: one a core); does not change the result", parseCount)
    .option("--resume", "go on from the folder's checkpoint")
    .option("--overwrite", "begin anew where the folder holds a run, which is lost")
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXAMPLES)
    .action(trainModel);
}

/** An option with a few values, the first of them its default. */
function choice(flags: string, description: string, values: string[]): Option {
  return new Option(flags, description).choices(values).default(values[0]);
}

async function trainModel(options: TrainOptions): Promise<void> {
  if (options.out && options.protocol.endsWith("loso")) {
    throw new InvalidArgumentError(
      `--out: ${options.protocol} trains several models; they stay in the folder of the run`,
    );
  }
  if (options.voices !== undefined && !options.protocol.startsWith("all")) {
    throw new InvalidArgumentError(
      `--voices: ${options.protocol} trains on FSDD alone; all and all-loso take voices`,
    );
  }
  const [recipes, { architecture }, { runProtocol }, { formatReport }, { checkRunFolder }] =
    await Promise.all([
      import("../training/recipe.ts"),
      import("../model/architectures.ts"),
      import("../training/protocols.ts"),
      import("../evaluation/format-report.ts"),
      import("../training/run-folder.ts"),
    ]);
  const { name } = architecture(options.architecture);
  const protocolChanges = options.protocol.startsWith("all") ? recipes.ALL_CORPORA_CHANGES[name] : {};
  const augmentations = { full: recipes.DEFAULT_AUGMENTATION, gentle: recipes.GENTLE_AUGMENTATION };
  const augmentation = options.augmentation && {
    ...augmentations[options.augmentation],
    // How strong the damage is says nothing of what is no digit.
    ...noneOf(protocolChanges.augmentation),
  };
  const recipe = recipes.createRecipe(name, {
    ...protocolChanges,
    ...recipeChanges(options),
    ...(augmentation && { augmentation }),
  });
  if (options.out) await checkFolder(options.out);
  const folder = options.folder ?? `runs/${recipe.architecture}-${options.protocol}`;
  checkRunFolder(folder, options);
  const { onFold, onRecord, end } = createTrainingDisplay(recipe);
  const teacher = options.teacher && { name: options.teacher, model: await readModelFile(options.teacher) };
  const corpora = await locateProtocolCorpora(options);
  const { resume, overwrite, workers, sharedSteps } = options;
  let runFolder = folder;
  const runOptions = {
    folder,
    resume,
    overwrite,
    workers,
    sharedSteps,
    startFrom: options.from,
    ...(teacher && { teacher }),
    command: commandOf(options),
    onFold(fold: TrainingFold) {
      if (fold.count > 1) runFolder = join(folder, fold.name);
      onFold(fold);
    },
    onRecord,
  };
  const result = await endTrainingOnInterrupt(
    (signal) => runProtocol(options.protocol, recipe, corpora, { ...runOptions, signal }).finally(end),
    { folder: () => runFolder, command: commandLine("spoken-digits", process.argv.slice(2)) },
  );
  process.stdout.write(options.json ? `${JSON.stringify(result.report)}\n` : formatReport(result.report));
  if (options.out) await copyModel(result, { folder, out: options.out });
}

function noneOf(augmentation: Recipe["augmentation"] | undefined): Partial<Recipe["augmentation"]> {
  if (!augmentation) return {};
  const { noneShare, noneWeights, noneNoiseWeights } = augmentation;
  return { noneShare, noneWeights, noneNoiseWeights };
}

/** What gives this model again, whatever the folders and threads. */
function commandOf(options: TrainOptions): string {
  const { architecture, protocol, voices, augmentation, teacher, from, sharedSteps } = options;
  const { steps, batchSize, learningRate, seed } = options;
  const flags = {
    architecture,
    protocol,
    voices: voices === undefined ? undefined : "voices",
    steps,
    augmentation,
    "batch-size": batchSize,
    "learning-rate": learningRate,
    seed,
    "shared-steps": sharedSteps,
    teacher,
    from,
  };
  const given = Object.entries(flags).filter(([, value]) => value !== undefined);
  return ["npx spoken-digits train", ...given.map(([name, value]) => `--${name} ${value}`)].join(" ");
}

/** Before the training, not after it. */
async function checkFolder(out: string): Promise<void> {
  const [{ access, constants }, { dirname }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const folder = dirname(out);
  await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is none" : cause.message;
    throw new FileError(`--out: cannot write into the folder ${folder}: ${reason}`, { cause });
  });
}

async function locateProtocolCorpora({ data, voices, protocol }: TrainOptions): Promise<ProtocolCorpora> {
  const fsdd = await locateRecordings(data);
  if (!protocol.startsWith("all")) return { fsdd };
  const [{ locateCorpora }, { readOtherCorpora }] = await Promise.all([
    import("../corpus/locate-corpora.ts"),
    import("../training/other-corpora.ts"),
  ]);
  const others = await readOtherCorpora(await locateCorpora({ data, voices }));
  process.stderr.write(`${describeOthers(others)}
`);
  return { fsdd, others };
}

function describeOthers({ digits, otherWords, voices, noise, validation, dropped }: OtherCorpora): string {
  const faults = Object.entries(dropped).map(([reason, count]) => `${count} ${reason}`);
  return (
    `Other corpora: ${digits.length} digits, ${otherWords.length} other words and phrases, ` +
    `${voices.length > 0 ? `${voices.length} phrases of other voices` : "no other voices"} and ` +
    `${noise.training.length} noises train; ${validation.length} digits of other speakers watch. ` +
    `Left out as broken: ${faults.join(", ")}.`
  );
}

function recipeChanges({ steps, batchSize, learningRate, seed }: TrainOptions): Partial<Recipe> {
  const changes = { steps, batchSize, learningRate, seed };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** Writes the model to `out`, its log and curves beside it under the same name. */
async function copyModel(
  { model }: ProtocolResult,
  { folder, out }: { folder: string; out: string },
): Promise<void> {
  if (!model) return;
  const [{ readFile }, { writeWhole }] = await Promise.all([
    import("node:fs/promises"),
    import("../write-whole.ts"),
  ]);
  const stem = out.replace(/\.onnx$/, "");
  await writeWhole(`${stem}.onnx`, model);
  await writeWhole(`${stem}.log.jsonl`, await readFile(join(folder, "log.jsonl")));
  await writeWhole(`${stem}.curves.svg`, await readFile(join(folder, "curves.svg")));
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
