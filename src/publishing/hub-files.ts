import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidArgumentError } from "../errors.ts";
import { fileDigest, type ModelReport, type StreamReport } from "../evaluation/model-report.ts";
import { asFileError } from "../file-error.ts";
import { readStreamModelInfo, type StreamModelInfo } from "../live/stream-metadata.ts";
import { verifyChecksum } from "../model/model-file.ts";
import { isStreamModelFile, type ModelInfo, readModelInfo } from "../model/model-metadata.ts";
import { attributionText, corporaOf } from "./attribution.ts";
import { modelCard } from "./model-card.ts";

/** A file of a repository. */
export type HubFile = {
  /** Within the repository, with `/` between folders. */
  path: string;
  content: Uint8Array<ArrayBuffer>;
};

/** What a repository is made from. */
export type HubFilesOptions = {
  /** Of the model, for example `compact`. */
  name: string;
  /** What was measured of the file. Default: the card has no figures but those in the file. */
  report?: ModelReport | StreamReport;
  /** Where it is published, for example `OWNER/NAME`. Default: `OWNER/NAME` itself, for the reader to fill in. */
  repo?: string;
  /** The text of the licence. */
  licence: string;
};

/**
 * Makes the files of a model's repository: `onnx/model.onnx` (the model file as it is), `README.md` (its card), `LICENSE` and
 * `ATTRIBUTION.md`; of a classifier `config.json` and `preprocessor_config.json` too.
 *
 * @param bytes The model file.
 * @param options See {@link HubFilesOptions}.
 * @throws {ModelFormatError} The file is no model of this package, damaged, or does not say what it was trained on.
 * @throws {InvalidArgumentError} The report is of another file.
 */
export function hubFiles(bytes: Uint8Array<ArrayBuffer>, options: HubFilesOptions): HubFile[] {
  verifyChecksum(bytes);
  const { name, report, repo, licence } = options;
  const info = readAnyInfo(bytes);
  if (report) checkReport(report, bytes);
  return [
    { path: "onnx/model.onnx", content: bytes },
    ...("labels" in info ? transformersFiles(info) : []),
    textFile("README.md", modelCard(info, { name, bytes: bytes.length, report, repo })),
    textFile("LICENSE", licence),
    textFile("ATTRIBUTION.md", attributionText(corporaOf(info))),
  ];
}

/**
 * What a model file says of itself, whichever kind it is.
 *
 * @param bytes The file.
 * @throws {ModelFormatError} It is no model of this package, or damaged.
 */
export function readAnyInfo(bytes: Uint8Array): ModelInfo | StreamModelInfo {
  return isStreamModelFile(bytes) ? readStreamModelInfo(bytes) : readModelInfo(bytes);
}

function transformersFiles(info: ModelInfo): HubFile[] {
  return [
    textFile("config.json", toJson(modelConfig(info))),
    textFile("preprocessor_config.json", toJson(preprocessorConfig(info))),
  ];
}

/**
 * Writes files into a folder, which is made where it is not there; files of the same names are replaced.
 *
 * @param files Of {@link hubFiles}.
 * @param folder Its path.
 * @throws {FileError} It cannot be written.
 */
export async function writeHubFiles(files: readonly HubFile[], folder: string): Promise<void> {
  const fail = asFileError(`publish: cannot write into ${folder}`);
  for (const { path, content } of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true }).catch(fail);
    await writeFile(target, content).catch(fail);
  }
}

/**
 * Checks that a report was measured of a model file.
 *
 * @param report Of `readModelReport`.
 * @param bytes The file.
 * @throws {InvalidArgumentError} It is of another file; the message says what to do.
 */
export function checkReport(report: ModelReport | StreamReport, bytes: Uint8Array): void {
  const digest = fileDigest(bytes);
  if (report.model.sha256 === digest) return;
  throw new InvalidArgumentError(
    `report: it was measured of a model file with the SHA-256 ${report.model.sha256}, this one has ${digest}; ` +
      "measure this one with `spoken-digits robustness --report FILE`, a stream model with `measure people --report FILE`",
  );
}

/** The text of this package's licence. @throws {FileError} It is not there. */
export async function packageLicence(): Promise<string> {
  const packageRoot = import.meta.url.endsWith(".ts") ? "../.." : "..";
  const path = new URL(`${packageRoot}/LICENSE`, import.meta.url);
  return readFile(path, "utf8").catch(asFileError("package: cannot read its licence"));
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function textFile(path: string, text: string): HubFile {
  return { path, content: new TextEncoder().encode(text) };
}

/**
 * `config.json`: the classes, and for our own programs the threshold.
 *
 * @param info What the model file says of itself.
 */
function modelConfig(info: ModelInfo): Record<string, unknown> {
  return {
    model_type: "wav2vec2",
    architectures: ["Wav2Vec2ForSequenceClassification"],
    id2label: Object.fromEntries(info.labels.map((label, id) => [String(id), label])),
    label2id: Object.fromEntries(info.labels.map((label, id) => [label, id])),
    spoken_digits: {
      architecture: info.architecture,
      threshold: info.threshold,
      sampling_rate: info.sampleRate,
    },
  };
}

/**
 * `preprocessor_config.json`: samples as they are, mono, at the model's rate. The level is set inside the model.
 *
 * @param info What the model file says of itself.
 */
function preprocessorConfig(info: ModelInfo): Record<string, unknown> {
  return {
    feature_extractor_type: "Wav2Vec2FeatureExtractor",
    feature_size: 1,
    sampling_rate: info.sampleRate,
    do_normalize: false,
    padding_value: 0,
    return_attention_mask: false,
  };
}
