// The public surface for Node.js: models by name or path, recordings by path too.

import { readFile } from "node:fs/promises";
import { FileError } from "./errors.ts";
import { loadClassifier, loadStreamModel } from "./load-models.ts";
import { createRecordings } from "./recordings/recordings.ts";

export * from "./portable-surface.ts";
export { loadClassifier, loadStreamModel };

const recordings = createRecordings({
  loadClassifier,
  loadStreamModel,
  async readFile(path) {
    try {
      return await readFile(path);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = code === "ENOENT" ? "there is no such file" : message;
      throw new FileError(`${path}: ${reason}`, { cause });
    }
  },
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
