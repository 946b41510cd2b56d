import { ServiceError } from "../errors.ts";
import type { CallOptions, CallTable } from "./calls.ts";
import type { ProcessEndedError } from "./process-ended.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Settings of `startProcessPool`. */
export type PoolOptions<Table extends CallTable> = {
  /** Starts a worker and waits until it is ready; it goes about one call after another. */
  start: () => Promise<WorkerProcess<Table>>;
  /** Workers, >= 1. */
  workers: number;
  /** Calls that wait at most, >= 0. */
  maxQueue: number;
  /** Time that a worker may be at one call, in ms; an event of the call begins it anew. */
  timeoutMs: number;
  /** Time from a call to its answer at most, in ms. Default: any. */
  answerTimeoutMs?: number;
  /** Told each time a worker has ended and is replaced: for the reason `asked` where it kept too much memory. */
  onEnded?: (end: ProcessEndedError) => void;
  /** Told each time a worker could not be replaced; it is tried again. */
  onFault?: (error: unknown) => void;
};

/** How a call is made to a pool. */
export type PoolCallOptions<Event = unknown> = Pick<CallOptions<Event>, "signal" | "onEvent"> & {
  /** Size of its payload. Default: 0. */
  bytes?: number;
  /** Line that it waits in; lines take turns. Default: the common one. */
  line?: string;
};

/** One call to a pool, which may be in the hand of one worker after another. */
export type Job = {
  method: string;
  /** See {@link PoolCallOptions}. */
  line: string;
  payload: unknown;
  options: PoolCallOptions;
  /** Whether nobody waits for it any more. */
  isGivenUp: boolean;
  /** Tells the worker that has it in hand to leave it. */
  handover?: AbortController;
  startTimer: () => void;
  isRetry: boolean;
  isSettled: boolean;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
};

type JobOptions = Pick<Job, "method" | "payload" | "options"> & {
  /** Time to the answer at most, in ms. Default: any. */
  answerTimeoutMs: number | undefined;
  /** Told when it is answered or given up. */
  onSettled: () => void;
};

type Settled = { resolve: (result: never) => void; reject: (error: unknown) => void };

/**
 * Makes a job. It is given up when its time is over or its signal is aborted: rejected, and left by the worker.
 *
 * @param options See {@link Job}.
 * @param settled Told once what comes of it.
 */
export function createJob(
  { method, payload, options, answerTimeoutMs, onSettled }: JobOptions,
  settled: Settled,
): Job {
  const { signal } = options;
  const giveUp = (reason: unknown) => {
    job.isGivenUp = true;
    job.reject(reason);
    job.handover?.abort(reason);
  };
  const onAbort = () => giveUp(signal?.reason);
  let timer: NodeJS.Timeout | undefined;
  const settle = (finish: () => void) => {
    job.isSettled = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    onSettled();
    finish();
  };
  const job: Job = {
    method,
    line: options.line ?? "",
    payload,
    options,
    startTimer() {
      if (answerTimeoutMs) timer = setTimeout(() => giveUp(overdue(method)), answerTimeoutMs);
    },
    isGivenUp: false,
    isRetry: false,
    isSettled: false,
    resolve: (result) => settle(() => settled.resolve(result as never)),
    reject: (error) => settle(() => settled.reject(error)),
  };
  signal?.addEventListener("abort", onAbort);
  return job;
}

const overdue = (method: string) =>
  new ServiceError("service-timeout", `${method}: the server could not answer in time`);

/** There is no room for a call. @param method Its name. */
export const busy = (method: string) =>
  new ServiceError("service-busy", `${method}: all workers have the work they can hold`);

/** A call has brought no answer twice. @param job.method Its name. */
export const lost = ({ method }: Job) =>
  new ServiceError("service-busy", `${method}: other requests brought down two workers that had it in hand`);
