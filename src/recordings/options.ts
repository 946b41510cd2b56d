// Options of public functions, checked: the kinds of all, and which model `loadClassifier` and `loadStreamModel` are to load.

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

/** What `typeof` says of an option; `any` for one that is checked elsewhere. */
export type OptionType = "boolean" | "number" | "object" | "string" | "function" | "any";

/**
 * Checks the kinds of options, for callers that no compiler has checked.
 *
 * @param where The function's name, for the message.
 * @param options What it was given.
 * @param types Of each option that there is; null passes as an object, undefined always.
 * @throws {InvalidArgumentError} `options` is no object, holds an option of another name, or one of another type.
 */
export function checkOptions(
  where: string,
  options: unknown,
  types: Readonly<Record<string, OptionType>>,
): asserts options is object {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InvalidArgumentError(`${where}: options must be an object, got ${nameOf(options)}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(types, name)) {
      const known = Object.keys(types).join(", ");
      throw new InvalidArgumentError(`${where}: there is no option ${name}; there are ${known}`);
    }
    if (value === undefined || types[name] === "any" || typeof value === types[name]) continue;
    throw new InvalidArgumentError(`${where}: ${name} must be of type ${types[name]}, got ${nameOf(value)}`);
  }
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "string" ? JSON.stringify(value) : typeof value;
}
