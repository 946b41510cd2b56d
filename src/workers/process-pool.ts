// Hands calls to several workers, with a bounded queue in front, in which lines take turns. A call that is given up while it
// waits leaves the queue. A worker that ends is replaced: the call it was at is to blame, the others that it had in hand are
// tried again, once.
//
// Each worker is handed a few calls ahead. With one at a time it would stand still after each answer until the main thread
// gets round to it, which under overload is busy refusing. From a worker that takes long over one, the others are taken back.

import { ServiceError, SpokenDigitsError } from "../errors.ts";
import type { CallTable } from "./calls.ts";
import {
  busy,
  createJob,
  type Job,
  lost,
  type PoolCallOptions,
  type PoolOptions,
  TurnQueue,
} from "./pool-queue.ts";
import { asServiceError, ProcessEndedError } from "./process-ended.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** Calls that a worker has in hand at most, and of how many ms by the mean time of calls. */
const MAX_IN_HAND = 8;
const MAX_MS_IN_HAND = 50;

/** Bytes that a worker has in hand at most, where it has several calls: long ones should not wait for each other. */
const MAX_BYTES_IN_HAND = 262_144;

/** Time at one call after which a worker's others are better off elsewhere, in ms. */
const SLOW_MS = 250;

/** Weight of the latest call in the mean time of calls. */
const LATEST_WEIGHT = 1 / 16;

/** Wait before another attempt to start a worker, in ms; it doubles each time, up to the second. */
const [MIN_START_DELAY_MS, MAX_START_DELAY_MS] = [1000, 30_000];

/** What a worker has in hand, in the order of the calls: it is at the first, since then. */
type Hand = { jobs: Job[]; beganAt: number; isSlow: boolean; isRenewed: boolean; timer?: NodeJS.Timeout };

/**
 * Starts the workers and waits until all are ready.
 *
 * @param options See {@link PoolOptions}.
 * @throws What starting a worker throws.
 */
export async function startProcessPool<Table extends CallTable>(
  options: PoolOptions<Table>,
): Promise<ProcessPool<Table>> {
  const starts = await Promise.allSettled(Array.from({ length: options.workers }, options.start));
  const workers = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const failed = starts.find((start) => start.status === "rejected");
  if (!failed) return new ProcessPool(workers, options);
  await Promise.all(workers.map((worker) => worker.end()));
  throw failed.reason;
}

/** Several workers that answer the same calls. */
export class ProcessPool<Table extends CallTable> {
  readonly #options: PoolOptions<Table>;
  readonly #workers = new Map<WorkerProcess<Table>, Hand>();
  readonly #waiting = new TurnQueue<Job>();
  #isClosed = false;
  // One after another: each takes the memory of a process more.
  #renewals: Promise<void> = Promise.resolve();
  // How long a worker is at one call.
  #meanMs = 0;

  /** @param workers Ready for calls. @param options See {@link PoolOptions}. */
  constructor(workers: readonly WorkerProcess<Table>[], options: PoolOptions<Table>) {
    this.#options = options;
    for (const worker of workers) this.#add(worker);
  }

  /** Calls that wait for a worker. */
  get queued(): number {
    return this.#waiting.size;
  }

  /** Calls that workers have in hand. */
  get running(): number {
    return this.#ready().reduce((sum, [, { jobs }]) => sum + jobs.length, 0);
  }

  /** Workers that could take a call. */
  get workers(): number {
    return this.#ready().length;
  }

  /** The line for a call, see {@link TurnQueue.lineFor}. @param name Of whoever makes it. */
  lineFor(name: string): string {
    return this.#waiting.lineFor(name);
  }

  /**
   * Whether a further call would be refused: the queue is full, or it would hardly be answered in time.
   *
   * @param line That the call would wait in. Default: the common one.
   */
  isFull(line = ""): boolean {
    const { answerTimeoutMs = Number.POSITIVE_INFINITY } = this.#options;
    const ready = this.#ready();
    if (ready.some(([, { jobs }]) => jobs.length === 0)) return false;
    if (this.#lacksRoom() && !this.#waiting.lastOfLonger(line)) return true;
    const ahead = this.#waiting.countAhead(line);
    // What the mean says of so few is worth little, and a short request should have its turn after long ones.
    if (ahead < Math.max(1, ready.length)) return false;
    return (this.#meanMs * (ahead + this.running + 1)) / Math.max(1, ready.length) > answerTimeoutMs;
  }

  /**
   * @param method Name of the call.
   * @param payload Cloned; it is kept until the answer, to be sent again where its worker ends.
   * @param options.signal Rejects the call; it leaves the queue, or its worker at the next opportunity.
   * @returns The worker's answer.
   * @throws {ServiceError} `service-busy`: {@link isFull}, or two workers ended that had this call in hand;
   *   `service-timeout`: not answered in time, or a worker was at it for too long; `service-memory`: it took too much memory; `service-stopping`:
   *   the pool is closed; `service-fault`: something unforeseen.
   * @throws What the worker throws, where it is an error of this package; the signal's reason.
   */
  call<Method extends keyof Table & string>(
    method: Method,
    payload: Table[Method]["payload"],
    options: PoolCallOptions<Table[Method]["event"]> = {},
  ): Promise<Table[Method]["result"]> {
    const { signal, line } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#isClosed)
      return Promise.reject(new ServiceError("service-stopping", `${method}: the pool is closed`));
    if (this.isFull(line)) return Promise.reject(busy(method));
    if (this.#lacksRoom()) this.#waiting.lastOfLonger(line ?? "")?.reject(busy(method));
    return new Promise((resolve, reject) => {
      const { answerTimeoutMs } = this.#options;
      const onSettled = () => this.#waiting.delete(job);
      const job = createJob(
        { method, payload, options: options as PoolCallOptions, answerTimeoutMs, onSettled },
        { resolve, reject },
      );
      this.#waiting.push(job);
      this.#handOver();
      // After that of the worker, which ends it: whoever hears of the timeout finds it gone.
      job.startTimer();
    });
  }

  /** Ends all workers; what waits or runs is lost. May be called twice. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) this.#rejectAll([job]);
    await Promise.all([...this.#workers.keys()].map((worker) => worker.end()));
  }

  #ready(): [WorkerProcess<Table>, Hand][] {
    return [...this.#workers].filter(([worker]) => !worker.isEnding);
  }

  #handOver(): void {
    for (let job = this.#waiting.first; job; job = this.#waiting.first) {
      const worker = this.#freeWorker(job.options.bytes ?? 0);
      if (!worker) return;
      this.#waiting.shift();
      void this.#work(job, worker);
    }
  }

  #lacksRoom(): boolean {
    return this.#waiting.size >= this.#options.maxQueue && this.#freeWorker(0) === undefined;
  }

  /** The worker with the least in hand, if it can take so many bytes more. */
  #freeWorker(bytes: number): WorkerProcess<Table> | undefined {
    const [first, ...others] = this.#ready().filter(([, { isSlow }]) => !isSlow);
    if (!first) return undefined;
    const [worker, { jobs }] = others.reduce(
      (least, next) => (next[1].jobs.length < least[1].jobs.length ? next : least),
      first,
    );
    if (jobs.length === 0) return worker;
    const bytesInHand = jobs.reduce((sum, { options }) => sum + (options.bytes ?? 0), bytes);
    const hasRoom = jobs.length < MAX_IN_HAND && jobs.length * this.#meanMs <= MAX_MS_IN_HAND;
    return hasRoom && bytesInHand <= MAX_BYTES_IN_HAND ? worker : undefined;
  }

  async #work(job: Job, worker: WorkerProcess<Table>): Promise<void> {
    const hand = this.#workers.get(worker)!;
    const { method, payload } = job;
    const { onEvent } = job.options;
    const { timeoutMs } = this.#options;
    const handover = new AbortController();
    job.handover = handover;
    hand.jobs.push(job);
    if (hand.jobs.length === 1) this.#begin(hand);
    try {
      job.resolve(await worker.call(method, payload, { timeoutMs, signal: handover.signal, onEvent }));
    } catch (error) {
      if (error instanceof ProcessEndedError) return; // #replace deals with all that it had in hand
      if (job.handover === handover && !job.isGivenUp) job.reject(asServiceError(method, error));
      // Nobody knows what state the worker is in; the job stays in its hand as the one to blame.
      if (!(error instanceof SpokenDigitsError) && !handover.signal.aborted) return worker.kill("crash");
    }
    // Where it was taken back, another worker may have it in hand.
    if (job.handover === handover) this.#finish(job, hand);
    this.#handOver();
  }

  #begin(hand: Hand): void {
    clearTimeout(hand.timer);
    hand.isSlow = false;
    hand.beganAt = performance.now();
    if (hand.jobs.length > 0) hand.timer = setTimeout(() => this.#takeBack(hand), SLOW_MS);
  }

  #finish(job: Job, hand: Hand): void {
    const ms = performance.now() - hand.beganAt;
    // What is left early says nothing of how long it would have taken.
    if (!job.isGivenUp || ms > this.#meanMs) this.#meanMs += (ms - this.#meanMs) * LATEST_WEIGHT;
    hand.jobs.splice(hand.jobs.indexOf(job), 1);
    this.#begin(hand);
  }

  #takeBack(hand: Hand): void {
    hand.isSlow = true;
    const others = hand.jobs.splice(1);
    for (const job of others) {
      const { handover } = job;
      job.handover = undefined;
      handover?.abort();
    }
    this.#putBack(others.filter(({ isSettled }) => !isSettled));
  }

  #add(worker: WorkerProcess<Table>): void {
    this.#workers.set(worker, { jobs: [], beganAt: 0, isSlow: false, isRenewed: false });
    void worker.worn.then(() => {
      this.#renewals = this.#renewals.then(() => this.#renew(worker));
    });
    void worker.ended.then((end) => this.#replace(worker, end));
    this.#handOver();
  }

  async #replace(worker: WorkerProcess<Table>, end: ProcessEndedError): Promise<void> {
    const { jobs, timer, isRenewed } = this.#workers.get(worker)!;
    const [first, ...others] = jobs;
    clearTimeout(timer);
    this.#workers.delete(worker);
    if (this.#isClosed) return this.#rejectAll(first ? [first, ...others] : []);
    first?.reject(asServiceError(first.method, end));
    this.#retry(others);
    this.#options.onEnded?.(end);
    if (!isRenewed) await this.#start(MIN_START_DELAY_MS);
  }

  /** Has a new worker take the place of one that holds too much, which goes on until that is ready. */
  async #renew(worker: WorkerProcess<Table>): Promise<void> {
    if (this.#isClosed || worker.isEnding) return;
    const next = await this.#options.start().catch((error: unknown) => this.#options.onFault?.(error));
    if (!next) return void setTimeout(() => this.#renew(worker), MAX_START_DELAY_MS).unref();
    // Meanwhile it may have ended, and then has another successor.
    if (this.#isClosed || worker.isEnding) return next.end();
    this.#workers.get(worker)!.isRenewed = true;
    worker.retire();
    this.#add(next);
  }

  /** Puts bystanders back in the queue, if they were not before. */
  #retry(jobs: readonly Job[]): void {
    const again = jobs.filter((job) => !job.isSettled && !job.isRetry);
    for (const job of jobs) {
      if (job.isRetry) job.reject(lost(job));
      job.isRetry = true;
    }
    this.#putBack(again);
  }

  /** At the front of the queue. */
  #putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) this.#waiting.putBack(job);
    this.#handOver();
  }

  #rejectAll(jobs: readonly Job[]): void {
    for (const job of jobs)
      job.reject(new ServiceError("service-fault", `${job.method}: the pool is closed`));
  }

  /** Starts a worker, after a failure again and again. @param delayMs Wait after the next failure. */
  async #start(delayMs: number): Promise<void> {
    if (this.#isClosed) return;
    try {
      const worker = await this.#options.start();
      if (this.#isClosed) await worker.end();
      else this.#add(worker);
    } catch (error) {
      this.#options.onFault?.(error);
      setTimeout(() => this.#start(Math.min(2 * delayMs, MAX_START_DELAY_MS)), delayMs).unref();
    }
  }
}
