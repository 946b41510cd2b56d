// Loading models in Node.js: those of the package, or from a file. What runs them is loaded with the first, so that a program
// which only decodes, or only looks at a file, has no part of it.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FileError } from "./errors.ts";
import type { OnnxRuntime } from "./graph/program.ts";
import type { StreamModel } from "./live/stream-model.ts";
import type { Classifier } from "./model/classifier.ts";
import {
  type LoadClassifierOptions,
  type LoadStreamModelOptions,
  readLoadOptions,
  readStreamLoadOptions,
} from "./recordings/options.ts";

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
  const { createClassifier } = await import("./model/classifier.ts");
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
  const bytes = await readModelFile(model);
  const { createStreamModel } = await import("./live/stream-model.ts");
  return createStreamModel(await nativeRuntime(), bytes, modelOptions);
}

/** The native ONNX runtime. */
export function nativeRuntime(): Promise<OnnxRuntime> {
  // ONNX Runtime reports its use to Microsoft, and keeps an id of the machine for that, unless this is set by its first
  // session.
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  return import("onnxruntime-node");
}

/**
 * Reads a model file.
 *
 * @param source A path, an address (`file:`, `http:` or `https:`), or the bytes themselves.
 * @throws {FileError} It cannot be read.
 */
async function readModelFile(source: string | URL | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const address = addressOf(source);
  if (address && address.protocol !== "file:") return fetchFile(address);
  const path = address ? fileURLToPath(address) : String(source);
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is none" : cause.message;
    throw new FileError(`model file ${path}: ${reason}`, { cause });
  });
}

/**
 * The bytes of a model file.
 *
 * @param model `compact`, `standard`, `stream`, or a path.
 * @throws {FileError} It cannot be read.
 */
export async function readNamedModel(model: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readModelFile(modelPath(model)));
}

const SHIPPED: ReadonlySet<string> = new Set(["compact", "standard", "stream"]);

/** Where a model lies. @param model `compact`, `standard`, `stream`, or a path, which is returned as it is. */
export function modelPath(model: string): string {
  return SHIPPED.has(model) ? fileURLToPath(new URL(`../models/${model}.onnx`, import.meta.url)) : model;
}

/** The address in a URL or a text, undefined for a path; `C:\model.onnx` is one. */
function addressOf(source: string | URL): URL | undefined {
  if (source instanceof URL) return source;
  return /^(?:https?|file):\/\//.test(source) ? new URL(source) : undefined;
}

async function fetchFile(address: URL): Promise<Uint8Array> {
  const response = await fetch(address).catch((cause: Error) => {
    throw new FileError(`model file ${address}: ${cause.message}`, { cause });
  });
  if (!response.ok) throw new FileError(`model file ${address}: the server answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
