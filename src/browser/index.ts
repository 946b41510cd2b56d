// The public surface for browsers: the same names, models by address, onnxruntime-web as the engine.

import { createRecordings } from "../recordings/recordings.ts";
import { loadClassifier, loadStreamModel } from "./load-models.ts";

export * from "../portable-surface.ts";
export { loadClassifier, loadStreamModel };

const recordings = createRecordings({
  loadClassifier,
  loadStreamModel,
});

/**
 * Says which digit is spoken in a recording, or why none is, as the command line and the service do.
 *
 * @throws {InvalidArgumentError} An argument is of the wrong kind or out of range.
 * @throws {FileError} The recording, or a model, cannot be read.
 * @throws {AudioFormatError} The recording cannot be used; its code says why.
 */
export const classifyRecording = recordings.classifyRecording;

/** Says which digits are spoken in a recording, one after another. Throws as {@link classifyRecording}. */
export const transcribeRecording = recordings.transcribeRecording;
