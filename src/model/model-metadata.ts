// What a model file says of itself: for every kind of model what they have in common, and all of it for classifiers.

import { ModelFormatError } from "../errors.ts";
import { type Metadata, readOnnx } from "../graph/onnx-file.ts";
import { sizeOf } from "../graph/value.ts";
import { type ArchitectureName, CLASS_COUNT } from "./architectures.ts";
import { SAMPLE_RATE } from "./log-mel.ts";
import { DIGIT_WORDS, OPERATING_POINT_NAMES, type OperatingPoints } from "./prediction.ts";

/** A kind of model file, as its metadata name it. */
export type FileKind = {
  format: string;
  /** Version of its layout: raised when inputs, outputs or required metadata change. */
  version: number;
  /** Names of the inputs and of the outputs. Default: they are not looked at. */
  inputs?: readonly string[];
  outputs?: readonly string[];
};

const CLASSIFIER_FILE: FileKind = {
  format: "spoken-digits",
  version: 1,
  inputs: ["input_values"],
  outputs: ["logits", "log_mel"],
};

/** Class names in the order of the logits. */
export const LABELS: readonly string[] = [...DIGIT_WORDS.keys(), "none"].map(String);

/** Description of a trained model. */
export type ModelMetadata = {
  architecture: ArchitectureName;
  /** A digit is accepted only at this confidence or above, 0..1. */
  threshold: number;
  /** Other thresholds by name, and what each was measured to do. Default: it was not calibrated. */
  operatingPoints?: OperatingPoints;
  /** What it was trained on, in words. */
  trainingData: string;
  /** The settings of the run that made it. */
  training: Record<string, unknown>;
  /** Measured shares of right predictions, 0..1, by the name of the test. */
  accuracy: Record<string, number>;
};

/** A model's description together with what its file fixes. */
export type ModelInfo = ModelMetadata & {
  labels: readonly string[];
  sampleRate: number;
  parameterCount: number;
};

/** What every kind of model says of its training. */
type TrainingMetadata = Pick<ModelMetadata, "trainingData" | "training" | "accuracy">;

/** Metadata entries for the file. @param metadata What to say. */
export function encodeMetadata(metadata: ModelMetadata): Metadata {
  return {
    ...encodeKind(CLASSIFIER_FILE, metadata),
    architecture: metadata.architecture,
    labels: JSON.stringify(LABELS),
    threshold: String(metadata.threshold),
    ...(metadata.operatingPoints && { operating_points: JSON.stringify(metadata.operatingPoints) }),
  };
}

/**
 * The metadata entries that every kind of model file has.
 *
 * @param kind Which.
 * @param metadata What it was trained on, and how.
 */
export function encodeKind(kind: FileKind, metadata: TrainingMetadata): Metadata {
  return {
    format: kind.format,
    format_version: String(kind.version),
    sample_rate: String(SAMPLE_RATE),
    training_data: metadata.trainingData,
    training: JSON.stringify(metadata.training),
    accuracy: JSON.stringify(metadata.accuracy),
    license: "MIT",
  };
}

/**
 * Reads and checks the description in a model file.
 *
 * @param bytes A whole file.
 * @throws {ModelFormatError} It is no ONNX file, not one of ours, of a newer layout, or its metadata is damaged.
 */
export function readModelInfo(bytes: Uint8Array): ModelInfo {
  const { metadata, info } = readKind(bytes, CLASSIFIER_FILE);
  const labels = parseJson(metadata, "labels");
  if (!Array.isArray(labels) || labels.join() !== LABELS.join()) {
    throw new ModelFormatError(
      `model file: needs ${CLASS_COUNT} labels 0-9 and none, got ${metadata.labels}`,
    );
  }
  return {
    architecture: metadata.architecture as ArchitectureName,
    labels,
    threshold: parseNumber(metadata, "threshold", 0, 1),
    ...(metadata.operating_points !== undefined && { operatingPoints: parseOperatingPoints(metadata) }),
    ...info,
  };
}

/**
 * Reads what every kind of model file says of itself.
 *
 * @param bytes A whole file.
 * @param kind Which kind it has to be.
 * @returns The metadata as it stands, and what is said in it of every kind of model.
 * @throws {ModelFormatError} It is no ONNX file, of another kind or a newer layout, or its metadata is damaged.
 */
export function readKind(bytes: Uint8Array, kind: FileKind) {
  if (bytes.length === 0) throw new ModelFormatError("model file: it is empty");
  const { metadata, inputs, outputs, constants } = readOnnx(bytes);
  if (metadata.format !== kind.format) {
    const found = KINDS[metadata.format ?? ""] ?? "an ONNX file, but not one that spoken-digits wrote";
    throw new ModelFormatError(`model file: ${found}`);
  }
  if (metadata.format_version !== String(kind.version)) {
    throw new ModelFormatError(
      `model file: layout version must be ${kind.version}, got ${metadata.format_version}`,
    );
  }
  if (kind.inputs) expectNames("input", inputs, kind.inputs);
  if (kind.outputs) expectNames("output", outputs, kind.outputs);
  const parameters = [...constants].filter(([name]) => isParameter(name));
  const info = {
    sampleRate: parseNumber(metadata, "sample_rate", SAMPLE_RATE, SAMPLE_RATE),
    trainingData: metadata.training_data ?? "",
    training: parseJson(metadata, "training") as Record<string, unknown>,
    accuracy: parseJson(metadata, "accuracy") as Record<string, number>,
    parameterCount: parameters.reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0),
  };
  return { metadata, info };
}

function parseOperatingPoints(metadata: Metadata): OperatingPoints {
  const points = parseJson(metadata, "operating_points") as Partial<OperatingPoints> | null;
  const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;
  for (const name of OPERATING_POINT_NAMES) {
    const { threshold, digitsKept, falseAccepts } = points?.[name] ?? {};
    if ([threshold, digitsKept, falseAccepts].every(isShare)) continue;
    throw new ModelFormatError(`model file: its operating_points entry needs three shares for ${name}`);
  }
  return points as OperatingPoints;
}

/**
 * Whether a file is a model that finds digits in streams, not a classifier.
 *
 * @param bytes A whole file.
 * @throws {ModelFormatError} It is no ONNX file.
 */
export function isStreamModelFile(bytes: Uint8Array): boolean {
  return readOnnx(bytes).metadata.format === "spoken-digits-stream";
}

/** What this package writes as ONNX files, by the format that their metadata names. */
const KINDS: Readonly<Record<string, string>> = {
  "spoken-digits":
    "it says which digit a recording holds, and hears none said one after another; use it with predict or serve",
  "spoken-digits-stream":
    "it hears digits said one after another, and is no classifier of recordings; use it with transcribe or listen",
  "spoken-digits-checkpoint":
    "it is the checkpoint of a training, no finished model; go on from it with train --from, or use the run's model.onnx",
};

/** Whether a stored tensor is a trained parameter. */
const isParameter = (name: string): boolean => /\.(weight|scale|bias)$/.test(name);

function expectNames(kind: string, values: readonly { name: string }[], expected: readonly string[]): void {
  const names = values.map(({ name }) => name);
  if (names.join() !== expected.join()) {
    throw new ModelFormatError(
      `model file: its ${kind}s must be ${expected.join(", ")}, got ${names.join(", ")}`,
    );
  }
}

/** A number in a file's metadata, within bounds. */
function parseNumber(metadata: Metadata, key: string, low: number, high: number): number {
  const number = Number(metadata[key] ?? Number.NaN);
  if (!(number >= low && number <= high)) {
    throw new ModelFormatError(`model file: ${key} must be ${low}..${high}, got ${metadata[key]}`);
  }
  return number;
}

/** Reads JSON in a file's metadata. @param metadata The entries. @param key Name. @throws {ModelFormatError} It is none. */
export function parseJson(metadata: Metadata, key: string): unknown {
  try {
    return JSON.parse(metadata[key] ?? "");
  } catch (cause) {
    throw new ModelFormatError(`model file: its ${key} entry is damaged`, { cause });
  }
}
