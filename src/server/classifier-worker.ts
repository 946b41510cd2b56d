// A thread that decodes and classifies the recordings of one request after another.

import { parentPort, workerData } from "node:worker_threads";
import { createRecordingWork } from "./recording-work.ts";
import type { Outcome, WorkerRequest, WorkerResponse, WorkerSetup } from "./worker-protocol.ts";

const work = await createRecordingWork(workerData as WorkerSetup);
let previous = Promise.resolve();

parentPort!.on("message", (request: WorkerRequest) => {
  previous = previous.then(() => respond(request));
});
send({ info: work.info });

async function respond({ recordings, ...request }: WorkerRequest): Promise<void> {
  try {
    const outcomes: Outcome[] = [];
    for (const bytes of recordings) outcomes.push(await work.outcomeOf(bytes, request));
    send({ outcomes });
  } catch (error) {
    send({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function send(response: WorkerResponse): void {
  parentPort!.postMessage(response);
}
