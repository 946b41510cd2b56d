// Loading a model in Node: by the name it ships under, or from a file.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as ort from "onnxruntime-node";
import { FileError } from "../errors.ts";
import type { Classifier, ClassifierOptions } from "./classifier.ts";
import { createClassifier } from "./classifier.ts";

// ONNX Runtime reports its use to Microsoft, and keeps an id of the machine for that, unless this is set by its first session.
process.env.ORT_DISABLE_TELEMETRY ??= "1";

/** Which model, and how to run it. */
export type LoadClassifierOptions = ClassifierOptions & {
  /** `compact` or `standard` as shipped, or the path of a model file. Default: `compact`. */
  model?: string;
};

/**
 * Loads a model into onnxruntime-node.
 *
 * @param options See {@link LoadClassifierOptions}.
 * @throws {FileError} The file cannot be read.
 * @throws {ModelFormatError} The file is no model of this package, or damaged.
 * @throws {InvalidArgumentError} The threshold is not 0..1.
 */
export async function loadClassifier(options: LoadClassifierOptions = {}): Promise<Classifier> {
  const { model = "compact", ...classifierOptions } = options;
  const path = modelPath(model);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new FileError(`model file ${path}: ${cause.code === "ENOENT" ? "there is none" : cause.message}`, {
      cause,
    });
  });
  return createClassifier(ort, bytes, classifierOptions);
}

const SHIPPED: readonly string[] = ["compact", "standard", "stream"];

/**
 * Where a model lies. @param model `compact`, `standard`, `stream`, or a path, which is returned as it is.
 */
export function modelPath(model: string): string {
  if (!SHIPPED.includes(model)) return model;
  const packageRoot = import.meta.url.endsWith(".ts") ? "../.." : "..";
  return fileURLToPath(new URL(`${packageRoot}/models/${model}.onnx`, import.meta.url));
}
