// One thread that hears digits, seen from the main thread.

import type { Worker } from "node:worker_threads";
import { ServiceError, SpokenDigitsError } from "../errors.ts";
import type { LiveDigitEvent } from "../live/digit-event.ts";
import type { RecognizerOptions } from "../live/recognizer.ts";
import { spawnWorker } from "../spawn-worker.ts";
import type { LiveCall, LiveRequest, LiveResponse, LiveWorkerSetup } from "./live-worker.ts";

/** One stream of audio on its way through a thread. Calls are answered in their order. */
export type LiveStream = {
  /**
   * @param samples Mono, in memory of their own, which is given away.
   * @returns Digits that became certain.
   * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite.
   * @throws {ServiceError} `service-fault`: the thread failed.
   */
  push(samples: Float32Array): Promise<LiveDigitEvent[]>;
  /** The audio is over. @returns Digits that were still open. @throws As `push`. */
  end(): Promise<LiveDigitEvent[]>;
  /** Forgets the stream, whatever its state; may be called twice. */
  close(): void;
};

/** A thread for any number of streams. */
export type LiveThread = {
  /** Streams open now. */
  readonly streams: number;
  /** Whether the thread has ended. */
  readonly hasEnded: boolean;
  /**
   * @param options Of its recognizer.
   * @throws {InvalidArgumentError} An option is out of range.
   * @throws {ServiceError} `service-fault`: the thread failed.
   */
  openStream(options: RecognizerOptions): Promise<LiveStream>;
  /** Ends the thread; what it was doing is lost. */
  terminate(): Promise<void>;
};

/** Memory of the thread's JavaScript objects; audio and the model lie outside of it. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };

type Pending = { resolve: (events: LiveDigitEvent[]) => void; reject: (error: unknown) => void };

/**
 * Starts a thread. It takes calls at once and answers them when its model is loaded.
 *
 * @param setup What it runs.
 */
export function startLiveThread(setup: LiveWorkerSetup): LiveThread {
  return new Thread(
    spawnWorker("server/live-worker", { workerData: setup, resourceLimits: RESOURCE_LIMITS }),
  );
}

class Thread implements LiveThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #open = new Set<number>();
  #hasEnded = false;
  #lastId = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.on("message", (response: LiveResponse) => this.#settle(response));
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", (code) => this.#fail(new Error(`the thread ended with code ${code}`)));
  }

  get streams(): number {
    return this.#open.size;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async openStream(options: RecognizerOptions): Promise<LiveStream> {
    const stream = ++this.#lastId;
    this.#open.add(stream);
    const close = () => this.#close(stream);
    try {
      await this.#call({ call: "open", stream, options });
    } catch (error) {
      close();
      throw error;
    }
    return {
      push: (samples) => this.#call({ call: "push", stream, samples }),
      end: () => this.#call({ call: "end", stream }),
      close,
    };
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #call(call: LiveCall): Promise<LiveDigitEvent[]> {
    if (this.#hasEnded) return Promise.reject(threadFault(new Error("the thread has ended")));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      const transfer = call.call === "push" ? [call.samples.buffer as ArrayBuffer] : [];
      this.#worker.postMessage({ id, ...call } satisfies LiveRequest, transfer);
    });
  }

  #close(stream: number): void {
    if (!this.#open.delete(stream) || this.#hasEnded) return;
    this.#worker.postMessage({ id: 0, call: "close", stream } satisfies LiveRequest);
  }

  #settle({ id, events, error }: LiveResponse): void {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    if (!error) call?.resolve(events);
    else if (error.code === null) call?.reject(threadFault(new Error(error.message)));
    else call?.reject(new SpokenDigitsError(error.code, error.message));
  }

  #fail(cause: unknown): void {
    this.#hasEnded = true;
    for (const { reject } of this.#pending.values()) reject(threadFault(cause));
    this.#pending.clear();
  }
}

const threadFault = (cause: unknown) =>
  new ServiceError("service-fault", "live: something unforeseen went wrong in the server", { cause });
