import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type Command, Option } from "commander";
import { InvalidArgumentError } from "../errors.ts";
import type { ModelReport, StreamReport } from "../evaluation/model-report.ts";
import { modelPath, readNamedModel } from "../load-models.ts";
import type { HubFile } from "../publishing/hub-files.ts";
import { writeWhole } from "../write-whole.ts";
import { endOnInterrupt } from "./interruption.ts";

const EXAMPLES = `
Published are the model file, of a classifier the two files by which programs of the transformers family load it, its card with what was
measured of it, the licence, and the names of all whose recordings it was trained on. The token of the hub is taken from the
variable HF_TOKEN; HF_ENDPOINT names another hub. A repository that is there keeps its visibility and its other files.

Examples:
  spoken-digits publish --folder look-at-it                writes the files and uploads nothing
  spoken-digits publish --repo OWNER/spoken-digits-compact
  spoken-digits publish --model stream --folder look-at-it
  spoken-digits publish --repo OWNER/NAME --model mine.onnx --private`;

type PublishSettings = PublishedModelSettings & { repo?: string; folder?: string; private?: boolean };

/** Adds `publish`: a model's files, to the Hugging Face hub or into a folder. @param program Is changed. */
export function addPublishCommand(program: Command): void {
  const command = program.command("publish").description("Upload a model to the Hugging Face hub.");
  addModelOptions(command)
    .option("--repo <owner/name>", "repository of the hub, made where it is not there")
    .option("--private", "make the repository for its owner alone")
    .addOption(
      new Option("--folder <path>", "write the files there and upload nothing").conflicts([
        "repo",
        "private",
      ]),
    )
    .addHelpText("after", EXAMPLES)
    .action(publish);
}

async function publish(settings: PublishSettings): Promise<void> {
  const { repo, folder } = settings;
  if (repo === undefined && folder === undefined) {
    throw new InvalidArgumentError("publish: expected --repo OWNER/NAME or --folder PATH, got neither");
  }
  const { hubFiles, packageLicence, writeHubFiles } = await import("../publishing/hub-files.ts");
  const { name, bytes, report } = await readPublishedModel(settings);
  const files = hubFiles(bytes, { name, report, repo, licence: await packageLicence() });
  if (folder !== undefined) {
    await writeHubFiles(files, folder);
    process.stdout.write(`${listFiles(files)}written to ${folder}\n`);
    return;
  }
  const { url, commitUrl } = await upload(files, { ...settings, repo: repo!, name });
  process.stdout.write(`${listFiles(files)}published at ${url}\ncommit ${commitUrl}\n`);
}

async function upload(files: readonly HubFile[], options: { repo: string; name: string; private?: boolean }) {
  const { uploadModel } = await import("../publishing/upload-model.ts");
  const { HF_TOKEN, HF_ENDPOINT } = process.env;
  return endOnInterrupt((signal) =>
    uploadModel(files, {
      repo: options.repo,
      private: options.private,
      token: HF_TOKEN,
      hubUrl: HF_ENDPOINT || undefined,
      title: `Upload spoken-digits-${options.name}`,
      signal,
    }),
  );
}

function listFiles(files: readonly HubFile[]): string {
  const width = Math.max(...files.map(({ path }) => path.length));
  return files.map(({ path, content }) => `${path.padEnd(width)}  ${content.length} bytes\n`).join("");
}

const CARD_EXAMPLES = `
Examples:
  spoken-digits card                                        the card of compact
  spoken-digits card --model standard --out models/standard.md
  spoken-digits card --model stream --out models/stream.md
  spoken-digits robustness --model mine.onnx --report mine.report.json
  spoken-digits card --model mine.onnx --out mine.md        a card with these figures`;

/** Adds `card`: the model card, from the model file and what was measured of it. @param program Is changed. */
export function addCardCommand(program: Command): void {
  const command = program
    .command("card")
    .description("Write a model's card, in the format of the Hugging Face hub.");
  addModelOptions(command)
    .option("--out <file>", "write it there (default: standard output)")
    .addHelpText("after", CARD_EXAMPLES)
    .action(writeCard);
}

async function writeCard({ out, ...settings }: PublishedModelSettings & { out?: string }): Promise<void> {
  const [{ checkReport, readAnyInfo }, { modelCard }] = await Promise.all([
    import("../publishing/hub-files.ts"),
    import("../publishing/model-card.ts"),
  ]);
  const { name, bytes, report } = await readPublishedModel(settings);
  if (report) checkReport(report, bytes);
  const card = modelCard(readAnyInfo(bytes), { name, bytes: bytes.length, report });
  if (out === undefined) process.stdout.write(card);
  else await writeWhole(out, card);
}

/** What {@link addModelOptions} gives to a command's action. */
type PublishedModelSettings = {
  /** `compact`, `standard`, `stream` or the path of a model file. */
  model: string;
  /** The report measured of it. Default: the one beside it. */
  report?: string;
};

/** A model file ready to be described. */
type PublishedModel = {
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
function addModelOptions(command: Command): Command {
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
async function readPublishedModel(settings: PublishedModelSettings): Promise<PublishedModel> {
  const { readModelReport } = await import("../evaluation/model-report.ts");
  const stem = modelPath(settings.model).replace(/\.onnx$/, "");
  const beside = `${stem}.report.json`;
  const reportPath = settings.report ?? (existsSync(beside) ? beside : undefined);
  return {
    name: basename(stem),
    bytes: await readNamedModel(settings.model),
    report: reportPath === undefined ? undefined : await readModelReport(reportPath),
  };
}
