// One thread with a classifier of its own, seen from the main thread.

import type { Worker } from "node:worker_threads";
import type { ModelInfo } from "../model/model-metadata.ts";
import { spawnWorker } from "./spawn-worker.ts";
import type { WorkerRequest, WorkerResponse, WorkerSetup } from "./worker-protocol.ts";

/** Memory of the thread's JavaScript objects; recordings and the model lie outside of it. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/** A thread that is ready to classify. */
export type ClassifierThread = {
  /** What the model says of itself. */
  readonly info: ModelInfo;
  /**
   * Hands a request over; the thread must not have one already. Recordings are given away.
   *
   * @throws The thread ended, or something unforeseen went wrong in it.
   */
  run(request: WorkerRequest): Promise<Extract<WorkerResponse, { outcomes: unknown }>["outcomes"]>;
  /** Settles when the thread has ended, whatever ended it. */
  readonly ended: Promise<void>;
  /** Ends the thread; what it was doing is lost. */
  end(): Promise<void>;
};

/**
 * Starts a thread and waits until its model is loaded.
 *
 * @param setup What it is to run.
 * @throws What loading the model throws, with the same message.
 */
export async function startClassifierThread(setup: WorkerSetup): Promise<ClassifierThread> {
  const worker = spawnWorker("classifier-worker", { workerData: setup, resourceLimits: RESOURCE_LIMITS });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const first = await nextResponse(worker);
  if (!("info" in first)) throw new Error("a classifier thread answered before it was ready");
  return {
    info: first.info,
    ended,
    async run(request) {
      const response = nextResponse(worker);
      worker.postMessage(request, [...request.recordings]);
      const answer = await response;
      if ("outcomes" in answer) return answer.outcomes;
      throw new Error("fault" in answer ? answer.fault : "a classifier thread answered out of turn");
    },
    async end() {
      await worker.terminate();
    },
  };
}

function nextResponse(worker: Worker): Promise<WorkerResponse> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      finish();
    };
    const onMessage = (response: WorkerResponse) => settle(() => resolve(response));
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`a classifier thread ended with code ${code}`)));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}
