// What Prometheus is told of a server.

import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { Type } from "typebox";
import type { ClassifierPool } from "./classifier-pool.ts";
import { createCounter, registerGauges } from "./drops.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { LiveSummary } from "./live-session.ts";
import { ErrorReply } from "./schemas.ts";
import type { ServerContext } from "./server-context.ts";

/** Upper ends of the classes of the latency histogram, in seconds: 60 ms is the promise, 10 s the longest answer. */
const LATENCY_BUCKETS = [0.002, 0.005, 0.01, 0.02, 0.03, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** The figures of one server; each has a registry of its own. */
export type Metrics = {
  /** Further figures may be registered here, named `spoken_digits_...`. */
  readonly registry: Registry;
  /**
   * Counts a request.
   *
   * @param request.route The route's own pattern, never the address asked for.
   * @param request.method For example `POST`.
   * @param request.status Of the answer.
   * @param request.seconds From its arrival to its answer.
   */
  countRequest(request: { route: string; method: string; status: number; seconds: number }): void;
  /** Counts a request that was refused. @param code Why. */
  countRejection(code: string): void;
  /** Counts a process that was replaced. @param reason Why: `time`, `memory`, `crash`; `asked`: it kept too much memory. */
  countEndedWorker(reason: string): void;
};

/**
 * Makes the figures of a server.
 *
 * @param pool Its queue and processes are watched.
 * @param lifecycle What is under way is watched.
 */
export function createMetrics(pool: ClassifierPool, lifecycle: Lifecycle): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labels = ["route", "method", "status"] as const;
  const requests = createCounter(registry, "requests", "Requests answered.", labels);
  const latency = new Histogram({
    name: "spoken_digits_request_seconds",
    help: "Time from the arrival of a request to its answer.",
    labelNames: ["route"],
    buckets: LATENCY_BUCKETS,
    registers: [registry],
  });
  const rejectedHelp = "Requests refused, by the code of the error.";
  const rejected = createCounter(registry, "rejected", rejectedHelp, ["code"]);
  const endedHelp = "Processes that were replaced, by the reason; asked: it kept too much memory.";
  const ended = createCounter(registry, "ended_workers", endedHelp, ["reason"]);
  registerGauges(registry, {
    under_way: ["Requests with recordings, and live sessions, that are not over.", () => lifecycle.underWay],
    queue_length: ["Requests that wait for a process.", () => pool.queued],
    running: ["Requests that processes have in hand.", () => pool.running],
    workers: ["Processes that classify.", () => pool.workers],
  });
  return {
    registry,
    countRequest({ route, method, status, seconds }) {
      requests.inc({ route, method, status });
      latency.observe({ route }, seconds);
    },
    countRejection: (code) => rejected.inc({ code }),
    countEndedWorker: (reason) => ended.inc({ reason }),
  };
}

/** What is counted of live sessions. */
export type LiveMetrics = {
  /** @param summary What a session that is over came to. */
  countSession(summary: LiveSummary): void;
};

/**
 * Registers the figures of live sessions.
 *
 * @param registry Of the server.
 * @param openSessions Tells how many there are now.
 */
export function createLiveMetrics(registry: Registry, openSessions: () => number): LiveMetrics {
  registerGauges(registry, { live_sessions: ["Live sessions open now.", openSessions] });
  const outcomes =
    "Live sessions that are over: ended in order, cut by the client, or by the code of the error.";
  const sessions = createCounter(registry, "live_sessions", outcomes, ["outcome"]);
  const audioHelp = "Audio taken in by live sessions that are over.";
  const audio = createCounter(registry, "live_audio_seconds", audioHelp);
  const digits = createCounter(registry, "live_digits", "Digits sent in live sessions that are over.");
  return {
    countSession({ outcome, audioMs, digits: count }) {
      sessions.inc({ outcome });
      audio.inc(audioMs / 1000);
      digits.inc(count);
    },
  };
}

/**
 * Counts every answer, and logs it at the level `debug`: which route, from where and how it ended, nothing of what was
 * sent.
 *
 * @param server Is changed.
 * @param metrics Count.
 */
export function observeRequests(server: FastifyInstance, metrics: Metrics): void {
  server.addHook("onResponse", (request, reply, done) => {
    const { method, ip } = request;
    const route = request.routeOptions.url ?? "(none)";
    const { statusCode: status, elapsedTime: ms } = reply;
    metrics.countRequest({ route, method, status, seconds: ms / 1000 });
    request.log.debug({ method, route, status, ms, ip }, "answered");
    done();
  });
}

/**
 * Adds `GET /metrics`, in Prometheus' text format.
 *
 * @param server Is changed.
 * @param context The figures.
 */
export function registerMetricsRoute(
  server: FastifyInstance,
  { metrics: { registry } }: ServerContext,
): void {
  server.get(
    "/metrics",
    {
      schema: {
        operationId: "getMetrics",
        tags: ["operation"],
        summary: "Figures for Prometheus",
        response: {
          200: {
            description: "Prometheus' text format.",
            content: { "text/plain": { schema: Type.String() } },
          },
          401: ErrorReply,
        },
      },
    },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
