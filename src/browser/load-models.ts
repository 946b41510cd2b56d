// Loading models in a browser: those of the package, where the bundler took them along, or by address.

import { FileError } from "../errors.ts";
import type { OnnxRuntime } from "../graph/program.ts";
import { createStreamModel, type StreamModel } from "../live/stream-model.ts";
import { type Classifier, createClassifier } from "../model/classifier.ts";
import {
  type LoadClassifierOptions,
  type LoadStreamModelOptions,
  readLoadOptions,
  readStreamLoadOptions,
} from "../recordings/options.ts";

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

/**
 * Fetches a model file.
 *
 * @param source Its address, or its bytes.
 * @throws {FileError} It cannot be had; the message says how a bundler is told to take the file along.
 */
async function fetchModel(source: string | URL | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const response = await fetch(source).catch((cause: Error) => {
    throw unavailable(source, cause.message, cause);
  });
  if (!response.ok) throw unavailable(source, `the server answers ${response.status}`);
  // A server of a single-page app answers every address with its page.
  if (response.headers.get("content-type")?.startsWith("text/html")) {
    throw unavailable(source, "a page came in its place");
  }
  return new Uint8Array(await response.arrayBuffer());
}

function unavailable(source: string | URL, reason: string, cause?: unknown): FileError {
  const advice =
    "Serve the file of spoken-digits/models/ with your page and pass its address as `model` (docs/browser.md)";
  return new FileError(`model file ${source}: ${reason}. ${advice}`, { cause });
}

// The WebAssembly ONNX runtime, loaded with the first model, and where it finds its own file.

/**
 * Makes the runtime ready.
 *
 * @param wasmUrl Address of `ort-wasm-simd-threaded.wasm`. Default: beside the runtime's script, where Vite, webpack and
 *   Next.js put it by themselves.
 */
async function webRuntime(wasmUrl?: string | URL): Promise<OnnxRuntime> {
  const ort = await import("onnxruntime-web/wasm");
  // More threads need a page that its server's headers isolate from other origins.
  if (!globalThis.crossOriginIsolated) ort.env.wasm.numThreads = 1;
  if (wasmUrl !== undefined) ort.env.wasm.wasmPaths = { wasm: String(wasmUrl) };
  return ort;
}
