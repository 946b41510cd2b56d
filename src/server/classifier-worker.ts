// A process that decodes and classifies the recordings of one request after another.

import { SpokenDigitsError } from "../errors.ts";
import type { Classifier } from "../model/classifier.ts";
import { loadClassifier } from "../model/load-classifier.ts";
import { classifyRecording } from "../model/recording-classifier.ts";
import { answerCalls } from "../workers/calls.ts";
import { processPort } from "../workers/worker-process.ts";
import type { ClassifierCalls, Outcome, WorkerRequest, WorkerSetup } from "./worker-protocol.ts";

let classifier: Classifier;
let limits: Pick<WorkerSetup, "maxDurationMs">;

answerCalls<ClassifierCalls>(
  processPort,
  {
    async load({ model, threshold, maxDurationMs }) {
      limits = { maxDurationMs };
      classifier = await loadClassifier({ model, threshold, threads: 1 });
      return classifier.info;
    },
    async classify({ recordings, options }, { signal }) {
      const outcomes: Outcome[] = [];
      for (const bytes of recordings) {
        signal.throwIfAborted();
        outcomes.push(await outcomeOf(bytes, options));
      }
      return outcomes;
    },
  },
  { oneByOne: true },
);

async function outcomeOf(bytes: ArrayBuffer, options: WorkerRequest["options"]): Promise<Outcome> {
  try {
    const recording = new Uint8Array(bytes);
    const prediction = await classifyRecording(classifier, recording, { ...options, ...limits });
    const { logMel: _, ...answer } = prediction;
    return { answer };
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
