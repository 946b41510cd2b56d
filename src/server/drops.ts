// What was closed or refused to keep the server free for others: counted, and logged without flooding the log.

import type { FastifyBaseLogger } from "fastify";
import { Counter, Gauge, type Registry } from "prom-client";

/** Why a connection, an upload or a live session was not kept. */
type DropReason =
  /** A connection beyond `--max-connections`. */
  | "connection-limit"
  /** A connection beyond `--max-connections-per-address`. */
  | "address-limit"
  /** A connection that was silent, for one that came. */
  | "connection-silent"
  /** A client that does not read (`--write-timeout-ms`). */
  | "write-timeout"
  /** More requests at once on one connection than are taken. */
  | "pipelining"
  /** An upload below `--min-upload-rate`. */
  | "upload-slow"
  /** An upload that stood still, for one that came. */
  | "upload-silent"
  /** A request for which there was no room (`--max-held-bytes`, `--max-held-bytes-per-address`). */
  | "upload-limit"
  /** A live session that did not begin in time, or made way for one that did. */
  | "live-silent"
  /** A live session beyond `--max-live-sessions` or `--max-live-sessions-per-address`. */
  | "live-limit"
  /** A request under a name that is not this server's (`--allowed-hosts`). */
  | "foreign-host"
  /** A request of a page of another origin (`--cors-origins`). */
  | "foreign-page";

/** Told of everything that is not kept. */
export type DropReport = (reason: DropReason) => void;

/** Time between two log lines for the same reason, in ms. */
const LOG_INTERVAL_MS = 10_000;

/**
 * Registers `spoken_digits_connections` and `spoken_digits_held_bytes`.
 *
 * @param registry Of the server.
 * @param holdings.connections Connections open; looked at when the figure is asked for.
 * @param holdings.uploads Bytes held; looked at likewise.
 */
export function watchHoldings(
  registry: Registry,
  { connections, uploads }: { connections: { size: number }; uploads: { heldBytes: number } },
): void {
  registerGauges(registry, {
    connections: ["Connections open now.", () => connections.size],
    held_bytes: ["Bytes held of requests under way.", () => uploads.heldBytes],
  });
}

/**
 * Registers `spoken_digits_dropped_total{reason}`, and logs a line with the count for each reason, at once and then every
 * ten seconds at most.
 *
 * @param registry Of the server.
 * @param log Gets the lines, at the level `warn`.
 */
export function createDropReport(registry: Registry, log: FastifyBaseLogger): DropReport {
  const help =
    "Connections, uploads and live sessions closed or refused to keep the server free, by the reason.";
  const dropped = createCounter(registry, "dropped", help, ["reason"]);
  const unlogged = new Map<DropReason, number>();
  const write = (reason: DropReason) => {
    const count = unlogged.get(reason) ?? 0;
    if (count === 0) {
      unlogged.delete(reason);
      return;
    }
    log.warn({ reason, count }, "closed or refused, to keep the server free");
    unlogged.set(reason, 0);
    setTimeout(() => write(reason), LOG_INTERVAL_MS).unref();
  };
  return (reason) => {
    dropped.inc({ reason });
    const count = unlogged.get(reason);
    unlogged.set(reason, (count ?? 0) + 1);
    if (count === undefined) write(reason);
  };
}

/**
 * Registers a figure that only rises.
 *
 * @param registry Of the server.
 * @param name Without `spoken_digits_` and `_total`.
 * @param help What is counted.
 * @param labelNames What tells apart the counts. Default: there is one.
 */
export function createCounter<Label extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Counter<Label> {
  return new Counter({ name: `spoken_digits_${name}_total`, help, labelNames, registers: [registry] });
}

/**
 * Registers figures that are looked at when they are asked for.
 *
 * @param registry Of the server.
 * @param gauges By name, without `spoken_digits_`: what it is, and how much.
 */
export function registerGauges(
  registry: Registry,
  gauges: Readonly<Record<string, readonly [help: string, read: () => number]>>,
): void {
  for (const [name, [help, read]] of Object.entries(gauges)) {
    new Gauge({
      name: `spoken_digits_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
}
