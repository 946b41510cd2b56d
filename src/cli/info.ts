import type { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { StreamModelInfo } from "../live/stream-metadata.ts";
import { readNamedModel } from "../load-models.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import type { OperatingPoints } from "../model/prediction.ts";

const EXAMPLES = `
Examples:
  spoken-digits info
  spoken-digits info --model stream
  spoken-digits info --model runs/mine/model.onnx --json`;

/** Adds `info`: what a model file says of itself, and what runs it. @param program Is changed. */
export function addInfoCommand(program: Command): void {
  program
    .command("info")
    .description("Show what a model is, how accurate it was measured to be, and what runs it.")
    .option("--model <model>", "compact, standard, stream, or the path of a model file", "compact")
    .option("--json", "print one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(showInfo);
}

async function showInfo({ model, json }: { model: string; json?: boolean }): Promise<void> {
  const info = await readInfo(await readNamedModel(model));
  const versions = await readVersions();
  process.stdout.write(
    json ? `${JSON.stringify({ model, ...info, versions })}\n` : describe(model, info, versions),
  );
}

/** Loads the model as well: a file that nothing runs is not described. */
async function readInfo(bytes: Uint8Array): Promise<ModelInfo | StreamModelInfo> {
  const [ort, { isStreamModelFile }] = await Promise.all([
    import("onnxruntime-node"),
    import("../model/model-metadata.ts"),
  ]);
  const { createStreamModel } = await import("../live/stream-model.ts");
  const { createClassifier } = await import("../model/classifier.ts");
  const loaded = isStreamModelFile(bytes)
    ? await createStreamModel(ort, bytes)
    : await createClassifier(ort, bytes);
  await loaded.release();
  return loaded.info;
}

async function readVersions(): Promise<Record<string, string>> {
  const { env } = await import("onnxruntime-node");
  return {
    "spoken-digits": packageJson.version,
    "onnxruntime-node": env.versions.node ?? env.versions.common,
    node: process.versions.node,
  };
}

function describe(
  model: string,
  info: ModelInfo | StreamModelInfo,
  versions: Record<string, string>,
): string {
  const rows = [
    ["model", model],
    ["architecture", `${architectureOf(info)}, ${info.parameterCount.toLocaleString("en")} parameters`],
    ["input", `mono samples at ${info.sampleRate} Hz`],
    ...("labels" in info ? [["classes", info.labels.join(" ")]] : []),
    ...("labels" in info && info.operatingPoints ? operatingPointRows(info.operatingPoints) : []),
    ["threshold", String("labels" in info ? info.threshold : info.decoding.any.threshold)],
    ["trained on", info.trainingData],
    ...Object.entries(info.accuracy).map(([test, share]) => [
      "accuracy",
      `${(share * 100).toFixed(2)} %  ${test}`,
    ]),
    ...Object.entries(versions).map(([name, version]) => ["runs on", `${name} ${version}`]),
  ];
  return rows
    .map(([name, value], i) => `${nameUnlessRepeated(rows, i, name!).padEnd(16)}${value}\n`)
    .join("");
}

const operatingPointRows = (points: OperatingPoints) =>
  Object.entries(points).map(([name, { threshold, digitsKept, falseAccepts }]) => [
    "thresholds",
    `${name} ${threshold.toFixed(2)}: keeps ${percent(digitsKept)} of the digits, takes ${percent(falseAccepts)} of other speech for one`,
  ]);

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const architectureOf = (info: ModelInfo | StreamModelInfo) =>
  "architecture" in info ? info.architecture : "stream";

function nameUnlessRepeated(rows: readonly string[][], index: number, name: string): string {
  return rows[index - 1]?.[0] === name ? "" : name;
}
