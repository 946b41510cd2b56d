// From the options of `train` to a model: which recipe, which corpora, and where the files go.

import type { CorpusName } from "../corpus/corpora.ts";
import type { Dataset } from "../corpus/dataset.ts";
import type { SplitCorpora } from "../corpus/read-corpora.ts";
import type { Report } from "../evaluation/report.ts";
import { readNamedModel } from "../load-models.ts";
import type { ArchitectureName } from "../model/architectures.ts";
import type { ProtocolName } from "../training/protocol-folds.ts";
import type { ProtocolOptions } from "../training/protocols.ts";
import type { ClassifierRecipe, Recipe } from "../training/recipe.ts";
import { locateRecordings } from "./data.ts";

/** What the options of `train` say. */
export type TrainFlags = {
  architecture: ArchitectureName | "stream";
  protocol?: ProtocolName;
  data?: string;
  voices?: string;
  synthesized?: string;
  folder?: string;
  out?: string;
  steps?: number;
  augmentation?: "full" | "gentle";
  seed?: number;
  sharedSteps?: number;
  teacher?: string;
  from?: string;
  realign?: boolean;
  learningRate?: number;
  batchSize?: number;
  workers?: number;
  resume?: boolean;
  overwrite?: boolean;
  json?: boolean;
};

/** The options, with a protocol. */
export type TrainSettings = TrainFlags & { protocol: ProtocolName };

/**
 * The recipe that the options ask for.
 *
 * @param settings Of the command.
 * @throws {InvalidArgumentError} A setting is out of range.
 */
export async function recipeOf(settings: TrainSettings): Promise<Recipe> {
  const recipes = await import("../training/recipe.ts");
  const { architecture, protocol, augmentation: strength, steps, batchSize, learningRate, seed } = settings;
  const given = Object.entries({ steps, batchSize, learningRate, seed }).filter(
    ([, value]) => value !== undefined,
  );
  const changes = Object.fromEntries(given);
  if (architecture === "stream") {
    const { createStreamRecipe } = await import("../training/stream/stream-recipe.ts");
    return createStreamRecipe(changes);
  }
  const ofProtocol = protocol.startsWith("all") ? recipes.ALL_CORPORA_CHANGES[architecture] : {};
  const augmentations = { full: recipes.DEFAULT_AUGMENTATION, gentle: recipes.GENTLE_AUGMENTATION };
  // How strong the damage is says nothing of what is no digit.
  const augmentation = strength && { ...augmentations[strength], ...noneOf(ofProtocol.augmentation) };
  return recipes.createRecipe(architecture, {
    ...ofProtocol,
    ...changes,
    ...(augmentation && { augmentation }),
  });
}

function noneOf(
  augmentation: ClassifierRecipe["augmentation"] | undefined,
): Partial<ClassifierRecipe["augmentation"]> {
  if (!augmentation) return {};
  const { noneShare, noneWeights, noneNoiseWeights } = augmentation;
  return { noneShare, noneWeights, noneNoiseWeights };
}

/** What came of a training; that of stream is tested apart, on strings. */
type TrainResult = { report?: Report; model: Uint8Array | undefined };

/**
 * Trains by a recipe on the corpora that the options name.
 *
 * @param recipe From {@link recipeOf}.
 * @param settings Of the command.
 * @param display.folder Where the run is kept.
 * @param display.onFold Called before each training.
 * @param display.onRecord Called with each line of the log.
 * @param display.signal Ends the training after the step under way, with a checkpoint.
 * @throws {CorpusError} A corpus is damaged or not there.
 * @throws {CheckpointError} The checkpoint to go on from is damaged or of another run.
 */
export async function trainModel(
  recipe: Recipe,
  settings: TrainSettings,
  display: Pick<ProtocolOptions, "folder" | "onFold" | "onRecord" | "signal">,
): Promise<TrainResult> {
  const { resume, overwrite, workers, from: startFrom } = settings;
  const options = { ...display, resume, overwrite, workers, startFrom };
  if (recipe.architecture === "stream") {
    display.onFold?.({ name: "stream", number: 1, count: 1, steps: recipe.steps });
    const [{ streamRunData }, { trainStreamModel }] = await Promise.all([
      import("../training/stream/stream-corpora.ts"),
      import("../training/stream/train-stream.ts"),
    ]);
    const data = streamRunData(await readAllCorpora(settings));
    return { model: await trainStreamModel(recipe, data, { ...options, realign: settings.realign }) };
  }
  const { runProtocol } = await import("../training/protocols.ts");
  const { protocol, teacher, sharedSteps } = settings;
  const model = teacher === undefined ? undefined : await readNamedModel(teacher);
  const fsdd = await locateRecordings(settings.data);
  const others = protocol.startsWith("all") ? await readAllCorpora(settings, ["fsdd"]) : undefined;
  return runProtocol(
    protocol,
    recipe,
    { fsdd, others },
    {
      ...options,
      sharedSteps,
      ...(model && { teacher: { name: teacher!, model } }),
      command: commandOf(settings),
    },
  );
}

/** What gives this model again, whatever the folders and threads. */
function commandOf(options: TrainSettings): string {
  const { architecture, protocol, voices, synthesized, augmentation, teacher, from, sharedSteps } = options;
  const { steps, batchSize, learningRate, seed } = options;
  const flags = {
    architecture,
    protocol,
    voices: voices === undefined ? undefined : "voices",
    synthesized: synthesized === undefined ? undefined : "synthesized",
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

/** All corpora at hand but some, and a line on standard error about them. */
async function readAllCorpora(
  { data, voices, synthesized }: TrainFlags,
  without: readonly CorpusName[] = [],
): Promise<SplitCorpora> {
  const [{ locateCorpora }, { readCorpora }] = await Promise.all([
    import("../corpus/find-corpus.ts"),
    import("../corpus/read-corpora.ts"),
  ]);
  const folders = await locateCorpora({ data, voices, synthesized });
  for (const name of without) delete folders[name];
  const corpora = await readCorpora(folders);
  process.stderr.write(`${describeCorpora(corpora)}\n`);
  return corpora;
}

function describeCorpora({ training, validation, dropped }: SplitCorpora): string {
  const count = (datasets: readonly Dataset[]) => {
    const counts = new Map<string, number>();
    for (const { role, recordings } of datasets) {
      counts.set(role, (counts.get(role) ?? 0) + recordings.length);
    }
    return [...counts].map(([role, n]) => `${n} ${role}`).join(", ");
  };
  const faults = Object.entries(dropped).map(([reason, n]) => `${n} ${reason}`);
  return (
    `Corpora: ${count(training)} train; ${count(validation)} of held-out speakers validate. ` +
    `Left out as broken: ${faults.join(", ")}.`
  );
}

/**
 * Copies what a run left, under one name.
 *
 * @param model Its file.
 * @param options.folder Where the run is kept.
 * @param options.out Where the model goes; its log and curves go beside it.
 * @throws {FileError} A file cannot be written.
 */
export async function copyModel(
  model: Uint8Array,
  { folder, out }: { folder: string; out: string },
): Promise<void> {
  const [{ readFile }, { join }, { writeWhole }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
    import("../write-whole.ts"),
  ]);
  const stem = out.replace(/\.onnx$/, "");
  await writeWhole(`${stem}.onnx`, model);
  await writeWhole(`${stem}.log.jsonl`, await readFile(join(folder, "log.jsonl")));
  await writeWhole(`${stem}.curves.svg`, await readFile(join(folder, "curves.svg")));
}
