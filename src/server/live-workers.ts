// Hears digits in streams, on as many processes as there is work for. A process that ends takes its streams along: what they
// had heard before lies in it alone. The next stream starts another. So one that keeps too much memory goes on until its
// streams have ended, beside its successor; of as many such as there may be processes, one more ends the oldest.

import type { LiveDigitEvent } from "../live/digit-event.ts";
import { asServiceError, type ProcessEndedError } from "../workers/process-ended.ts";
import { startProcess, type WorkerProcess } from "../workers/worker-process.ts";
import type { LiveCalls, LiveListening, LiveWorkerSetup } from "./live-worker.ts";
import { LOAD_TIMEOUT_MS, maxCallMs } from "./worker-protocol.ts";

/** One stream of audio on its way through a process. Calls are answered in their order. */
export type LiveStream = {
  /**
   * @param samples Mono.
   * @returns Digits that became certain.
   * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite; `audio-damaged`: it is beyond 1e9.
   * @throws {ServiceError} `service-fault`, `service-timeout` or `service-memory`: the process failed.
   */
  push(samples: Float32Array): Promise<LiveDigitEvent[]>;
  /** The audio is over. @returns Digits that were still open. @throws As `push`. */
  end(): Promise<LiveDigitEvent[]>;
  /** Forgets the stream, whatever its state; may be called twice. */
  close(): void;
};

/** The processes for live sessions. */
export type LiveWorkers = {
  /**
   * Opens a stream on the process with the fewest.
   *
   * @param options Of its recognizer, and whose voice it is.
   * @throws {InvalidArgumentError} An option is out of range.
   * @throws {VoiceProfileError} `voice-format`: the profile is of another model.
   * @throws {ServiceError} The process failed; the next call starts another.
   */
  openStream(options: LiveListening): Promise<LiveStream>;
  /** Ends all processes; what they were doing is lost. May be called twice. */
  close(): Promise<void>;
};

/** Settings of {@link createLiveWorkers}. */
export type LiveWorkersOptions = LiveWorkerSetup & {
  /** Processes at most, >= 1. */
  maxWorkers: number;
  /** Resident memory of a process at most, in bytes. */
  maxWorkerBytes: number;
  /** Time for a piece of audio at most, in ms. */
  answerTimeoutMs: number;
  /** Told each time a process has ended that was not asked to. */
  onEnded?: (end: ProcessEndedError) => void;
};

type LiveWorker = {
  process: WorkerProcess<LiveCalls>;
  ready: Promise<unknown>;
  streams: Set<number>;
  /** Whether it keeps so much memory that it takes no more streams, and ends with the last that it has. */
  isWorn: boolean;
};

/**
 * Makes a set of processes that is empty at first: a server without live sessions holds no memory for them.
 *
 * @param options See {@link LiveWorkersOptions}.
 */
export function createLiveWorkers(options: LiveWorkersOptions): LiveWorkers {
  let workers: LiveWorker[] = [];
  const start = () => {
    const worker = startWorker(options);
    workers.push(worker);
    void worker.process.worn.then(() => {
      worker.isWorn = true;
      endIfDone(worker);
      const [oldest, ...others] = workers.filter(({ isWorn, process }) => isWorn && !process.isEnding);
      if (others.length >= options.maxWorkers) oldest!.process.kill("memory");
    });
    void worker.process.ended.then((end) => {
      workers = workers.filter((other) => other !== worker);
      if (end.reason !== "asked") options.onEnded?.(end);
    });
    return worker;
  };
  const choose = () => {
    const [least] = workers
      .filter(({ process, isWorn }) => !process.isEnding && !isWorn)
      .sort((a, b) => a.streams.size - b.streams.size);
    return least && (least.streams.size === 0 || workers.length >= options.maxWorkers) ? least : start();
  };
  let lastId = 0;
  return {
    openStream: (listening) =>
      openStream(choose(), { id: ++lastId, listening, timeoutMs: maxCallMs(options.answerTimeoutMs) }),
    async close() {
      await Promise.all(workers.map(({ process }) => process.end()));
    },
  };
}

function startWorker({ model, threshold, maxWorkerBytes }: LiveWorkersOptions): LiveWorker {
  const process = startProcess<LiveCalls>("server/live-worker", { maxBytes: maxWorkerBytes });
  const ready = process.call("load", { model, threshold }, { timeoutMs: LOAD_TIMEOUT_MS });
  // Whoever opens a stream is told as well.
  ready.catch(() => process.end());
  return { process, ready, streams: new Set(), isWorn: false };
}

function endIfDone({ process, streams, isWorn }: LiveWorker): void {
  if (isWorn && streams.size === 0) void process.end();
}

async function openStream(
  worker: LiveWorker,
  { id, listening, timeoutMs }: { id: number; listening: LiveListening; timeoutMs: number },
): Promise<LiveStream> {
  const { process, ready, streams } = worker;
  const call = (...[method, payload]: Parameters<typeof process.call>) =>
    process.call(method, payload, { timeoutMs }).catch(rethrow) as Promise<LiveDigitEvent[]>;
  const close = () => {
    if (!streams.delete(id) || process.isEnding) return;
    void process.call("close", { stream: id }).catch(() => undefined);
    endIfDone(worker);
  };
  streams.add(id);
  try {
    await ready.catch(rethrow);
    await call("open", { stream: id, options: listening });
  } catch (error) {
    close();
    throw error;
  }
  return {
    push: (samples) => call("push", { stream: id, samples }),
    end: () => call("end", { stream: id }),
    close,
  };
}

function rethrow(error: unknown): never {
  throw asServiceError("live", error);
}
