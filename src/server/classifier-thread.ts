// One thread with a classifier of its own, seen from the main thread.

import type { Worker } from "node:worker_threads";
import type { ModelInfo } from "../model/model-metadata.ts";
import { spawnWorker } from "../spawn-worker.ts";
import type { Outcome, WorkerRequest, WorkerResponse, WorkerSetup } from "./worker-protocol.ts";

/** Memory of the thread's JavaScript objects; recordings and the model lie outside of it. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };

/** A thread that is ready to classify. */
export type ClassifierThread = {
  /** What the model says of itself. */
  readonly info: ModelInfo;
  /** Requests handed over and not answered yet. */
  readonly pending: number;
  /** Bytes of their recordings. */
  readonly pendingBytes: number;
  /**
   * Hands a request over; the thread takes one after another. Recordings are given away.
   *
   * @param request What to classify.
   * @throws The thread ended, or something unforeseen went wrong in it.
   */
  run(request: WorkerRequest): Promise<Outcome[]>;
  /** Settles when the thread has ended, whatever ended it. */
  readonly ended: Promise<void>;
  /** Ends the thread; what it was doing is lost. */
  end(): Promise<void>;
};

type Pending = { bytes: number; resolve: (outcomes: Outcome[]) => void; reject: (error: unknown) => void };

/**
 * Starts a thread and waits until its model is loaded.
 *
 * @param setup What it is to run.
 * @throws What loading the model throws.
 */
export async function startClassifierThread(setup: WorkerSetup): Promise<ClassifierThread> {
  const worker = spawnWorker("server/classifier-worker", {
    workerData: setup,
    resourceLimits: RESOURCE_LIMITS,
    stdout: true,
    stderr: true,
  });
  // Codecs complain of bad frames on the console: the answer says it, and the log is for the server's own lines.
  worker.stdout.resume();
  worker.stderr.resume();
  return new Thread(worker, await firstResponse(worker));
}

class Thread implements ClassifierThread {
  readonly info: ModelInfo;
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  // Answers come in the order of the requests.
  readonly #pending: Pending[] = [];
  #pendingBytes = 0;

  constructor(worker: Worker, info: ModelInfo) {
    this.#worker = worker;
    this.info = info;
    worker.on("message", (response: WorkerResponse) => this.#settle(response));
    worker.on("error", (error) => this.#fail(error));
    this.ended = new Promise((resolve) => {
      worker.once("exit", (code) => {
        this.#fail(new Error(`a classifier thread ended with code ${code}`));
        resolve();
      });
    });
  }

  get pending(): number {
    return this.#pending.length;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  run(request: WorkerRequest): Promise<Outcome[]> {
    return new Promise((resolve, reject) => {
      const bytes = byteCount(request);
      this.#worker.postMessage(request, [...request.recordings]);
      this.#pending.push({ bytes, resolve, reject });
      this.#pendingBytes += bytes;
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(response: WorkerResponse): void {
    const { bytes, resolve, reject } = this.#pending.shift()!;
    this.#pendingBytes -= bytes;
    if ("outcomes" in response) resolve(response.outcomes);
    else reject(new Error("fault" in response ? response.fault : "a classifier thread answered out of turn"));
  }

  #fail(error: unknown): void {
    for (const { reject } of this.#pending.splice(0)) reject(error);
    this.#pendingBytes = 0;
  }
}

/**
 * @param request Not handed over yet.
 * @returns Bytes of its recordings.
 */
export function byteCount({ recordings }: WorkerRequest): number {
  return recordings.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function firstResponse(worker: Worker): Promise<ModelInfo> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      finish();
    };
    const onMessage = (response: WorkerResponse) =>
      settle(() =>
        "info" in response
          ? resolve(response.info)
          : reject(new Error("a classifier thread answered too soon")),
      );
    const onError = (error: unknown) => settle(() => reject(error));
    const onExit = (code: number) =>
      settle(() => reject(new Error(`a classifier thread ended with code ${code} before it was ready`)));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  });
}
