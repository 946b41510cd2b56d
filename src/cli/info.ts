import type { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { ModelInfo } from "../model/model-metadata.ts";

const EXAMPLES = `
Examples:
  spoken-digits info
  spoken-digits info --model standard
  spoken-digits info --model runs/mine/model.onnx --json`;

/**
 * Adds `info`: what a model file says of itself, and what runs it.
 *
 * @param program Is changed.
 */
export function addInfoCommand(program: Command): void {
  program
    .command("info")
    .description("Show what a model is, how accurate it was measured to be, and what runs it.")
    .option("--model <model>", "compact, standard, or the path of a model file", "compact")
    .option("--json", "print one JSON object")
    .addHelpText("after", EXAMPLES)
    .action(showInfo);
}

async function showInfo({ model, json }: { model: string; json?: boolean }): Promise<void> {
  const { loadClassifier } = await import("../model/load-classifier.ts");
  const classifier = await loadClassifier({ model });
  const { info } = classifier;
  await classifier.release();
  const versions = await readVersions();
  process.stdout.write(
    json ? `${JSON.stringify({ model, ...info, versions })}\n` : describe(model, info, versions),
  );
}

async function readVersions(): Promise<Record<string, string>> {
  const { env } = await import("onnxruntime-node");
  return {
    "spoken-digits": packageJson.version,
    "onnxruntime-node": env.versions.node ?? env.versions.common,
    node: process.versions.node,
  };
}

function describe(model: string, info: ModelInfo, versions: Record<string, string>): string {
  const rows = [
    ["model", model],
    ["architecture", `${info.architecture}, ${info.parameterCount.toLocaleString("en")} parameters`],
    ["input", `mono samples at ${info.sampleRate} Hz`],
    ["classes", info.labels.join(" ")],
    ["threshold", String(info.threshold)],
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

function nameUnlessRepeated(rows: readonly string[][], index: number, name: string): string {
  return rows[index - 1]?.[0] === name ? "" : name;
}
