import type { Job } from "bullmq";
import type { Command } from "commander";
import { packError } from "../workers/calls.ts";
import { type BatchJob, type BatchJobResult, connectQueue } from "./batch-queue.ts";
import {
  type BatchLine,
  type BatchRecognizer,
  type BatchSettings,
  setAsideLine,
  startRecognizer,
} from "./batch-recognizer.ts";
import { endOnInterrupt, isInterruption } from "./interruption.ts";
import { createBatchMetrics, listenForMetrics } from "./metrics-listener.ts";
import { parseCount } from "./option-values.ts";

const EXAMPLES = `
Examples:
  spoken-digits work --queue redis://queue.example.org
  spoken-digits work --queue redis://localhost:6379 --workers 2 --metrics-port 9464

Recordings are read by their names: folders have to be there under the same path on each machine. SIGTERM and Ctrl-C end it
once the group of recordings in hand is done.`;

/** Workers that a recording may end before it is set aside. */
const MAX_DEATHS = 3;

/** Silence of a worker after which its recordings go to another, in ms, unless told otherwise. */
const DEFAULT_STALLED_MS = 30_000;

type WorkOptions = { queue: string; workers?: number; stalledMs: number; metricsPort?: number };

/** Adds `work`: takes part in the batches of a queue. @param program Is changed. */
export function addWorkCommand(program: Command): void {
  program
    .command("work")
    .description("Take part in the batches of a queue, until told to end.")
    .requiredOption("--queue <url>", "Redis or Valkey: redis://HOST:PORT")
    .option("--workers <n>", "processes (default: one a core)", parseCount)
    .option(
      "--stalled-ms <n>",
      "silence of a worker after which another takes its recordings",
      parseCount,
      DEFAULT_STALLED_MS,
    )
    .option("--metrics-port <port>", "answer /metrics and /healthz there", parseCount)
    .addHelpText("after", EXAMPLES)
    .action(work);
}

async function work({ queue: url, workers, stalledMs, metricsPort }: WorkOptions): Promise<void> {
  const { bullmq, redis, name } = await connectQueue(url);
  const metrics = await createBatchMetrics();
  const recognizers = new Recognizers(workers);
  const worker = new bullmq.Worker<BatchJob, BatchJobResult>(
    name,
    (job) => answer(job, recognizers, metrics.count),
    {
      connection: redis,
      lockDuration: stalledMs,
      stalledInterval: stalledMs,
      // Whoever ends its workers is set aside before.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
    },
  );
  worker.on("error", ({ message }) => process.stderr.write(`spoken-digits: ${message}\n`));
  const queue = new bullmq.Queue(name, { connection: redis });
  const listener =
    metricsPort === undefined
      ? undefined
      : await listenForMetrics(metricsPort, metrics, () => queue.exportPrometheusMetrics());
  process.stdout.write(`Takes part in ${url.replace(/\/\/[^@]*@/, "//")}  (Ctrl+C ends it)\n`);
  await endOnInterrupt(untilAborted, { signals: ["SIGINT", "SIGTERM"] }).catch((error: unknown) => {
    if (!isInterruption(error)) throw error;
  });
  await worker.close();
  listener?.close();
  await Promise.all([recognizers.close(), queue.close()]);
  redis.disconnect();
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

/** Processes for the settings of the latest job: batches seldom differ. */
class Recognizers {
  readonly #workers: number | undefined;
  #latest: { key: string; recognizer: Promise<BatchRecognizer> } | undefined;

  constructor(workers: number | undefined) {
    this.#workers = workers;
  }

  async of(settings: BatchSettings): Promise<BatchRecognizer> {
    const key = JSON.stringify(settings);
    if (this.#latest?.key !== key) {
      await this.close();
      this.#latest = { key, recognizer: startRecognizer(settings, { workers: this.#workers }) };
    }
    return this.#latest!.recognizer;
  }

  async close(): Promise<void> {
    const recognizer = await this.#latest?.recognizer.catch(() => undefined);
    this.#latest = undefined;
    await recognizer?.close();
  }
}

async function answer(
  job: Job<BatchJob, BatchJobResult>,
  recognizers: Recognizers,
  count: (outcome: string) => void,
): Promise<BatchJobResult> {
  const { settings, recordings } = job.data;
  try {
    const recognizer = await recognizers.of(settings);
    const lines =
      job.stalledCounter > 0 ? await tryOneByOne(job, recognizer) : await recognizer.hear(recordings);
    for (const { code } of lines) count(code ?? "done");
    return { lines };
  } catch (error) {
    // No model: the batch has to know.
    return { error: packError(error) };
  }
}

/**
 * Hears what another worker ended over, or fell silent at. Before each recording it is noted which one comes next: should
 * this worker end as well, it is known at which, and the third such end is the last.
 */
async function tryOneByOne(
  job: Job<BatchJob, BatchJobResult>,
  recognizer: BatchRecognizer,
): Promise<BatchLine[]> {
  const { settings, recordings, trial } = job.data;
  const lines = [...(trial?.lines ?? [])];
  // The first end was at any of them.
  let deaths = trial ? trial.deaths + 1 : 1;
  for (const recording of recordings.slice(lines.length)) {
    if (deaths >= MAX_DEATHS) lines.push(setAsideLine(settings, recording.key, deaths));
    else {
      await job.updateData({ ...job.data, trial: { lines, deaths } });
      lines.push(...(await recognizer.hear([recording])));
    }
    deaths = 1;
  }
  return lines;
}
