import { type Command, Option } from "commander";
import { pMapIterable } from "p-map";
import { InvalidArgumentError } from "../errors.ts";
import { type BatchInput, countBatchInputs, listBatchInputs } from "./batch-inputs.ts";
import { DEFAULT_MAX_JOBS, describeQueue, startQueuedRecognizer } from "./batch-queue.ts";
import {
  type BatchRecognizer,
  type BatchSettings,
  batchHead,
  failureLine,
  startRecognizer,
} from "./batch-recognizer.ts";
import {
  addClassifierOptions,
  addExpectationOptions,
  type ClassifierSettings,
  type StreamModelSettings,
} from "./file-models.ts";
import { endOnInterrupt } from "./interruption.ts";
import { type BatchMetrics, createBatchMetrics, listenForMetrics } from "./metrics-listener.ts";
import { parseCount, streamThreshold } from "./option-values.ts";
import { createProgressBar } from "./progress-bar.ts";
import { openResultFile, type ResultFile } from "./result-file.ts";

const EXAMPLES = `
Examples:
  spoken-digits batch calls/ --out results.jsonl
  spoken-digits batch 'calls/**/*.mp3' archive.tar @more.txt --out results.csv --resume
  spoken-digits batch s3://calls/2026/ --task number --expect digits --length 10 --out results.jsonl
  spoken-digits batch /mnt/calls --queue redis://queue.example.org --out results.jsonl
  spoken-digits batch --status --queue redis://queue.example.org

Sources: files, folders, patterns, .tar and .tar.gz archives, lists (@FILE, a name a line), s3://bucket/prefix. Each recording
has one line in the result, in any order; one that cannot be heard has the code of its error there. Ended at any moment, even
by kill -9, it goes on with --resume and the same settings. The exit code is 0 once each recording has its line.`;

/** How often a line tells how far it is where nobody sees a bar, in ms. */
const LOG_INTERVAL_MS = 10_000;

/** Groups whose lines may be written before that of an earlier one that takes long. */
const MAX_AHEAD = 100_000;

type BatchOptions = ClassifierSettings &
  Pick<StreamModelSettings, "expect" | "length"> & {
    out?: string;
    task: BatchSettings["task"];
    resume?: boolean;
    overwrite?: boolean;
    workers?: number;
    queue?: string;
    maxJobs?: number;
    status?: boolean;
    metricsPort?: number;
  };

/**
 * Adds `batch`: any number of recordings to one file of results, on this machine or by the workers of a queue.
 *
 * @param program Is changed.
 */
export function addBatchCommand(program: Command): void {
  const command = program
    .command("batch")
    .description("Hear any number of recordings, on this machine or on many.")
    .argument("[sources...]", "files, folders, patterns, archives, @lists, s3://bucket/prefix")
    .option("--out <file>", "the results: .jsonl, a line of JSON a recording, or .csv")
    .addOption(
      new Option("--task <task>", "digit, as predict, or number, as transcribe")
        .choices(["digit", "number"])
        .default("digit"),
    )
    .option("--resume", "go on with the file that is there")
    .option("--overwrite", "begin anew where a file is there")
    .option("--workers <n>", "processes on this machine (default: one a core)", parseCount)
    .option("--queue <url>", "have it done by the workers of this Redis or Valkey: redis://HOST:PORT")
    .option(
      "--max-jobs <n>",
      `groups of recordings in the queue at most (default: ${DEFAULT_MAX_JOBS})`,
      parseCount,
    )
    .option("--status", "say what is in the queue, and nothing else")
    .option("--metrics-port <port>", "answer /metrics and /healthz there", parseCount);
  addExpectationOptions(addClassifierOptions(command)).addHelpText("after", EXAMPLES);
  command.action((sources: string[], options: BatchOptions) => {
    const isDefault = command.getOptionValueSource("model") === "default";
    return options.status ? printStatus(options) : batch(sources, options, isDefault);
  });
}

async function printStatus({ queue }: BatchOptions): Promise<void> {
  if (!queue) throw new InvalidArgumentError("batch: --status needs --queue");
  process.stdout.write(await describeQueue(queue));
}

async function batch(sources: string[], options: BatchOptions, isDefaultModel: boolean): Promise<void> {
  const { out = "", queue: url, maxJobs, workers, metricsPort } = options;
  if (sources.length === 0) throw new InvalidArgumentError("batch: there is no source");
  const settings = readSettings(options, isDefaultModel);
  const result = await openResultFile(out, {
    ...options,
    format: settings.format,
    head: batchHead(settings),
  });
  const queued = url ? await startQueuedRecognizer(settings, { url, maxJobs }) : undefined;
  const recognizer = queued ?? (await startRecognizer(settings, { workers }));
  const metrics = await createBatchMetrics();
  const listener =
    metricsPort === undefined ? undefined : await listenForMetrics(metricsPort, metrics, queued?.metrics);
  try {
    const run = new BatchRun({ sources, settings, recognizer, result, metrics });
    await endOnInterrupt((signal) => run.toEnd(signal), { signals: ["SIGINT", "SIGTERM"] });
    process.stdout.write(`${run.summary()}: ${out}\n`);
  } finally {
    listener?.close();
    await recognizer.close();
    await result.close();
  }
}

function readSettings(options: BatchOptions, isDefaultModel: boolean): BatchSettings {
  const { out = "", task, model, threshold, voice, denoise, trim, expect, length } = options;
  const [, ending] = /\.(jsonl|csv)$/i.exec(out) ?? [];
  if (!ending)
    throw new InvalidArgumentError(`batch: --out must end in .jsonl or .csv, got ${out || "nothing"}`);
  const format = ending.toLowerCase() === "csv" ? "csv" : "json";
  if (task === "digit") return { task, format, model: { model, threshold, voice, denoise, trim } };
  const stream = { threshold: streamThreshold(threshold), voice, expect, length };
  return { task, format, model: { model: isDefaultModel ? undefined : model, ...stream } };
}

type BatchRunOptions = {
  sources: readonly string[];
  settings: BatchSettings;
  recognizer: BatchRecognizer;
  result: ResultFile;
  metrics: BatchMetrics;
};

/** One pass over the sources. */
class BatchRun {
  readonly #options: BatchRunOptions;
  readonly #beganAt = performance.now();
  readonly #bar = createProgressBar({ label: "Recordings", rate: true, logEveryMs: LOG_INTERVAL_MS });
  #total: number | undefined;
  #nHeard = 0;
  #nFailed = 0;

  constructor(options: BatchRunOptions) {
    this.#options = options;
  }

  async toEnd(signal: AbortSignal): Promise<void> {
    const { sources, result, recognizer } = this.#options;
    // Beside the work; where it fails, the work fails at the same place.
    void countBatchInputs(sources).then(
      (count) => {
        this.#total = count && Math.max(0, count - result.nDone);
      },
      () => undefined,
    );
    signal.addEventListener("abort", () => void recognizer.close());
    const { concurrency } = recognizer;
    const work = (group: BatchInput[]) => this.#hear(group, signal);
    try {
      const done = pMapIterable(this.#groups(signal), work, { concurrency, backpressure: MAX_AHEAD });
      for await (const _ of done);
    } catch (error) {
      // Whatever is thrown once it is interrupted comes of that.
      throw signal.aborted ? signal.reason : error;
    } finally {
      this.#bar.end();
    }
  }

  summary(): string {
    const seconds = (performance.now() - this.#beganAt) / 1000;
    const { nDone } = this.#options.result;
    const before = nDone > 0 ? `, ${nDone} were there` : "";
    const pace = (this.#nHeard / seconds).toFixed(1);
    return `${this.#nHeard} recordings, ${this.#nFailed} of them failed${before}; ${seconds.toFixed(1)} s, ${pace} /s`;
  }

  async *#groups(signal: AbortSignal): AsyncGenerator<BatchInput[]> {
    const { sources, result, recognizer } = this.#options;
    let group: BatchInput[] = [];
    for await (const input of listBatchInputs(sources)) {
      signal.throwIfAborted();
      if (!result.claim(input.key)) continue;
      group.push(input);
      if (group.length < recognizer.groupSize) continue;
      yield group;
      group = [];
    }
    if (group.length > 0) yield group;
  }

  async #hear(group: readonly BatchInput[], signal: AbortSignal): Promise<void> {
    const { settings, recognizer, result, metrics } = this.#options;
    const heard = recognizer.hear(group.filter((item) => "input" in item));
    const failures = group.flatMap((item) =>
      "error" in item ? [failureLine(settings, item.key, item.error)] : [],
    );
    const lines = [...failures, ...(await heard)];
    // What came of it then is that it was given up.
    signal.throwIfAborted();
    await result.append(lines.map(({ line }) => line).join(""));
    this.#nHeard += lines.length;
    for (const { code } of lines) {
      metrics.count(code ?? "done");
      if (code) this.#nFailed++;
    }
    this.#bar.update(this.#nHeard, this.#total);
  }
}
