// What `loadStreamModel` takes, in Node.js and in browsers.

import { checkOptions } from "../check-options.ts";
import { InvalidArgumentError } from "../errors.ts";
import { isModelSource } from "../model/load-options.ts";
import type { StreamModelOptions } from "./stream-model.ts";

/** Which model, and how to run it. */
export type LoadStreamModelOptions = StreamModelOptions & {
  /** The path (Node.js) or address of a model file, or its bytes. Default: the one that ships with the package. */
  model?: string | URL | Uint8Array;
  /**
   * In browsers, the address of onnxruntime-web's `ort-wasm-simd-threaded.wasm`. Default: where Vite, webpack and Next.js
   * put it by themselves.
   */
  wasmUrl?: string | URL;
};

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
  checkOptions("loadStreamModel", options, { model: "any", wasmUrl: "any", sessionOptions: "object" });
  if (options.model === undefined || isModelSource(options.model)) return options;
  throw new InvalidArgumentError("loadStreamModel: model must be a path, a URL or a Uint8Array of bytes");
}
