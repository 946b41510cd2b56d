// A batch over many machines: groups of names go through a queue of BullMQ's in Redis or Valkey, and lines come back. Sound
// never does.

import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { Job, Queue, QueueEvents } from "bullmq";
import { InvalidArgumentError, ServiceError } from "../errors.ts";
import { connectRedis, loadPeer } from "../redis.ts";
import { type PackedError, unpackError } from "../workers/calls.ts";
import { isS3Address } from "./audio-inputs.ts";
import type { BatchLine, BatchRecognizer, BatchRecording, BatchSettings } from "./batch-recognizer.ts";

/** A group of recordings, and what is known of them where workers ended over it. */
export type BatchJob = {
  settings: BatchSettings;
  recordings: readonly BatchRecording[];
  trial?: BatchTrial;
};

/** Recordings heard one by one: lines so far, and how many workers ended at the next. */
type BatchTrial = { lines: BatchLine[]; deaths: number };

/** What comes back. */
export type BatchJobResult = { lines: BatchLine[] } | { error: PackedError };

/** Jobs that may be in Redis, of one batch, unless told otherwise: two hundred names of recordings take about 20 kB. */
export const DEFAULT_MAX_JOBS = 200;

/** Recordings of a job: enough that the way there and back hardly counts, few enough that the end of a batch is shared. */
const GROUP_SIZES = { digit: 50, number: 10 };

const QUEUE_NAME = "spoken-digits";

/** How often jobs without news are asked after, in ms: what is said in Redis' stream may be missed. */
const LOOK_INTERVAL_MS = 5000;

/** Time in which a result has to be fetched, in seconds: that of a batch that has ended is for nobody. */
const KEEP_RESULTS_S = 3600;

/** Events that Redis keeps; a result is in one of four of a job. */
const MAX_EVENTS = 2000;

/**
 * Connects to a queue.
 *
 * @param url See {@link connectRedis}.
 * @returns BullMQ, a connection for it, and the name of the queue.
 * @throws As of {@link connectRedis}.
 */
export async function connectQueue(url: string) {
  const bullmq = await loadPeer(() => import("bullmq"), { what: "--queue", packages: "bullmq ioredis" });
  const redis = await connectRedis(url, "--queue", { maxRetriesPerRequest: null });
  return { bullmq, redis, name: QUEUE_NAME };
}

/** Settings of {@link startQueuedRecognizer}. */
export type QueuedRecognizerOptions = {
  /** See {@link connectQueue}. */
  url: string;
  /** Jobs of this batch in Redis at most. Default: {@link DEFAULT_MAX_JOBS}. */
  maxJobs?: number;
};

/** A batch whose recordings are heard by the workers of a queue. */
export type QueuedRecognizer = BatchRecognizer & {
  /** Jobs by their state and workers, in Prometheus' text format. */
  metrics(): Promise<string>;
};

/**
 * Has recordings heard by whoever takes part in a queue.
 *
 * @param settings What is to be heard.
 * @param options See {@link QueuedRecognizerOptions}.
 * @throws As of {@link connectQueue}.
 */
export async function startQueuedRecognizer(
  settings: BatchSettings,
  { url, maxJobs = DEFAULT_MAX_JOBS }: QueuedRecognizerOptions,
): Promise<QueuedRecognizer> {
  const { bullmq, redis, name } = await connectQueue(url);
  const queue: Queue<BatchJob, BatchJobResult> = new bullmq.Queue(name, {
    connection: redis,
    streams: { events: { maxLen: MAX_EVENTS } },
  });
  const events = new bullmq.QueueEvents(name, { connection: redis.duplicate() });
  // They connect again by themselves.
  queue.on("error", () => undefined);
  events.on("error", () => undefined);
  await events.waitUntilReady();
  const results = new Results(queue, events);
  let closed: Promise<void> | undefined;
  return {
    groupSize: GROUP_SIZES[settings.task],
    concurrency: maxJobs,
    hear: (recordings) => results.of({ settings, recordings: recordings.map(forElsewhere) }),
    metrics: () => queue.exportPrometheusMetrics(),
    close() {
      closed ??= results
        .close()
        .then(() => Promise.all([events.close(), queue.close()]))
        .then(() => redis.disconnect());
      return closed;
    },
  };
}

type Waiting = { data: BatchJob; resolve: (lines: BatchLine[]) => void; reject: (error: unknown) => void };

/** Jobs that were added, and whoever waits for each. */
class Results {
  readonly #queue: Queue<BatchJob, BatchJobResult>;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer: NodeJS.Timeout;

  constructor(queue: Queue<BatchJob, BatchJobResult>, events: QueueEvents) {
    this.#queue = queue;
    events.on("completed", ({ jobId, returnvalue }) =>
      this.#settle(jobId, returnvalue as unknown as BatchJobResult),
    );
    events.on("failed", ({ jobId, failedReason }) => this.#fail(jobId, failedReason));
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), LOOK_INTERVAL_MS);
  }

  of(data: BatchJob): Promise<BatchLine[]> {
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { data, resolve, reject });
      this.#add(id, data).catch(reject);
    });
  }

  /** Takes back what nobody has begun. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const jobs = [...this.#waiting];
    this.#waiting.clear();
    for (const [, { reject }] of jobs) reject(new ServiceError("service-stopping", "the batch is ended"));
    await Promise.all(jobs.map(([id]) => this.#queue.remove(id).catch(() => 0)));
  }

  async #add(id: string, data: BatchJob): Promise<void> {
    const age = { age: KEEP_RESULTS_S };
    await this.#queue.add("recordings", data, { jobId: id, removeOnComplete: age, removeOnFail: age });
  }

  /** After the fact, or of a job that Redis has lost. */
  async #look(): Promise<void> {
    for (const [id, { data }] of [...this.#waiting]) {
      const job: Job<BatchJob, BatchJobResult> | undefined = await this.#queue.getJob(id);
      if (!job && this.#waiting.has(id)) await this.#add(id, data);
      else if (job?.failedReason) this.#fail(id, job.failedReason);
      else if (job?.finishedOn) this.#settle(id, job.returnvalue);
    }
  }

  #settle(id: string, result: BatchJobResult): void {
    const waiting = this.#take(id);
    if ("lines" in result) waiting?.resolve(result.lines);
    else waiting?.reject(unpackError(result.error));
  }

  #fail(id: string, reason: string): void {
    this.#take(id)?.reject(new ServiceError("service-fault", `a worker could not go on: ${reason}`));
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (this.#waiting.delete(id)) void this.#queue.remove(id).catch(() => 0);
    return waiting;
  }
}

/** Another machine's working directory is not this one's. */
function forElsewhere({ key, input }: BatchRecording): BatchRecording {
  if (typeof input === "string") return { key, input: isS3Address(input) ? input : resolve(input) };
  if ("path" in input) return { key, input: { ...input, path: resolve(input.path) } };
  throw new InvalidArgumentError(`--queue: ${key} cannot be read from its middle; unpack the archive first`);
}

/** What is in a queue, in lines. @param url See {@link connectQueue}. */
export async function describeQueue(url: string): Promise<string> {
  const { bullmq, redis, name } = await connectQueue(url);
  const queue = new bullmq.Queue(name, { connection: redis });
  const { waiting = 0, active = 0, completed = 0, failed = 0 } = await queue.getJobCounts();
  const workers = await queue.getWorkersCount();
  await queue.close();
  redis.disconnect();
  const figures = {
    workers,
    "groups waiting": waiting,
    "groups under way": active,
    "results to fetch": completed,
    "groups failed": failed,
  };
  return Object.entries(figures)
    .map(([what, count]) => `${what.padEnd(18)}${String(count).padStart(8)}\n`)
    .join("");
}
