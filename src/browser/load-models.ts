// Loading models in a browser: those of the package, where the bundler took them along, or by address.

import { type LoadStreamModelOptions, readStreamLoadOptions } from "../live/stream-load-options.ts";
import { createStreamModel, type StreamModel } from "../live/stream-model.ts";
import { type Classifier, createClassifier } from "../model/classifier.ts";
import { type LoadClassifierOptions, readLoadOptions } from "../model/load-options.ts";
import { fetchModel } from "./fetch-model.ts";
import { webRuntime } from "./runtime.ts";

// Only an address written out in full is one that bundlers take the file along for; it holds in `src/` and `dist/` alike.
const SHIPPED: Readonly<Record<string, () => URL>> = {
  compact: () => new URL("../../models/compact.onnx", import.meta.url),
  standard: () => new URL("../../models/standard.onnx", import.meta.url),
  stream: () => new URL("../../models/stream.onnx", import.meta.url),
};

/**
 * Loads a classifier into onnxruntime-web.
 *
 * @param options Which model: `compact`, `standard`, the address of a model file, or its bytes; or with more settings,
 *   see {@link LoadClassifierOptions}. Default: `compact`.
 * @throws {FileError} The file cannot be had.
 * @throws {ModelFormatError} The file is no model of this package, or damaged.
 * @throws {InvalidArgumentError} An option is of the wrong kind, or the threshold is not 0..1.
 */
export async function loadClassifier(
  options: LoadClassifierOptions | LoadClassifierOptions["model"] = {},
): Promise<Classifier> {
  const { model, wasmUrl, ...classifierOptions } = readLoadOptions(options);
  const bytes = await fetchModel(addressOf(model));
  return createClassifier(await webRuntime(wasmUrl), bytes, classifierOptions);
}

/**
 * Loads a stream model into onnxruntime-web.
 *
 * @param options Which model: the address of its file, or its bytes; or with more settings, see
 *   {@link LoadStreamModelOptions}. Default: the one that ships with the package.
 * @throws {FileError} The file cannot be had.
 * @throws {ModelFormatError} The file is no stream model of this package, or damaged.
 * @throws {InvalidArgumentError} An option is of the wrong kind.
 */
export async function loadStreamModel(
  options: LoadStreamModelOptions | LoadStreamModelOptions["model"] = {},
): Promise<StreamModel> {
  const { model = "stream", wasmUrl, ...modelOptions } = readStreamLoadOptions(options);
  return createStreamModel(await webRuntime(wasmUrl), await fetchModel(addressOf(model)), modelOptions);
}

function addressOf(model: string | URL | Uint8Array): string | URL | Uint8Array {
  return (typeof model === "string" && SHIPPED[model]?.()) || model;
}
