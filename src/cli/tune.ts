import type { Command } from "commander";
import type { StreamModelMetadata } from "../live/stream-metadata.ts";
import { readNamedModel } from "../load-models.ts";

const EXAMPLES = `
Of a stream model are chosen, for each way of listening, how digits are found in what the net outputs, and how sure a string
is. Of a classifier its temperature, the bias of "none" and the thresholds strict, balanced and lenient; training on all
corpora does so too. All is chosen on speakers of whom none trains, and none is reported by "measure".

Examples:
  spoken-digits tune runs/stream-all/model.onnx --out models/stream.onnx
  spoken-digits tune runs/mean.onnx --out models/compact.onnx`;

/** Of what is made for it; of people there is what there is. */
const AMOUNTS = { noiseMinutes: 5, streams: 30 };

type TuneOptions = { out: string; data?: string; thresholdsOnly?: boolean };

/** Adds `tune`: the settings by which a model decides on digits, written into its file. @param program Is changed. */
export function addTuneCommand(program: Command): void {
  program
    .command("tune")
    .description("Choose how digits are found in what a model outputs, and write that into the model.")
    .argument("<model>", "a stream model or a classifier")
    .requiredOption("--out <file>", "where the model with its settings goes; may be the same file")
    .option("--thresholds-only", "classifiers: leave temperature and bias as they are")
    .option("--data <folder>", "folder that holds the corpora (default: as `spoken-digits data` finds them)")
    .addHelpText("after", EXAMPLES)
    .action(tune);
}

async function tune(path: string, options: TuneOptions): Promise<void> {
  const bytes = await readNamedModel(path);
  const { isStreamModelFile } = await import("../model/model-metadata.ts");
  await (isStreamModelFile(bytes) ? tuneStreamModel : tuneClassifier)(bytes, options);
}

async function tuneClassifier(bytes: Uint8Array, { out, data, thresholdsOnly }: TuneOptions): Promise<void> {
  const [
    { recalibrated },
    { recordingsOf },
    { readFsdd },
    { officialSplit },
    { locateCorpora },
    { readCorpora },
    { writeWhole },
  ] = await Promise.all([
    import("../training/calibrate-classifier.ts"),
    import("../corpus/dataset.ts"),
    import("../corpus/fsdd.ts"),
    import("../corpus/splits.ts"),
    import("../corpus/find-corpus.ts"),
    import("../corpus/read-corpora.ts"),
    import("../write-whole.ts"),
  ]);
  const folders = await locateCorpora({ data });
  const { validation } = await readCorpora(folders);
  const official = folders.fsdd ? officialSplit(await readFsdd(folders.fsdd)).test : [];
  const test = [...official, ...recordingsOf(validation, "digits")];
  const { model, operatingPoints } = await recalibrated(bytes, validation, test, { thresholdsOnly });
  await writeWhole(out, model);
  process.stdout.write(`${JSON.stringify(operatingPoints, null, 2)}\n${out}\n`);
}

async function tuneStreamModel(bytes: Uint8Array, { out, data }: TuneOptions): Promise<void> {
  const [ort, { createStreamModel }, { locateCorpora }, { readListeningMaterial }, { hearFrames }] =
    await Promise.all([
      import("onnxruntime-node"),
      import("../live/stream-model.ts"),
      import("../corpus/find-corpus.ts"),
      import("../evaluation/listening-material.ts"),
      import("../evaluation/heard-frames.ts"),
    ]);
  const model = await createStreamModel(ort, bytes);
  const sets = await readListeningMaterial(await locateCorpora({ data }), "dev", AMOUNTS);
  const heard = await hearFrames(model, sets);
  await model.release();
  const { tuneListening } = await import("../evaluation/tune-listening.ts");
  const { formatListeningReport } = await import("../evaluation/listening-report.ts");
  const decoding = await tuneListening(heard, model.info.decoding, ({ expect, cost, report }) => {
    process.stdout.write(`Expecting ${expect}, dev speakers: cost ${cost.toFixed(2)}\n\n`);
    process.stdout.write(`${formatListeningReport(report)}\n\n`);
  });
  await write(out, bytes, { ...model.info, decoding });
  process.stdout.write(`${JSON.stringify(decoding, null, 2)}\n${out}\n`);
}

async function write(out: string, bytes: Uint8Array, metadata: StreamModelMetadata): Promise<void> {
  const [{ readOnnx }, { buildStreamModel }, { writeWhole }] = await Promise.all([
    import("../graph/onnx-file.ts"),
    import("../live/build-stream-model.ts"),
    import("../write-whole.ts"),
  ]);
  await writeWhole(out, buildStreamModel(readOnnx(bytes).constants, metadata));
}
