// What waits in front of a pool: its jobs, and the lines that they wait in.

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

/** Items of a line that may wait before others are sent to the line beside it. */
const SHORT_LINE = 16;

/** The line beside one: for those of whom there are many. @param name Of the one. */
export function lineBeside(name: string): string {
  return `${name} beside`;
}

/**
 * Items that wait in lines which take turns: whoever sends many waits behind his own alone. Within a line it goes by the
 * order of arrival.
 */
export class TurnQueue<Item extends { readonly line: string }> {
  // A Map and a Set keep an order and forget any member at once. No line is empty; the first one's turn is next.
  readonly #lines = new Map<string, Set<Item>>();

  /** Items that wait. */
  get size(): number {
    let sum = 0;
    for (const { size } of this.#lines.values()) sum += size;
    return sum;
  }

  /** The item whose turn is next. */
  get first(): Item | undefined {
    return this.#lines.values().next().value?.values().next().value;
  }

  /** Puts an item at the end of its line. @param item Does not wait yet. */
  push(item: Item): void {
    const line = this.#lines.get(item.line);
    if (line) line.add(item);
    else this.#lines.set(item.line, new Set([item]));
  }

  /** Gives an item the next turn. @param item Does not wait. */
  putBack(item: Item): void {
    const line = this.#lines.get(item.line) ?? [];
    const others = [...this.#lines].filter(([name]) => name !== item.line);
    this.#lines.clear();
    this.#lines.set(item.line, new Set([item, ...line]));
    for (const [name, other] of others) this.#lines.set(name, other);
  }

  /** Takes {@link first} out, and gives the next line its turn. @returns It. */
  shift(): Item | undefined {
    const { first } = this;
    if (!first) return undefined;
    const line = this.#lines.get(first.line)!;
    line.delete(first);
    this.#lines.delete(first.line);
    if (line.size > 0) this.#lines.set(first.line, line);
    return first;
  }

  /** Takes an item out, if it waits. @param item Any. */
  delete(item: Item): void {
    const line = this.#lines.get(item.line);
    line?.delete(item);
    if (line?.size === 0) this.#lines.delete(item.line);
  }

  /**
   * The line for one more: the named one or, where many wait there, that beside it. So whoever comes after hundreds at once
   * does not wait for all of them.
   *
   * @param name Of the line.
   */
  lineFor(name: string): string {
    return (this.#lines.get(name)?.size ?? 0) < SHORT_LINE ? name : lineBeside(name);
  }

  /** How many items come before one that joins a line now. @param name Of the line. */
  countAhead(name: string): number {
    const own = this.#lines.get(name)?.size ?? 0;
    let [sum, turns] = [0, own + 1];
    for (const [other, { size }] of this.#lines) {
      if (other === name) turns = own;
      sum += Math.min(size, turns);
    }
    return sum;
  }

  /**
   * The item that makes way where there is no room: the last of the longest line.
   *
   * @param name Of the line that one more would join.
   * @returns None where that is the longest.
   */
  lastOfLonger(name: string): Item | undefined {
    const own = this.#lines.get(name)?.size ?? 0;
    const [longest] = [...this.#lines.values()].sort((a, b) => b.size - a.size);
    return longest && longest.size > own + 1 ? [...longest].at(-1) : undefined;
  }
}
