// The WebAssembly ONNX runtime, loaded with the first model, and where it finds its own file.

import type { OnnxRuntime } from "../graph/program.ts";

/**
 * Makes the runtime ready.
 *
 * @param wasmUrl Address of `ort-wasm-simd-threaded.wasm`. Default: beside the runtime's script, where Vite, webpack and
 *   Next.js put it by themselves.
 */
export async function webRuntime(wasmUrl?: string | URL): Promise<OnnxRuntime> {
  const ort = await import("onnxruntime-web/wasm");
  // More threads need a page that its server's headers isolate from other origins.
  if (!globalThis.crossOriginIsolated) ort.env.wasm.numThreads = 1;
  if (wasmUrl !== undefined) ort.env.wasm.wasmPaths = { wasm: String(wasmUrl) };
  return ort;
}
