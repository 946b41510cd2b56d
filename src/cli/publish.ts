import { type Command, Option } from "commander";
import { InvalidArgumentError } from "../errors.ts";
import type { HubFile } from "../publishing/hub-files.ts";
import { endOnInterrupt } from "./interruption.ts";
import { addModelOptions, type PublishedModelSettings, readPublishedModel } from "./published-model.ts";

const EXAMPLES = `
Published are the model file, the two files by which programs of the transformers family load it, its card with what was
measured of it, the licence, and the names of all whose recordings it was trained on. The token of the hub is taken from the
variable HF_TOKEN; HF_ENDPOINT names another hub. A repository that is there keeps its visibility and its other files.

Examples:
  spoken-digits publish --folder look-at-it                writes the files and uploads nothing
  spoken-digits publish --repo OWNER/spoken-digits-compact
  spoken-digits publish --repo OWNER/NAME --model mine.onnx --private`;

type PublishSettings = PublishedModelSettings & { repo?: string; folder?: string; private?: boolean };

/**
 * Adds `publish`: a model's files, to the Hugging Face hub or into a folder.
 *
 * @param program Is changed.
 */
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
