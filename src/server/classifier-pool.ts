// Classifies in processes of their own, with a bounded queue in front. A request has its time from its arrival to its answer;
// a process has as much for each request, 5 s at least, and as much memory as it is told. One that exceeds them is ended.

import type { ModelInfo } from "../model/model-metadata.ts";
import type { PoolOptions } from "../workers/pool-queue.ts";
import { type ProcessPool, startProcessPool } from "../workers/process-pool.ts";
import { startProcess } from "../workers/worker-process.ts";
import {
  type ClassifierCalls,
  LOAD_TIMEOUT_MS,
  maxCallMs,
  type Outcome,
  type WorkerRequest,
  type WorkerSetup,
} from "./worker-protocol.ts";

/** Settings of {@link startClassifierPool}. */
export type ClassifierPoolOptions = WorkerSetup &
  Omit<PoolOptions<ClassifierCalls>, "start" | "timeoutMs" | "answerTimeoutMs"> & {
    /** Time from `run` to the answer at most, in ms. */
    answerTimeoutMs: number;
    /** Resident memory of a process at most, in bytes. */
    maxWorkerBytes: number;
  };

/** Classifies recordings, none of them in this process. */
export type ClassifierPool = ProcessPool<ClassifierCalls> & {
  /** What the model says of itself. */
  readonly info: ModelInfo;
  /**
   * Decodes and classifies the recordings of one request.
   *
   * @param request Its recordings are kept until the answer.
   * @param client.signal Takes the request out of the queue when it is aborted; a process that has begun leaves it after
   *   the recording that it is at.
   * @param client.line Line that the request waits in; lines take turns.
   * @returns One outcome for each recording, in order.
   * @throws {ServiceError} `service-busy`: the queue is full, or two processes ended that had this request in hand;
   *   `service-timeout`: not answered in time; `service-memory`: a recording takes too much memory; `service-stopping`: the
   *   pool is closed; `service-fault`: something unforeseen.
   * @throws The signal's reason.
   */
  run(request: WorkerRequest, client: { signal: AbortSignal; line: string }): Promise<Outcome[]>;
};

/**
 * Starts the processes and waits until all are ready.
 *
 * @param options See {@link ClassifierPoolOptions}.
 * @throws What loading the model throws.
 */
export async function startClassifierPool(options: ClassifierPoolOptions): Promise<ClassifierPool> {
  const { answerTimeoutMs, maxWorkerBytes, model, threshold, maxDurationMs } = options;
  const setup: WorkerSetup = { model, threshold, maxDurationMs };
  let info: ModelInfo | undefined;
  const pool = await startProcessPool<ClassifierCalls>({
    ...options,
    timeoutMs: maxCallMs(answerTimeoutMs),
    async start() {
      const worker = startProcess<ClassifierCalls>("server/classifier-worker", { maxBytes: maxWorkerBytes });
      const loaded = worker.call("load", setup, { timeoutMs: LOAD_TIMEOUT_MS });
      info = await loaded.catch((error: unknown) => worker.end().then(() => Promise.reject(error)));
      return worker;
    },
  });
  const run: ClassifierPool["run"] = (request, { signal, line }) =>
    pool.call("classify", request, { bytes: byteCount(request), signal, line });
  return Object.assign(pool, { info: info!, run });
}

function byteCount({ recordings }: WorkerRequest): number {
  return recordings.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
