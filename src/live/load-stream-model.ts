// Loading a stream model in Node: the shipped one, or from a file.

import { nativeRuntime } from "../native-runtime.ts";
import { modelPath, readModelFile } from "../read-model-file.ts";
import { type LoadStreamModelOptions, readStreamLoadOptions } from "./stream-load-options.ts";
import type { StreamModel } from "./stream-model.ts";
import { createStreamModel } from "./stream-model.ts";

export type { LoadStreamModelOptions } from "./stream-load-options.ts";

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
