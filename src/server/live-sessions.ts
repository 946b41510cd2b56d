// All live sessions of a server: who gets a place, who makes way, and what they are counted as.

import type { FastifyBaseLogger } from "fastify";
import type { WebSocket } from "ws";
import { findText } from "../bounded-json.ts";
import { RequestError, ServiceError, type SpokenDigitsError } from "../errors.ts";
import { readLiveStart } from "./live-protocol.ts";
import { type LiveSession, refuseLiveSession, runLiveSession } from "./live-session.ts";
import { createLiveWorkers, type LiveWorkers } from "./live-workers.ts";
import { createLiveMetrics, type LiveMetrics } from "./metrics.ts";
import type { ServerContext } from "./server-context.ts";

/** How a client came. */
type LiveVisit = {
  /** Just opened. */
  socket: WebSocket;
  /** Whom the session counts for. */
  address: string;
  /** Gets a line where the fault is the server's. */
  log: FastifyBaseLogger;
  /** What speaks against the token in the client's first message, or against that there is none. */
  checkToken: (token: string | undefined) => SpokenDigitsError | undefined;
  /** What speaks against the client before it has said a word. */
  refusal: SpokenDigitsError | undefined;
};

/** Silence after which a session gives its place to one that begins, in ms. */
const SILENT_MS = 2000;

/**
 * The live sessions of one server. When that is told to stop, each answers what it has taken in and closes. Processes start
 * with the first session.
 */
export class LiveSessions {
  readonly #context: ServerContext;
  readonly #workers: LiveWorkers;
  readonly #metrics: LiveMetrics;
  /** Sessions that have begun, and whom each counts for. */
  readonly #begun = new Map<LiveSession, string>();
  /** Sockets that have not said what they want; they hold no place. The first has waited longest. */
  readonly #waiting = new Set<LiveSession>();

  /** @param context What every route is given. */
  constructor(context: ServerContext) {
    const { settings, metrics, lifecycle } = context;
    this.#context = context;
    this.#workers = createLiveWorkers({
      ...settings,
      model: undefined,
      // Operating points are the classifier's.
      threshold: typeof settings.threshold === "number" ? settings.threshold : undefined,
      maxWorkers: Math.ceil(settings.workers / 2),
      onEnded: context.onWorkerEnded,
    });
    this.#metrics = createLiveMetrics(metrics.registry, () => this.#begun.size);
    lifecycle.stopping.addEventListener("abort", () => {
      for (const session of [...this.#waiting, ...this.#begun.keys()]) {
        session.finish(lifecycle.stopping.reason);
      }
    });
  }

  /** Runs a session, or says why there is none. @param visit See {@link LiveVisit}. */
  open(visit: LiveVisit): void {
    const refusal = visit.refusal ?? this.#refusal(visit.address);
    if (refusal) this.#refuse(visit, refusal);
    else this.#run(visit);
  }

  /** Ends the processes; sessions that are still open fail. */
  close(): Promise<void> {
    return this.#workers.close();
  }

  #refuse({ socket }: LiveVisit, refusal: SpokenDigitsError): void {
    this.#context.metrics.countRejection(refusal.code);
    refuseLiveSession(socket, refusal);
  }

  #refusal(address: string): SpokenDigitsError | undefined {
    const { lifecycle } = this.#context;
    if (lifecycle.stopping.aborted) return lifecycle.stopping.reason;
    const full = this.#fullRoom(address);
    return full && !longestSilent(full.sessions) ? this.#tooMany(full.limit) : undefined;
  }

  #run(visit: LiveVisit): void {
    const { settings, lifecycle } = this.#context;
    const end = lifecycle.begin();
    const session = runLiveSession(visit.socket, {
      openStream: this.#workers.openStream,
      admit: (text) => {
        // Before a message of up to a megabyte is parsed.
        const refusal = visit.checkToken(findText(text, "token"));
        if (refusal) throw refusal;
        const start = readLiveStart(text);
        this.#takePlace(session, visit.address);
        return start;
      },
      startTimeoutMs: settings.liveStartTimeoutMs,
      maxLiveMs: settings.maxLiveMs,
      maxIdleMs: settings.uploadTimeoutMs,
      onClosed: (summary) => {
        if (this.#waiting.delete(session) && summary.outcome === "request-too-slow")
          this.#context.drop("live-silent");
        this.#begun.delete(session);
        end();
        this.#metrics.countSession(summary);
        if (summary.outcome === "service-fault")
          visit.log.error({ err: summary.fault }, "live session failed");
      },
    });
    this.#waiting.add(session);
    this.#keepFewWaiting();
  }

  /** As many as there are places may wait; the one that has waited longest goes. */
  #keepFewWaiting(): void {
    const [longest] = this.#waiting;
    if (!longest || this.#waiting.size <= this.#context.settings.maxLiveSessions) return;
    this.#waiting.delete(longest);
    this.#context.drop("live-silent");
    longest.finish(makeWay());
  }

  /** @throws {ServiceError} `service-busy`: all places are taken by sessions that are used. */
  #takePlace(session: LiveSession, address: string): void {
    for (let full = this.#fullRoom(address); full; full = this.#fullRoom(address)) {
      const silent = longestSilent(full.sessions);
      if (!silent) {
        this.#context.metrics.countRejection("service-busy");
        throw this.#tooMany(full.limit);
      }
      this.#begun.delete(silent);
      this.#context.drop("live-silent");
      silent.finish(makeWay());
    }
    this.#waiting.delete(session);
    this.#begun.set(session, address);
  }

  /** The sessions among which there is no place left, if so: those of the address, or all. */
  #fullRoom(address: string): { sessions: LiveSession[]; limit: string } | undefined {
    const { maxLiveSessions, maxLiveSessionsPerAddress } = this.#context.settings;
    const ofAddress = [...this.#begun].filter(([, other]) => other === address).map(([session]) => session);
    if (ofAddress.length >= maxLiveSessionsPerAddress) {
      return { sessions: ofAddress, limit: "--max-live-sessions-per-address" };
    }
    if (this.#begun.size < maxLiveSessions) return undefined;
    return { sessions: [...this.#begun.keys()], limit: "--max-live-sessions" };
  }

  #tooMany(limit: string): ServiceError {
    this.#context.drop("live-limit");
    return new ServiceError("service-busy", `live: the server has as many sessions as it may (${limit})`);
  }
}

function longestSilent(sessions: readonly LiveSession[]): LiveSession | undefined {
  const latest = performance.now() - SILENT_MS;
  const [longest] = sessions
    .filter(({ silentSince }) => silentSince < latest)
    .toSorted((a, b) => a.silentSince - b.silentSince);
  return longest;
}

const makeWay = () =>
  new RequestError("request-too-slow", "live: nothing came while others needed the place");
