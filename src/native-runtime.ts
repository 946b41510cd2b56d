import type { OnnxRuntime } from "./graph/program.ts";

/**
 * The native ONNX runtime. It is loaded with the first model, so that a program which only decodes has no part of it.
 */
export function nativeRuntime(): Promise<OnnxRuntime> {
  // ONNX Runtime reports its use to Microsoft, and keeps an id of the machine for that, unless this is set by its first
  // session.
  process.env.ORT_DISABLE_TELEMETRY ??= "1";
  return import("onnxruntime-node");
}
