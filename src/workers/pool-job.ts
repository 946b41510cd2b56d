import { ServiceError } from "../errors.ts";
import type { CallOptions } from "./calls.ts";

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
