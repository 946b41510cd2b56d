// A process that reads, decodes and hears one audio file after another: what is in a file can end the process, and costs one
// answer.

import type { RecordingTranscript } from "../recordings/recordings.ts";
import { answerCalls } from "../workers/calls.ts";
import { processPort } from "../workers/worker-process.ts";
import { type FileInput, readAudioInput } from "./audio-inputs.ts";
import {
  type ClassifierSettings,
  createFileClassifier,
  createFileTranscriber,
  type FileClassifier,
  type FilePrediction,
  type FileTranscriber,
  type StreamModelSettings,
} from "./file-models.ts";

/** Its calls: one of the first two, then the one that goes with it for any number of files. */
export type FileCalls = {
  loadClassifier: { payload: ClassifierSettings; result: undefined };
  loadTranscriber: { payload: StreamModelSettings; result: undefined };
  classify: { payload: FileInput; result: FilePrediction };
  /** Tells after each second of audio how much is done and how much there is, in ms. */
  transcribe: { payload: FileInput; result: RecordingTranscript; event: [doneMs: number, totalMs: number] };
};

let classifier: FileClassifier;
let transcriber: FileTranscriber;

answerCalls<FileCalls>(
  processPort,
  {
    async loadClassifier(settings) {
      classifier = await createFileClassifier(settings);
      return undefined;
    },
    async loadTranscriber(settings) {
      transcriber = await createFileTranscriber(settings);
      return undefined;
    },
    classify: async (input) => classifier.classify(await readAudioInput(input)),
    transcribe: async (input, { signal, tell }) =>
      transcriber.transcribe(await readAudioInput(input), {
        signal,
        onProgress: (...progress) => tell(progress),
      }),
  },
  { oneByOne: true },
);
