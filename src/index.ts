// The public surface for Node.

export { loadStreamModel } from "./live/load-stream-model.ts";
export { loadClassifier } from "./model/load-classifier.ts";
export * from "./portable-surface.ts";
export { classifyRecording, transcribeRecording } from "./recordings/node.ts";
