// One thread that hears digits, seen from the main thread.

import { ServiceError, SpokenDigitsError } from "../errors.ts";
import type { DigitEvent } from "../live/digit-event.ts";
import type { LiveCall, LiveRequest, LiveResponse, LiveWorkerSetup } from "./live-worker.ts";
import { spawnWorker } from "./spawn-worker.ts";

/** One stream of audio on its way through a thread. Calls are answered in their order. */
export type LiveStream = {
  /**
   * @param samples Mono, in memory of their own, which is given away.
   * @returns Digits that became certain.
   * @throws {AudioFormatError} `audio-non-finite`: a sample is NaN or infinite.
   * @throws {ServiceError} `service-fault`: the thread failed.
   */
  push(samples: Float32Array): Promise<DigitEvent[]>;
  /** The audio is over. @returns Digits that were still open. @throws As `push`. */
  end(): Promise<DigitEvent[]>;
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
   * @param sampleRate Hz.
   * @throws {ServiceError} `service-fault`: the thread failed.
   */
  openStream(sampleRate: number): Promise<LiveStream>;
  /** Ends the thread; what it was doing is lost. */
  terminate(): Promise<void>;
};

type Pending = { resolve: (events: DigitEvent[]) => void; reject: (error: unknown) => void };

/**
 * Starts a thread. It takes calls at once and answers them when its model is loaded.
 *
 * @param setup What it runs.
 */
export function startLiveThread(setup: LiveWorkerSetup): LiveThread {
  const worker = spawnWorker("live-worker", { workerData: setup });
  const pending = new Map<number, Pending>();
  const open = new Set<number>();
  let hasEnded = false;
  let lastId = 0;
  const fail = (cause: unknown) => {
    hasEnded = true;
    for (const { reject } of pending.values()) reject(threadFault(cause));
    pending.clear();
  };
  worker.on("message", (response: LiveResponse) => settle(pending, response));
  worker.on("error", fail);
  worker.on("exit", (code) => fail(new Error(`the thread ended with code ${code}`)));
  const call = (request: LiveCall) => {
    if (hasEnded) return Promise.reject(threadFault(new Error("the thread has ended")));
    const id = ++lastId;
    return new Promise<DigitEvent[]>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      const transfer = request.call === "push" ? [request.samples.buffer as ArrayBuffer] : [];
      worker.postMessage({ id, ...request } satisfies LiveRequest, transfer);
    });
  };
  return {
    get streams() {
      return open.size;
    },
    get hasEnded() {
      return hasEnded;
    },
    async openStream(sampleRate) {
      const stream = ++lastId;
      open.add(stream);
      const close = () => {
        if (!open.delete(stream) || hasEnded) return;
        worker.postMessage({ id: 0, call: "close", stream } satisfies LiveRequest);
      };
      await call({ call: "open", stream, sampleRate }).catch((error: unknown) => {
        close();
        throw error;
      });
      return {
        push: (samples) => call({ call: "push", stream, samples }),
        end: () => call({ call: "end", stream }),
        close,
      };
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

function settle(pending: Map<number, Pending>, { id, events, error }: LiveResponse): void {
  const call = pending.get(id);
  pending.delete(id);
  if (!error) call?.resolve(events);
  else if (error.code === null) call?.reject(threadFault(new Error(error.message)));
  else call?.reject(new SpokenDigitsError(error.code, error.message));
}

const threadFault = (cause: unknown) =>
  new ServiceError("service-fault", "live: something unforeseen went wrong in the server", { cause });
