import { checkOptions } from "../check-options.ts";
import { InvalidArgumentError } from "../errors.ts";
import type { ClassifierOptions } from "./classifier.ts";

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
 * Whether a value says where a model is.
 *
 * @param value Anything.
 */
export function isModelSource(value: unknown): value is string | URL | Uint8Array {
  return typeof value === "string" || value instanceof URL || value instanceof Uint8Array;
}
