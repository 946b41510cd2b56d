// Loading models in Node.js: those of the package, or from a file.

import type { OnnxRuntime } from "../graph/program.ts";
import { createStreamModel, type StreamModel } from "../live/stream-model.ts";
import { type Classifier, createClassifier } from "../model/classifier.ts";
import { modelPath, readModelFile } from "../read-model-file.ts";
import {
  type LoadClassifierOptions,
  type LoadStreamModelOptions,
  readLoadOptions,
  readStreamLoadOptions,
} from "./load-options.ts";

/**
 * Loads a model into onnxruntime-node.
 *
 * @param options Which model: `compact`, `standard`, the path or address of a model file, or its bytes; or with more
 *   settings, see {@link LoadClassifierOptions}. Default: `compact`.
 * @throws {FileError} The file cannot be read.
 * @throws {ModelFormatError} The file is no model of this package, or damaged.
 * @throws {InvalidArgumentError} An option is of the wrong kind, or the threshold is not 0..1.
 */
export async function loadClassifier(
  options: LoadClassifierOptions | LoadClassifierOptions["model"] = {},
): Promise<Classifier> {
  const { model, wasmUrl: _, ...classifierOptions } = readLoadOptions(options);
  const bytes = await readModelFile(typeof model === "string" ? modelPath(model) : model);
  return createClassifier(await nativeRuntime(), bytes, classifierOptions);
}

/**
 * Loads a stream model into onnxruntime-node.
 *
 * @param options Which model: the path or address of its file, or its bytes; or with more settings, see
 *   {@link LoadStreamModelOptions}. Default: the one that ships with the package.
 * @throws {FileError} The file cannot be read.
 * @throws {ModelFormatError} The file is no stream model of this package, or damaged.
 * @throws {InvalidArgumentError} An option is of the wrong kind.
 */
export async function loadStreamModel(
  options: LoadStreamModelOptions | LoadStreamModelOptions["model"] = {},
): Promise<StreamModel> {
  const { model = modelPath("stream"), wasmUrl: _, ...modelOptions } = readStreamLoadOptions(options);
  return createStreamModel(await nativeRuntime(), await readModelFile(model), modelOptions);
}

/**
 * The native ONNX runtime. It is loaded with the first model, so that a program which only decodes has no part of it.
 */
export function nativeRuntime(): Promise<OnnxRuntime> {
  // ONNX Runtime reports its use to Microsoft, and keeps an id of the machine for that, unless this is set by its first
  // session.
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  return import("onnxruntime-node");
}
