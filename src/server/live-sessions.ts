import type { FastifyBaseLogger } from "fastify";
import type { WebSocket } from "ws";
import { ServiceError, type SpokenDigitsError } from "../errors.ts";
import { createLiveMetrics, type LiveMetrics } from "./live-metrics.ts";
import type { LiveStart } from "./live-protocol.ts";
import { type LiveSession, refuseLiveSession, runLiveSession } from "./live-session.ts";
import { createLiveThreads, type LiveThreads } from "./live-threads.ts";
import type { ServerContext } from "./server-context.ts";

/** How a client came. */
type LiveVisit = {
  /** Just opened. */
  socket: WebSocket;
  /** Gets a line where the fault is the server's. */
  log: FastifyBaseLogger;
  /** Throws what speaks against the client's first message, besides its form. */
  admit: (start: LiveStart) => void;
  /** What speaks against the client before it has said a word. */
  refusal: SpokenDigitsError | undefined;
};

/** The live sessions of one server. */
export type LiveSessions = {
  /** Runs a session, or says why there is none. @param visit See {@link LiveVisit}. */
  open(visit: LiveVisit): void;
  /** Ends the threads; sessions that are still open fail. */
  close(): Promise<void>;
};

/**
 * Makes the set of sessions, empty at first. When the server is told to stop, each answers what it has taken in and
 * closes. Threads start with the first session.
 *
 * @param context What every route is given.
 */
export function createLiveSessions(context: ServerContext): LiveSessions {
  return new Sessions(context);
}

class Sessions implements LiveSessions {
  readonly #context: ServerContext;
  readonly #threads: LiveThreads;
  readonly #metrics: LiveMetrics;
  readonly #open = new Set<LiveSession>();

  constructor(context: ServerContext) {
    const { settings, metrics, lifecycle } = context;
    this.#context = context;
    const maxThreads = Math.ceil(settings.workers / 2);
    this.#threads = createLiveThreads({ maxThreads, threshold: settings.threshold });
    this.#metrics = createLiveMetrics(metrics.registry, () => this.#open.size);
    lifecycle.stopping.addEventListener("abort", () => {
      for (const session of this.#open) session.finish(lifecycle.stopping.reason);
    });
  }

  open(visit: LiveVisit): void {
    const refusal = visit.refusal ?? this.#refusal();
    if (refusal) {
      this.#context.metrics.countRejection(refusal.code);
      refuseLiveSession(visit.socket, refusal);
    } else this.#run(visit);
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  #refusal(): SpokenDigitsError | undefined {
    const { settings, lifecycle } = this.#context;
    if (lifecycle.stopping.aborted) return lifecycle.stopping.reason;
    return this.#open.size < settings.maxLiveSessions ? undefined : tooMany(settings.maxLiveSessions);
  }

  #run({ socket, log, admit }: LiveVisit): void {
    const { settings, lifecycle } = this.#context;
    const end = lifecycle.begin();
    const session = runLiveSession(socket, {
      openStream: this.#threads.openStream,
      admit,
      maxLiveMs: settings.maxLiveMs,
      maxIdleMs: settings.uploadTimeoutMs,
      onClosed: (summary) => {
        this.#open.delete(session);
        end();
        this.#metrics.countSession(summary);
        if (summary.outcome === "service-fault") log.error({ err: summary.fault }, "live session failed");
      },
    });
    this.#open.add(session);
  }
}

const tooMany = (limit: number) =>
  new ServiceError("service-busy", `live: the server has ${limit} sessions, its limit (--max-live-sessions)`);
