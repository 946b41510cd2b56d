// The calls for whole recordings in a browser.

import { createRecordings } from "../recordings/recordings.ts";
import { loadClassifier, loadStreamModel } from "./load-models.ts";

/** {@inheritDoc Recordings} */
export const { classifyRecording, transcribeRecording } = createRecordings({
  loadClassifier,
  loadStreamModel,
});
