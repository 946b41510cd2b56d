// Which requests are under way, and how a server comes to its end.

import { ServiceError } from "../errors.ts";

/** Tells what is under way and when it is time to stop. */
export type Lifecycle = {
  /** Aborted once the server is told to stop; its reason is a {@link ServiceError} `service-stopping`. */
  readonly stopping: AbortSignal;
  /** Pieces of work under way: requests to the API, live sessions. */
  readonly underWay: number;
  /**
   * Counts a piece of work in.
   *
   * @returns Counts it out again; further calls do nothing.
   */
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
