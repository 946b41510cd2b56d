// A thread that decodes and classifies the recordings of one request after another.

import { parentPort, workerData } from "node:worker_threads";
import { SpokenDigitsError } from "../errors.ts";
import { loadClassifier } from "../model/load-classifier.ts";
import { classifyRecording } from "../model/recording-classifier.ts";
import type { Outcome, WorkerRequest, WorkerResponse, WorkerSetup } from "./worker-protocol.ts";

const { model, threshold, maxDurationMs } = workerData as WorkerSetup;
const classifier = await loadClassifier({ model, threshold, threads: 1 });
let previous = Promise.resolve();

parentPort!.on("message", (request: WorkerRequest) => {
  previous = previous.then(() => respond(request));
});
send({ info: classifier.info });

async function respond({ recordings, options }: WorkerRequest): Promise<void> {
  try {
    const outcomes: Outcome[] = [];
    for (const bytes of recordings) outcomes.push(await outcomeOf(bytes, options));
    send({ outcomes });
  } catch (error) {
    send({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function outcomeOf(bytes: ArrayBuffer, options: WorkerRequest["options"]): Promise<Outcome> {
  try {
    const recording = new Uint8Array(bytes);
    const prediction = await classifyRecording(classifier, recording, { ...options, maxDurationMs });
    const { logMel: _, ...answer } = prediction;
    return { answer };
  } catch (error) {
    if (!(error instanceof SpokenDigitsError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}

function send(response: WorkerResponse): void {
  parentPort!.postMessage(response);
}
