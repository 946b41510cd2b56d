import { access } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import type { ModelReport, StreamReport } from "../evaluation/model-report.ts";

/** What {@link addModelOptions} gives to a command's action. */
export type PublishedModelSettings = {
  /** `compact`, `standard`, `stream` or the path of a model file. */
  model: string;
  /** The report measured of it. Default: the one beside it. */
  report?: string;
};

/** A model file ready to be described. */
export type PublishedModel = {
  /** `compact`, or the file's name without its extension. */
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Undefined where none lies beside the model. */
  report: ModelReport | StreamReport | undefined;
};

/**
 * Adds the options that say which model, and what was measured of it.
 *
 * @param command Is changed.
 * @returns The same command.
 */
export function addModelOptions(command: Command): Command {
  return command
    .option("--model <model>", "compact, standard, stream, or the path of a model file", "compact")
    .option(
      "--report <file>",
      "what `robustness --report` or `measure people --report` measured of it (default: the model's name with .report.json)",
    );
}

/**
 * Reads a model file and its report.
 *
 * @param settings Which.
 * @throws {FileError} A file cannot be read, or is no report. A report that is not named need not be there.
 */
export async function readPublishedModel(settings: PublishedModelSettings): Promise<PublishedModel> {
  const [{ modelPath, readNamedModel }, { readModelReport }] = await Promise.all([
    import("../read-model-file.ts"),
    import("../evaluation/model-report.ts"),
  ]);
  const stem = modelPath(settings.model).replace(/\.onnx$/, "");
  const beside = `${stem}.report.json`;
  const reportPath = settings.report ?? ((await isThere(beside)) ? beside : undefined);
  return {
    name: basename(stem),
    bytes: await readNamedModel(settings.model),
    report: reportPath === undefined ? undefined : await readModelReport(reportPath),
  };
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
