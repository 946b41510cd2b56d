import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { InvalidArgumentError } from "../errors.ts";

/** Where a command is to be asked. */
export type MetricsListener = { readonly port: number; close(): void };

/** Counts what a batch, or a worker of one, comes to. */
export type BatchMetrics = {
  readonly registry: Registry;
  /** @param outcome `done` or the code of an error. */
  count(outcome: string): void;
};

/** Makes the figures. */
export async function createBatchMetrics(): Promise<BatchMetrics> {
  const { Counter, collectDefaultMetrics, Registry } = await import("prom-client");
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const recordings = new Counter({
    name: "spoken_digits_batch_recordings_total",
    help: "Recordings heard, or why not.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  return { registry, count: (outcome) => recordings.inc({ outcome }) };
}

/**
 * Answers `GET /metrics` in Prometheus' text format and `GET /healthz`, on all addresses of the machine.
 *
 * @param port 0 for any that is free.
 * @param metrics.registry The figures.
 * @param more Further ones. Default: none.
 * @throws {InvalidArgumentError} The port cannot be listened on.
 */
export async function listenForMetrics(
  port: number,
  { registry }: BatchMetrics,
  more: () => Promise<string> = async () => "",
): Promise<MetricsListener> {
  const server = createServer(async ({ url }, response) => {
    try {
      if (url === "/healthz") response.end("ok\n");
      else if (url !== "/metrics") response.writeHead(404).end();
      else {
        const text = `${await registry.metrics()}${await more()}`;
        response.setHeader("content-type", registry.contentType).end(text);
      }
    } catch {
      response.writeHead(503).end();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", ({ message }) =>
      reject(new InvalidArgumentError(`--metrics-port ${port}: ${message}`)),
    );
    server.listen(port, resolve);
  });
  server.unref();
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
}
