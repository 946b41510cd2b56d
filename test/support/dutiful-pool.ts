// What tests of a pool of dutiful workers share.

import { expect } from "vitest";
import type { ProcessPool } from "../../src/workers/process-pool.ts";
import { type Calls, DutifulWorker } from "./dutiful-worker.ts";

/** Settings of a pool in which nothing ends by time. */
export const ONE_WORKER = {
  start: async () => new DutifulWorker(),
  workers: 1,
  maxQueue: 2,
  timeoutMs: 100_000,
  answerTimeoutMs: 100_000,
};

/** What a request is besides its order. */
export type RunOptions = { length?: number; signal?: AbortSignal; line?: string };

/** Asks a pool. @param pool The pool. @param order What its worker has to do. @param options Length 1 unless told. */
export function runIn(pool: ProcessPool<Calls>, order: number, options: RunOptions = {}): Promise<number> {
  const { length = 1, signal, line } = options;
  return pool.call("work", { order, length }, { bytes: length, signal, line });
}

/** Waits for a request that comes to nothing. @param request Is rejected. */
export async function quietly(request: Promise<unknown>): Promise<void> {
  await expect(request).rejects.toThrow();
}
