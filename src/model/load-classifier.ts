import { nativeRuntime } from "../native-runtime.ts";
import { modelPath, readModelFile } from "../read-model-file.ts";
import type { Classifier } from "./classifier.ts";
import { createClassifier } from "./classifier.ts";
import { type LoadClassifierOptions, readLoadOptions } from "./load-options.ts";

export type { LoadClassifierOptions } from "./load-options.ts";

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
