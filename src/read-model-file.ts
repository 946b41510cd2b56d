// Model files in Node: those that ship, and others by path or address.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { FileError } from "./errors.ts";

/**
 * Reads a model file.
 *
 * @param source A path, an address (`file:`, `http:` or `https:`), or the bytes themselves.
 * @throws {FileError} It cannot be read.
 */
export async function readModelFile(source: string | URL | Uint8Array): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  const address = addressOf(source);
  if (address && address.protocol !== "file:") return fetchFile(address);
  const path = address ? fileURLToPath(address) : String(source);
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new FileError(`model file ${path}: ${code === "ENOENT" ? "there is none" : message}`, { cause });
  }
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
