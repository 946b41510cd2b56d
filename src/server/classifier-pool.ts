// Classifies on several threads, with a bounded queue in front. A request that is given up while it waits leaves the
// queue; one whose time is over takes its thread along, which is replaced; the others that this thread had in hand are
// refused, to be sent again: their recordings were given away to it.
//
// Each thread is handed a few requests ahead. With one at a time it would stand still after each answer until the main
// thread gets round to it, which under overload is busy refusing.

import { ServiceError } from "../errors.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import { byteCount, type ClassifierThread, startClassifierThread } from "./classifier-thread.ts";
import type { Outcome, WorkerRequest, WorkerSetup } from "./worker-protocol.ts";

/** Requests that a thread has in hand at most. */
const MAX_IN_HAND = 8;

/** Bytes that a thread has in hand at most, where it has several requests: long ones should not wait for each other. */
const MAX_BYTES_IN_HAND = 262_144;

/** Wait before another attempt to start a thread, in ms; it doubles each time, up to the second. */
const [MIN_START_DELAY_MS, MAX_START_DELAY_MS] = [1000, 30_000];

/** Settings of {@link startClassifierPool}. */
export type ClassifierPoolOptions = WorkerSetup & {
  /** Threads, >= 1. */
  workers: number;
  /** Requests that wait at most, >= 0. */
  maxQueue: number;
  /** Time from `run` to the answer at most, in ms. */
  answerTimeoutMs: number;
  /** Told each time a thread could not be replaced; it is tried again. */
  onFault: (error: unknown) => void;
};

/** Classifies recordings off the main thread. */
export type ClassifierPool = {
  /** What the model says of itself. */
  readonly info: ModelInfo;
  /** Requests that wait for a thread. */
  readonly queued: number;
  /** Requests that threads have in hand. */
  readonly running: number;
  /** Threads that could take a request. */
  readonly threads: number;
  /** Whether a further request would be refused. */
  readonly isFull: boolean;
  /**
   * Decodes and classifies the recordings of one request.
   *
   * @param request Its recordings are given away.
   * @param signal Takes the request out of the queue when it is aborted; what a thread has in hand is finished unheard.
   * @returns One outcome for each recording, in order.
   * @throws {ServiceError} `service-busy`: the queue is full, or another request took the thread along that had this
   *   one in hand; `service-timeout`: not answered in time; `service-stopping`: the pool is closed; `service-fault`:
   *   something unforeseen.
   * @throws The signal's reason.
   */
  run(request: WorkerRequest, signal?: AbortSignal): Promise<Outcome[]>;
  /** Ends all threads; what waits or runs is lost. May be called twice. */
  close(): Promise<void>;
};

type Job = {
  request: WorkerRequest;
  resolve: (outcomes: Outcome[]) => void;
  reject: (error: unknown) => void;
  /** The thread that works on it, undefined while it waits. */
  thread?: ClassifierThread;
};

/**
 * Starts the threads and waits until all are ready.
 *
 * @param options See {@link ClassifierPoolOptions}.
 * @throws What loading the model throws.
 */
export async function startClassifierPool(options: ClassifierPoolOptions): Promise<ClassifierPool> {
  const { model, threshold, maxDurationMs } = options;
  const setup: WorkerSetup = { model, threshold, maxDurationMs };
  const starts = await Promise.allSettled(
    Array.from({ length: options.workers }, () => startClassifierThread(setup)),
  );
  const threads = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const failed = starts.find((start) => start.status === "rejected");
  if (!failed) return new Pool(threads, setup, options);
  await Promise.all(threads.map((thread) => thread.end()));
  throw failed.reason;
}

class Pool implements ClassifierPool {
  readonly info: ModelInfo;
  readonly #setup: WorkerSetup;
  readonly #options: ClassifierPoolOptions;
  readonly #threads = new Set<ClassifierThread>();
  // They take nothing more; each is replaced when it has ended.
  readonly #ending = new Set<ClassifierThread>();
  // A Set keeps the order of arrival and forgets any member at once.
  readonly #waiting = new Set<Job>();
  #isClosed = false;

  constructor(threads: readonly ClassifierThread[], setup: WorkerSetup, options: ClassifierPoolOptions) {
    this.info = threads[0]!.info;
    this.#setup = setup;
    this.#options = options;
    for (const thread of threads) this.#add(thread);
  }

  get queued(): number {
    return this.#waiting.size;
  }

  get running(): number {
    let sum = 0;
    for (const { pending } of this.#threads) sum += pending;
    return sum;
  }

  get threads(): number {
    return this.#threads.size;
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#options.maxQueue && this.#freeThread(0) === undefined;
  }

  run(request: WorkerRequest, signal?: AbortSignal): Promise<Outcome[]> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#isClosed)
      return Promise.reject(new ServiceError("service-stopping", "classify: the server is closed"));
    if (this.isFull) {
      return Promise.reject(
        new ServiceError("service-busy", "classify: the server has all the work it can hold"),
      );
    }
    return new Promise<Outcome[]>((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(job, timeout()), this.#options.answerTimeoutMs);
      const onAbort = () => this.#leaveQueue(job, signal?.reason);
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const job: Job = {
        request,
        resolve(outcomes) {
          settle();
          resolve(outcomes);
        },
        reject(error) {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort);
      this.#waiting.add(job);
      this.#handOver();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting) this.#leaveQueue(job, fault("the server is closed"));
    await Promise.all([...this.#threads, ...this.#ending].map((thread) => thread.end()));
  }

  #handOver(): void {
    for (const job of this.#waiting) {
      const thread = this.#freeThread(byteCount(job.request));
      if (!thread) return;
      this.#waiting.delete(job);
      job.thread = thread;
      void this.#work(job, thread);
    }
  }

  /** The thread with the least in hand, if it can take so many bytes more. */
  #freeThread(bytes: number): ClassifierThread | undefined {
    let least: ClassifierThread | undefined;
    for (const thread of this.#threads) if (!least || thread.pending < least.pending) least = thread;
    if (!least || least.pending === 0) return least;
    const fits = least.pending < MAX_IN_HAND && least.pendingBytes + bytes <= MAX_BYTES_IN_HAND;
    return fits ? least : undefined;
  }

  async #work(job: Job, thread: ClassifierThread): Promise<void> {
    try {
      job.resolve(await thread.run(job.request));
      this.#handOver();
    } catch (cause) {
      // A thread works on one request after another, so the first that fails is the one that brought it down.
      const isToBlame = this.#threads.has(thread) || this.#isClosed;
      job.reject(isToBlame ? fault("something unforeseen went wrong", cause) : lostThread(cause));
      await this.#retire(thread);
    }
  }

  #leaveQueue(job: Job, reason: unknown): void {
    if (this.#waiting.delete(job)) job.reject(reason);
  }

  /** Ends a job wherever it is: a thread that works on it cannot be told to stop, so it goes. */
  #giveUp(job: Job, error: unknown): void {
    this.#waiting.delete(job);
    job.reject(error);
    if (job.thread) void this.#retire(job.thread);
  }

  async #retire(thread: ClassifierThread): Promise<void> {
    if (this.#threads.delete(thread)) this.#ending.add(thread);
    await thread.end();
  }

  #add(thread: ClassifierThread): void {
    this.#threads.add(thread);
    void thread.ended.then(() => this.#replace(thread));
    this.#handOver();
  }

  async #replace(thread: ClassifierThread): Promise<void> {
    this.#threads.delete(thread);
    this.#ending.delete(thread);
    await this.#start(MIN_START_DELAY_MS);
  }

  /** Starts a thread, after a failure again and again. @param delayMs Wait after the next failure. */
  async #start(delayMs: number): Promise<void> {
    if (this.#isClosed) return;
    try {
      const next = await startClassifierThread(this.#setup);
      if (this.#isClosed) await next.end();
      else this.#add(next);
    } catch (error) {
      this.#options.onFault(error);
      setTimeout(() => this.#start(Math.min(2 * delayMs, MAX_START_DELAY_MS)), delayMs).unref();
    }
  }
}

const fault = (what: string, cause?: unknown) =>
  new ServiceError("service-fault", `classify: ${what}`, { cause });

const lostThread = (cause: unknown) =>
  new ServiceError("service-busy", "classify: another request brought its thread down", { cause });

const timeout = () => new ServiceError("service-timeout", "classify: the server could not answer in time");
