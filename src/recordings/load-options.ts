// What `loadClassifier` and `loadStreamModel` take, in Node.js and in browsers.

import { checkOptions } from "../check-options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { StreamModelOptions } from "../live/stream-model.ts";
import type { ClassifierOptions } from "../model/classifier.ts";

/** Which model, and how to run it. */
export type LoadClassifierOptions = ClassifierOptions & {
  /**
   * `compact` or `standard` as shipped; else the path (Node.js) or address of a model file, or its bytes. Default:
   * `compact`.
   */
  model?: string | URL | Uint8Array;
  /**
   * In browsers, the address of onnxruntime-web's `ort-wasm-simd-threaded.wasm`. Default: where Vite, webpack and Next.js
   * put it by themselves.
   */
  wasmUrl?: string | URL;
};

/** Which stream model, and how to run it. */
export type LoadStreamModelOptions = StreamModelOptions &
  Pick<LoadClassifierOptions, "wasmUrl"> & {
    /** The path (Node.js) or address of a model file, or its bytes. Default: the one that ships with the package. */
    model?: string | URL | Uint8Array;
  };

/**
 * Reads the argument of `loadClassifier`.
 *
 * @param options A model alone, or with settings.
 * @throws {InvalidArgumentError} It is something else.
 */
export function readLoadOptions(
  options: LoadClassifierOptions | LoadClassifierOptions["model"],
): LoadClassifierOptions & { model: string | URL | Uint8Array } {
  if (isModelSource(options)) return { model: options };
  checkOptions("loadClassifier", options, {
    model: "any",
    threshold: "any",
    threads: "number",
    voice: "object",
    wasmUrl: "any",
    sessionOptions: "object",
  });
  const { model = "compact" } = options;
  if (!isModelSource(model)) {
    throw new InvalidArgumentError(
      'loadClassifier: expected a model: "compact", "standard", a path, a URL or a Uint8Array of bytes',
    );
  }
  return { ...options, model };
}

/**
 * Reads the argument of `loadStreamModel`.
 *
 * @param options A model alone, or with settings.
 * @throws {InvalidArgumentError} It is something else.
 */
export function readStreamLoadOptions(
  options: LoadStreamModelOptions | LoadStreamModelOptions["model"],
): LoadStreamModelOptions {
  if (isModelSource(options)) return { model: options };
  checkOptions("loadStreamModel", options, {
    model: "any",
    wasmUrl: "any",
    voice: "object",
    sessionOptions: "object",
  });
  if (options.model === undefined || isModelSource(options.model)) return options;
  throw new InvalidArgumentError("loadStreamModel: model must be a path, a URL or a Uint8Array of bytes");
}

function isModelSource(value: unknown): value is string | URL | Uint8Array {
  return typeof value === "string" || value instanceof URL || value instanceof Uint8Array;
}
