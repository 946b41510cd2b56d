// Classifies on several threads, with a bounded queue in front. A request that is given up while it waits leaves the
// queue; one whose time is over takes its thread along, which is replaced.

import { ServiceError } from "../errors.ts";
import type { ModelInfo } from "../model/model-metadata.ts";
import { type ClassifierThread, startClassifierThread } from "./classifier-thread.ts";
import type { Outcome, WorkerRequest, WorkerSetup } from "./worker-protocol.ts";

/** Settings of {@link startClassifierPool}. */
export type ClassifierPoolOptions = WorkerSetup & {
  /** Threads, >= 1. */
  workers: number;
  /** Requests that wait at most, >= 0. */
  maxQueue: number;
  /** Time from `run` to the answer at most, in ms. */
  answerTimeoutMs: number;
  /** Told when a thread could not be replaced. */
  onFault: (error: unknown) => void;
};

/** Classifies recordings off the main thread. */
export type ClassifierPool = {
  /** What the model says of itself. */
  readonly info: ModelInfo;
  /** Requests that wait for a thread. */
  readonly queued: number;
  /** Requests that a thread is working on. */
  readonly running: number;
  /** Threads that could take a request. */
  readonly threads: number;
  /** Whether a further request would be refused. */
  readonly isFull: boolean;
  /**
   * Decodes and classifies the recordings of one request.
   *
   * @param request Its recordings are given away.
   * @param signal Takes the request out of the queue when it is aborted; what a thread has begun is finished unheard.
   * @returns One outcome for each recording, in order.
   * @throws {ServiceError} `service-busy`: the queue is full; `service-timeout`: not answered in time; `service-fault`:
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
  const threads = await Promise.all(
    Array.from({ length: options.workers }, () => startClassifierThread(setup)),
  );
  return new Pool(threads, setup, options);
}

class Pool implements ClassifierPool {
  readonly info: ModelInfo;
  readonly #setup: WorkerSetup;
  readonly #options: ClassifierPoolOptions;
  readonly #threads = new Set<ClassifierThread>();
  readonly #idle: ClassifierThread[] = [];
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
    return this.#threads.size - this.#idle.length;
  }

  get threads(): number {
    return this.#threads.size;
  }

  get isFull(): boolean {
    return this.#idle.length === 0 && this.#waiting.size >= this.#options.maxQueue;
  }

  run(request: WorkerRequest, signal?: AbortSignal): Promise<Outcome[]> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.isFull || this.#isClosed) {
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
      this.#startNext();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting) this.#leaveQueue(job, fault("the server is closed"));
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #startNext(): void {
    const [job] = this.#waiting;
    const thread = job && this.#idle.pop();
    if (!job || !thread) return;
    this.#waiting.delete(job);
    job.thread = thread;
    void this.#work(job, thread);
  }

  async #work(job: Job, thread: ClassifierThread): Promise<void> {
    try {
      job.resolve(await thread.run(job.request));
      this.#idle.push(thread);
      this.#startNext();
    } catch (cause) {
      job.reject(fault("something unforeseen went wrong", cause));
      this.#threads.delete(thread);
      await thread.end();
    }
  }

  #leaveQueue(job: Job, reason: unknown): void {
    if (this.#waiting.delete(job)) job.reject(reason);
  }

  /** Ends a job wherever it is: a thread that works on it cannot be told to stop, so it goes. */
  #giveUp(job: Job, error: unknown): void {
    this.#waiting.delete(job);
    job.reject(error);
    void job.thread?.end();
  }

  #add(thread: ClassifierThread): void {
    this.#threads.add(thread);
    this.#idle.push(thread);
    void thread.ended.then(() => this.#replace(thread));
    this.#startNext();
  }

  async #replace(thread: ClassifierThread): Promise<void> {
    this.#threads.delete(thread);
    const place = this.#idle.indexOf(thread);
    if (place >= 0) this.#idle.splice(place, 1);
    if (this.#isClosed) return;
    try {
      const next = await startClassifierThread(this.#setup);
      if (this.#isClosed) await next.end();
      else this.#add(next);
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}

const fault = (what: string, cause?: unknown) =>
  new ServiceError("service-fault", `classify: ${what}`, { cause });

const timeout = () => new ServiceError("service-timeout", "classify: the server could not answer in time");
