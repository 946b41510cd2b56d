// The public surface for browsers: the same names, models by address, onnxruntime-web as the engine.

export * from "../portable-surface.ts";
export { loadClassifier, loadStreamModel } from "./load-models.ts";
export { classifyRecording, transcribeRecording } from "./recordings.ts";
