// The calls for whole recordings in Node.js.

import { readFile } from "node:fs/promises";
import { FileError } from "../errors.ts";
import { loadStreamModel } from "../live/load-stream-model.ts";
import { loadClassifier } from "../model/load-classifier.ts";
import { createRecordings } from "./recordings.ts";

/** {@inheritDoc Recordings} */
export const { classifyRecording, transcribeRecording } = createRecordings({
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
