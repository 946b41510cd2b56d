// Loading a stream model in Node: the shipped one, or from a file.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { FileError } from "../errors.ts";
import type { StreamModel, StreamModelOptions } from "./stream-model.ts";
import { createStreamModel } from "./stream-model.ts";

// ONNX Runtime reports its use to Microsoft, and keeps an id of the machine for that, unless this is set by its first session.
process.env.ORT_DISABLE_TELEMETRY ??= "1";

/** Which model, and how to run it. */
export type LoadStreamModelOptions = StreamModelOptions & {
  /** Path of a model file. Default: the one that ships with the package. */
  model?: string;
};

/**
 * Loads a stream model into onnxruntime-node.
 *
 * @param options See {@link LoadStreamModelOptions}.
 * @throws {FileError} The file cannot be read.
 * @throws {ModelFormatError} The file is no stream model of this package, or damaged.
 */
export async function loadStreamModel(options: LoadStreamModelOptions = {}): Promise<StreamModel> {
  const { model: path = shippedPath(), ...modelOptions } = options;
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new FileError(`model file ${path}: ${cause.code === "ENOENT" ? "there is none" : cause.message}`, {
      cause,
    });
  });
  return createStreamModel(ort, bytes, modelOptions);
}

function shippedPath(): string {
  const packageRoot = import.meta.url.endsWith(".ts") ? "../.." : "..";
  return fileURLToPath(new URL(`${packageRoot}/models/stream.onnx`, import.meta.url));
}
