import type { RecognizerOptions } from "../live/recognizer.ts";
import { type LiveStream, type LiveThread, startLiveThread } from "./live-thread.ts";
import type { LiveWorkerSetup } from "./live-worker.ts";

/** Hears digits in streams, on as many threads as there is work for. */
export type LiveThreads = {
  /**
   * Opens a stream on the thread with the fewest.
   *
   * @param options Of its recognizer.
   * @throws {InvalidArgumentError} An option is out of range.
   * @throws {ServiceError} `service-fault`: the thread failed; the next call starts another.
   */
  openStream(options: RecognizerOptions): Promise<LiveStream>;
  /** Ends all threads; what they were doing is lost. May be called twice. */
  close(): Promise<void>;
};

/** Settings of {@link createLiveThreads}. */
export type LiveThreadsOptions = LiveWorkerSetup & {
  /** Threads at most, >= 1. */
  maxThreads: number;
};

/**
 * Makes a set of threads that is empty at first: a server without live sessions holds no memory for them.
 *
 * @param options See {@link LiveThreadsOptions}.
 */
export function createLiveThreads({ maxThreads, ...setup }: LiveThreadsOptions): LiveThreads {
  let threads: LiveThread[] = [];
  const choose = () => {
    threads = threads.filter((thread) => !thread.hasEnded);
    const [least] = threads.toSorted((a, b) => a.streams - b.streams);
    if (least && (least.streams === 0 || threads.length >= maxThreads)) return least;
    const started = startLiveThread(setup);
    threads.push(started);
    return started;
  };
  return {
    openStream: (options) => choose().openStream(options),
    async close() {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
