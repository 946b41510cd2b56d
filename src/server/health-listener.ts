// Health on a port and a thread of its own, for those who watch over servers: it answers however much the server has to
// refuse.

import { startThread } from "../workers/worker-thread.ts";
import { type HealthCalls, type HealthWorkerSetup, PULSE, READINESS, Readiness } from "./health-worker.ts";

/** A listener that answers. */
export type HealthListener = {
  /** Port that is listened on. */
  readonly port: number;
  /** From now on it says what this says. @param readiness Asked twice a second. */
  follow(readiness: () => keyof typeof Readiness): void;
  /** Ends it; may be called twice. */
  close(): Promise<void>;
};

/** Settings of {@link startHealthListener}. */
export type HealthListenerOptions = Pick<HealthWorkerSetup, "host" | "port"> & {
  /** Silence of this thread after which it counts as stuck, in ms. Default: 10000. */
  maxSilenceMs?: number;
};

/** How often this thread says that it goes on, in ms. */
const PULSE_INTERVAL_MS = 500;

/**
 * Starts the listener. `/healthz` answers 200 as long as this thread goes on, `/readyz` once it is followed.
 *
 * @param options See {@link HealthListenerOptions}.
 * @throws {InvalidArgumentError} The address cannot be listened on.
 */
export async function startHealthListener(options: HealthListenerOptions): Promise<HealthListener> {
  const { host, port, maxSilenceMs = 10_000 } = options;
  const state = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const setup: HealthWorkerSetup = { host, port, maxSilenceMs, state };
  const worker = startThread<HealthCalls>("server/health-worker");
  const boundPort = await worker.call("listen", setup).catch(async (error: unknown) => {
    await worker.end();
    throw error;
  });
  let readiness: (() => keyof typeof Readiness) | undefined;
  const beat = () => {
    Atomics.add(state, PULSE, 1);
    Atomics.store(state, READINESS, Readiness[readiness?.() ?? "starting"]);
  };
  const timer = setInterval(beat, PULSE_INTERVAL_MS).unref();
  return {
    port: boundPort,
    follow(source) {
      readiness = source;
      beat();
    },
    async close() {
      clearInterval(timer);
      await worker.end();
    },
  };
}
