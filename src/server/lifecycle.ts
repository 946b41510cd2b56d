// Which requests are under way, and how a server comes to its end.

import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { ServiceError } from "../errors.ts";

/** Tells what is under way and when it is time to stop. */
export type Lifecycle = {
  /** Aborted once the server is told to stop; its reason is a {@link ServiceError} `service-stopping`. */
  readonly stopping: AbortSignal;
  /** Pieces of work under way: requests to the API, live sessions. */
  readonly underWay: number;
  /** Counts a piece of work in. @returns Counts it out again; further calls do nothing. */
  begin(): () => void;
  /** From now on `stopping` is aborted. */
  stop(): void;
  /**
   * Waits until nothing is under way.
   *
   * @param timeoutMs How long at most.
   * @returns Whether all has ended.
   */
  idle(timeoutMs: number): Promise<boolean>;
};

/** Begins the life of a server. */
export function createLifecycle(): Lifecycle {
  const controller = new AbortController();
  const waiting = new Set<() => void>();
  let underWay = 0;
  const end = () => {
    underWay -= 1;
    if (underWay === 0) for (const notify of waiting) notify();
  };
  return {
    stopping: controller.signal,
    get underWay() {
      return underWay;
    },
    begin() {
      underWay += 1;
      let ended = false;
      return () => {
        if (!ended) end();
        ended = true;
      };
    },
    stop: () => controller.abort(new ServiceError("service-stopping", "the server is being shut down")),
    idle(timeoutMs) {
      if (underWay === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (ended: boolean) => {
          clearTimeout(timer);
          waiting.delete(onIdle);
          resolve(ended);
        };
        const onIdle = () => settle(true);
        const timer = setTimeout(() => settle(false), timeoutMs);
        waiting.add(onIdle);
      });
    },
  };
}

/** How often connections are closed while a server ends, in ms. */
const CLOSE_INTERVAL_MS = 100;

/**
 * Brings a server to its end with no answer lost: new work is refused from now on, for `stopDelayMs` at least, what is
 * under way is finished, for `stopTimeoutMs` at most, then all connections are closed.
 *
 * @param server Listens.
 * @param options.stopDelayMs In place of the setting.
 * @returns Whether all work under way was finished.
 */
export async function stopServer(
  server: FastifyInstance,
  options: { stopDelayMs?: number } = {},
): Promise<boolean> {
  const { lifecycle, settings, connections } = server.context;
  const { stopDelayMs = settings.stopDelayMs } = options;
  lifecycle.stop();
  server.log.info({ underWay: lifecycle.underWay }, "stopping");
  const [isFinished] = await Promise.all([lifecycle.idle(settings.stopTimeoutMs), delay(stopDelayMs)]);
  if (!isFinished) server.log.warn({ underWay: lifecycle.underWay }, "work under way is given up");
  const closed = server.close();
  // What is left are connections without work, such as a half-sent request or a slow download of the page. Others may come
  // until the server listens no more, and nobody looks after their time any longer.
  const timer = setInterval(() => connections.destroyAll(), CLOSE_INTERVAL_MS);
  await closed.finally(() => clearInterval(timer));
  return isFinished;
}
