// The public surface for Node.js: models by name or path, recordings by path too.

import { readFile } from "node:fs/promises";
import { asFileError } from "./file-error.ts";
import { loadClassifier, loadStreamModel } from "./load-models.ts";
import { createRecordings } from "./recordings/recordings.ts";

export * from "./portable-surface.ts";
export { loadClassifier, loadStreamModel };

const recordings = createRecordings({
  loadClassifier,
  loadStreamModel,
  readFile: (path) => readFile(path).catch(asFileError(path, "there is no such file")),
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
